/**
 * Unfinished work that must outlive a killed browser: kept on this device with every keystroke, dropped when it is
 * done, at logout, and after a day. IndexedDB hands each write to the operating system before it says that it is
 * kept; localStorage, which stands in where there is none, keeps the last seconds in the browser only.
 */
const NAME = "zst-unfinished";
const STORE = "drafts";
const DAY_MS = 24 * 60 * 60 * 1000;

export interface Unfinished {
  /** Whose and which: `user/what`. */
  id: string;
  /** When it was last changed, milliseconds since 1970. */
  at: number;
  content: unknown;
}

interface Shelf {
  put: (one: Unfinished) => Promise<void>;
  drop: (id: string) => Promise<void>;
  all: () => Promise<Unfinished[]>;
  clear: () => Promise<void>;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error(`${NAME}: ${request.error?.message ?? "failed"}`));
  });
}

function inDatabase(): Shelf {
  let opened: Promise<IDBDatabase> | null = null;
  function database(): Promise<IDBDatabase> {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    return done(request);
  }
  async function write(change: (store: IDBObjectStore) => void): Promise<void> {
    const transaction = (await (opened ??= database())).transaction(STORE, "readwrite");
    change(transaction.objectStore(STORE));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(new Error(`${NAME}: ${transaction.error?.message ?? "not written"}`));
    });
  }
  return {
    put: (one) => write((store) => store.put(one)),
    drop: (id) => write((store) => store.delete(id)),
    clear: () => write((store) => store.clear()),
    async all() {
      const store = (await (opened ??= database())).transaction(STORE).objectStore(STORE);
      return (await done(store.getAll())) as Unfinished[];
    },
  };
}

function inStorage(): Shelf {
  const prefix = `${NAME}/`;
  const settled = (change: () => void): Promise<void> => {
    change();
    return Promise.resolve();
  };
  const keys = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  return {
    put: (one) => settled(() => localStorage.setItem(prefix + one.id, JSON.stringify(one))),
    drop: (id) => settled(() => localStorage.removeItem(prefix + id)),
    all: () => Promise.resolve(keys().map((key) => JSON.parse(localStorage.getItem(key) ?? "") as Unfinished)),
    clear: () => settled(() => keys().forEach((key) => localStorage.removeItem(key))),
  };
}

const shelf: Shelf = "indexedDB" in globalThis ? inDatabase() : inStorage();

export const unfinished = {
  put: shelf.put,
  drop: shelf.drop,
  clear: shelf.clear,
  /** What one user left, latest first; what is older than a day goes. */
  async of(user: string, now = Date.now()): Promise<Unfinished[]> {
    const all = await shelf.all();
    await Promise.all(all.filter(({ at }) => now - at > DAY_MS).map(({ id }) => shelf.drop(id)));
    return all.filter(({ id, at }) => id.startsWith(`${user}/`) && now - at <= DAY_MS).sort((a, b) => b.at - a.at);
  },
};
