/**
 * Light or dark, usual or big letters: chosen once, kept on this device, followed by both applications.
 * public/look.js sets the same marks on <html> before the first paint.
 */
import type { ComputedRef, Ref } from "vue";
import { computed, readonly, ref } from "vue";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "zst.look";

interface Stored {
  theme?: unknown;
  size?: unknown;
}

function stored(): Stored {
  try {
    return (JSON.parse(window.localStorage.getItem(KEY) ?? "{}") as Stored | null) ?? {};
  } catch {
    return {};
  }
}

const begun = stored();
const theme = ref<Theme>(THEMES.find((known) => known === begun.theme) ?? "system");
const big = ref(begun.size === "big");
const system = window.matchMedia("(prefers-color-scheme: dark)");
const systemDark = ref(system.matches);
const dark = computed(() => theme.value === "dark" || (theme.value === "system" && systemDark.value));

function show(): void {
  const { dataset } = document.documentElement;
  dataset.theme = dark.value ? "dark" : "light";
  dataset.size = big.value ? "big" : "normal";
}

function choose(): void {
  show();
  try {
    window.localStorage.setItem(KEY, JSON.stringify({ theme: theme.value, size: big.value ? "big" : "normal" }));
  } catch {
    // it holds for this page then
  }
}

system.addEventListener("change", ({ matches }) => {
  systemDark.value = matches;
  show();
});
// chosen in another tab of the same site
window.addEventListener("storage", ({ key }) => {
  if (key !== KEY) return;
  const now = stored();
  theme.value = THEMES.find((known) => known === now.theme) ?? "system";
  big.value = now.size === "big";
  show();
});
show();

export interface Look {
  theme: Readonly<Ref<Theme>>;
  /** What is on screen: the choice, or the system's. For what CSS cannot reach, such as charts. */
  dark: ComputedRef<boolean>;
  big: Readonly<Ref<boolean>>;
  setTheme: (wanted: Theme) => void;
  setBig: (wanted: boolean) => void;
}

export function useLook(): Look {
  return {
    theme: readonly(theme),
    dark,
    big: readonly(big),
    setTheme: (wanted) => {
      theme.value = wanted;
      choose();
    },
    setBig: (wanted) => {
      big.value = wanted;
      choose();
    },
  };
}
