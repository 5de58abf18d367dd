/**
 * What the device keeps: "local" outlives the window, "session" goes with it. Browsers may refuse either (full, or
 * switched off by the user); then nothing is kept, and filing works all the same.
 */
type Place = "local" | "session";

function storageOf(place: Place): Storage {
  return place === "local" ? window.localStorage : window.sessionStorage;
}

/** False: the device keeps nothing. */
export function keep(place: Place, key: string, value: unknown): boolean {
  try {
    storageOf(place).setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** What was kept under the key, or null; unreadable content counts as nothing. */
export function kept(place: Place, key: string): unknown {
  try {
    const stored = storageOf(place).getItem(key);
    return stored === null ? null : JSON.parse(stored);
  } catch {
    return null;
  }
}

export function forget(place: Place, key: string): void {
  try {
    storageOf(place).removeItem(key);
  } catch {
    // a storage that cannot be reached holds nothing of ours
  }
}
