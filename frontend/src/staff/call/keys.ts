/** What a shortcut does; the words are staff.call.keys.list. */
export type Deed =
  | "save" | "text" | "place" | "caller" | "respondent" | "questions" | "history" | "answer" | "hangUp" | "region" | "transfer" | "another";

interface Shortcut {
  does: Deed;
  shown: string;
  /** KeyboardEvent.code, so that an input method cannot get in between. */
  code: string;
}

/** Ctrl+Enter and Alt with a digit or letter: function keys belong to the browser and to the softphone. */
export const SHORTCUTS: readonly Shortcut[] = [
  { does: "save", shown: "Ctrl+Enter", code: "Enter" },
  { does: "text", shown: "Alt+1", code: "Digit1" },
  { does: "place", shown: "Alt+2", code: "Digit2" },
  { does: "caller", shown: "Alt+3", code: "Digit3" },
  { does: "respondent", shown: "Alt+4", code: "Digit4" },
  { does: "questions", shown: "Alt+5", code: "Digit5" },
  { does: "history", shown: "Alt+6", code: "Digit6" },
  { does: "answer", shown: "Alt+A", code: "KeyA" },
  { does: "hangUp", shown: "Alt+H", code: "KeyH" },
  { does: "region", shown: "Alt+R", code: "KeyR" },
  { does: "transfer", shown: "Alt+T", code: "KeyT" },
  { does: "another", shown: "Alt+N", code: "KeyN" },
];

/** What the pressed keys mean, or null: then they are the page's and the browser's. */
export function deedOf(event: Pick<KeyboardEvent, "code" | "ctrlKey" | "altKey" | "metaKey" | "shiftKey">): Deed | null {
  if (event.metaKey || event.shiftKey || event.ctrlKey === event.altKey) return null;
  const found = SHORTCUTS.find(({ code, does }) => code === event.code && (does === "save") === event.ctrlKey);
  return found?.does ?? null;
}
