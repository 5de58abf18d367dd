/**
 * Element Plus keeps Escape in its searchable selects, also when nothing is open in them; there it is meant for the dialog
 * around them. For `@keydown.esc.capture` of what the dialog holds.
 */
export function escapeBeyondSelect(event: KeyboardEvent, close: () => void): void {
  const box = event.target instanceof Element ? event.target.closest('[role="combobox"]') : null;
  if (box?.getAttribute("aria-expanded") !== "false") return;
  event.stopPropagation();
  close();
}
