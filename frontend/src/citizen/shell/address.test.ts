import { beforeEach, expect, it, vi } from "vitest";
import { go, goBackTo, hrefOf, useAddress } from "./address";

const address = useAddress();

beforeEach(() => {
  window.history.replaceState(null, "", "/");
  window.dispatchEvent(new PopStateEvent("popstate"));
});

it("follows the address bar both ways", () => {
  go("/", { step: "where" });
  expect(window.location.search).toBe("?step=where");
  expect(address.value).toEqual({ path: "/", query: { step: "where" } });
  window.history.replaceState(null, "", "/track?number=1");
  window.dispatchEvent(new PopStateEvent("popstate"));
  expect(address.value).toEqual({ path: "/track", query: { number: "1" } });
  expect(hrefOf(address.value)).toBe("/track?number=1");
});

it("adds no history for the place where one is", () => {
  const before = window.history.length;
  go("/");
  expect(window.history.length).toBe(before);
});

it("goes back through the history only when that leads to the wanted step", () => {
  const back = vi.spyOn(window.history, "back").mockImplementation(() => undefined);
  go("/", { step: "where" });
  goBackTo("/");
  expect(back).toHaveBeenCalledTimes(1);
  window.history.replaceState(null, "", "/?step=who"); // as after a reload
  window.dispatchEvent(new PopStateEvent("popstate"));
  goBackTo("/", { step: "where" });
  expect(back).toHaveBeenCalledTimes(1);
  expect(address.value.query).toEqual({ step: "where" });
});
