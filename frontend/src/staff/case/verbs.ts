/** Verbs that need a text, with the server's name of that field. */
export const TEXT_VERBS = {
  reply: "text",
  close: "reason",
  return: "reason",
  note: "text",
  withdraw: "reason",
  supplement: "text",
} as const;
export type TextVerb = keyof typeof TEXT_VERBS;

/** Verbs that need nothing but a click. */
export const CLICK_VERBS = ["sign", "start"] as const;
export type ClickVerb = (typeof CLICK_VERBS)[number];

export type BarVerb = TextVerb | ClickVerb | "dispatch";

/** In the order in which buttons stand: what moves the case forward first. `reveal` has its place at the requester. */
const ORDER: readonly BarVerb[] = ["sign", "start", "reply", "close", "dispatch", "supplement", "note", "return", "withdraw"];

export interface BarButton {
  verb: BarVerb;
  look: "main" | "plain" | "danger";
}

/** The buttons for the actions that the server allows: the first step forward stands out, ways out look like it. */
export function buttonsFor(actions: readonly string[]): BarButton[] {
  const allowed = ORDER.filter((verb) => actions.includes(verb));
  const forward = allowed.find((verb) => ["sign", "start", "reply", "close", "dispatch"].includes(verb));
  return allowed.map((verb) => ({
    verb,
    look: verb === forward ? "main" : verb === "return" || verb === "withdraw" ? "danger" : "plain",
  }));
}
