const NAME = "zst-visitor";

/** A random number that this browser keeps, so that its vote counts once; it says nothing about anybody. */
export function visitor(): string {
  const made = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    const kept = localStorage.getItem(NAME);
    if (kept) return kept;
    localStorage.setItem(NAME, made);
  } catch {
    // a browser that keeps nothing votes as somebody new
  }
  return made;
}
