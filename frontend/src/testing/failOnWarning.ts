import { config } from "@vue/test-utils";
import { afterEach, beforeEach, vi } from "vitest";

/** Warnings are errors: a test during which Vue, vue-i18n or our code warns has failed. */
beforeEach(() => {
  for (const level of ["warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((...said: unknown[]) => {
      throw new Error(`console.${level}: ${said.map(String).join(" ")}`);
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  config.global.plugins = [];
  window.localStorage.clear();
  window.sessionStorage.clear();
  document.body.replaceChildren();
});
