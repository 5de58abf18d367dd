import { createI18n } from "vue-i18n";
import type citizen from "./zh-CN/citizen";
import shared from "./zh-CN/shared";
import type staff from "./zh-CN/staff";

interface Words {
  [key: string]: string | Words;
}

/** Literal texts become plain strings, so that keys are checked and wording is free. */
type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> };

declare module "vue-i18n" {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  export interface DefineLocaleMessage extends Shape<{ shared: typeof shared; citizen: typeof citizen; staff: typeof staff }> {}
}

/** One text with its `{name}` placeholders, in the form that vue-i18n runs without a message compiler. */
function spoken(text: string) {
  return ({ named }: { named: (name: string) => unknown }): string =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => String(named(name)));
}

function allSpoken(words: Words): object {
  return Object.fromEntries(
    Object.entries(words).map(([key, value]) => [key, typeof value === "string" ? spoken(value) : allSpoken(value)]),
  );
}

/** The words of one application: the shared ones and its own. A missing key is an error, not a gap on screen. */
export function wordsFor(application: Words) {
  return createI18n({
    legacy: false,
    locale: "zh-CN",
    fallbackLocale: "zh-CN",
    messages: { "zh-CN": allSpoken({ shared, ...application }) as never },
    missing: (_locale, key) => {
      throw new Error(`no text for ${key}`);
    },
  });
}
