import { nextTick } from "vue";

const CONTROLS = "input, select, textarea, button";

/** Moves the focus to the first control marked invalid, once the messages are drawn. False: there is none. */
export async function focusFirstInvalid(root: ParentNode = document): Promise<boolean> {
  await nextTick();
  const marked = root.querySelector<HTMLElement>('[aria-invalid="true"]');
  // a composed control (a searchable select) carries the mark on its frame
  const control = marked?.matches(CONTROLS) ? marked : marked?.querySelector<HTMLElement>(CONTROLS);
  control?.focus();
  return marked !== null;
}
