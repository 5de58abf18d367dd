/** Steps of a case that have templates (complaints/models/workbench.py). */
const VERBS = ["reply", "reply_part", "refuse", "ask_supplement"] as const;
export type TemplateVerb = (typeof VERBS)[number];

export function templateVerb(verb: string): TemplateVerb | null {
  return VERBS.find((known) => known === verb) ?? null;
}

/** What a template left to the writer and is still there: 【请写处理结果】. */
export function blanksIn(text: string): string[] {
  return [...new Set(text.match(/【请[^】]*】/g) ?? [])];
}

/** The text with words put in place of what is marked; where the cursor stands afterwards: at the first blank of them. */
export function inserted(text: string, from: number, to: number, words: string): { text: string; cursor: [number, number] } {
  const before = text.slice(0, from);
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  const start = before.length + gap.length;
  const [blank] = blanksIn(words);
  const at = blank === undefined ? words.length : words.indexOf(blank);
  return { text: before + gap + words + text.slice(to), cursor: [start + at, start + at + (blank?.length ?? 0)] };
}
