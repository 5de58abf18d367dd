import { describe, expect, it } from "vitest";
import { wordsFor } from "@/i18n";
import citizen from "./zh-CN/citizen";
import shared from "./zh-CN/shared";
import staff from "./zh-CN/staff";

function texts(words: object, path = ""): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string" ? [[path + key, value] as [string, string]] : texts(value as object, `${path}${key}.`),
  );
}

describe("the texts", () => {
  // the key type is too deep for a plain string of this many texts
  const { t } = (wordsFor({ citizen, staff }) as unknown as { global: { t: (key: string, values?: object) => string } }).global;

  it("fills placeholders and leaves other signs alone", () => {
    expect(t("shared.attachments.open", { name: "a|b@c{d}" })).toBe("查看 a|b@c{d}");
    expect(t("shared.brand")).toBe("质诉通");
  });

  it("does not pass over a missing text", () => {
    expect(() => t("shared.nothing")).toThrow("no text for shared.nothing");
  });

  it("is Chinese throughout, but for numbers, units and keys", () => {
    const plain = /^\{.*\}%?$|^\{\w+\}（\{\w+\}）$|^\d{5}$|^\{n\} [KM]B$|^(Ctrl|Alt)\+\w+$/;
    const all = texts({ shared, citizen, staff });
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter(([, text]) => !/[\u4e00-\u9fff]/.test(text) && !plain.test(text))).toEqual([]);
  });
});
