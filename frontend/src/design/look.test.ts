import { beforeEach, expect, it, vi } from "vitest";

/** The system's setting, which the user changes while the page is open. */
let systemDark: boolean;
let systemChanges: (event: { matches: boolean }) => void;
const html = document.documentElement;

async function open() {
  vi.resetModules();
  vi.stubGlobal("matchMedia", () => ({
    matches: systemDark,
    addEventListener: (_: string, listener: typeof systemChanges) => (systemChanges = listener),
  }));
  return (await import("./look")).useLook();
}

beforeEach(() => {
  systemDark = false;
  delete html.dataset.theme;
  delete html.dataset.size;
});

it("follows the system until something is chosen", async () => {
  const look = await open();
  expect([html.dataset.theme, html.dataset.size]).toEqual(["light", "normal"]);
  systemChanges({ matches: true });
  expect(html.dataset.theme).toBe("dark");
  expect(look.dark.value).toBe(true);
  look.setTheme("light");
  systemChanges({ matches: true });
  expect(html.dataset.theme).toBe("light");
});

it("keeps the choice on the device, for the next visit", async () => {
  const first = await open();
  first.setTheme("dark");
  first.setBig(true);
  html.dataset.theme = html.dataset.size = "";
  const next = await open();
  expect([next.theme.value, next.big.value]).toEqual(["dark", true]);
  expect([html.dataset.theme, html.dataset.size]).toEqual(["dark", "big"]);
});

it("takes what it cannot read for nothing, and works where nothing is kept", async () => {
  localStorage.setItem("zst.look", "{oh");
  const look = await open();
  expect(look.theme.value).toBe("system");
  vi.spyOn(window, "localStorage", "get").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  look.setBig(true);
  expect(html.dataset.size).toBe("big");
});

it("follows a choice made in another tab", async () => {
  const look = await open();
  localStorage.setItem("zst.look", JSON.stringify({ theme: "dark", size: "big" }));
  window.dispatchEvent(new StorageEvent("storage", { key: "zst.look" }));
  expect([look.theme.value, look.big.value, html.dataset.theme]).toEqual(["dark", true, "dark"]);
});
