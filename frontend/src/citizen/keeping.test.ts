import { expect, it, vi } from "vitest";
import { forget, keep, kept } from "./keeping";

it("keeps, gives back and forgets, each place for itself", () => {
  expect(keep("local", "k", { a: 1 })).toBe(true);
  expect(kept("local", "k")).toEqual({ a: 1 });
  expect(kept("session", "k")).toBeNull();
  forget("local", "k");
  expect(kept("local", "k")).toBeNull();
});

it("takes unreadable content for nothing", () => {
  localStorage.setItem("k", "{not json");
  expect(kept("local", "k")).toBeNull();
});

it("works without any storage", () => {
  vi.spyOn(window, "localStorage", "get").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  expect(keep("local", "k", 1)).toBe(false);
  expect(kept("local", "k")).toBeNull();
  forget("local", "k");
});
