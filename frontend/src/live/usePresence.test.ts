import { mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { defineComponent, nextTick, ref } from "vue";
import type { Listener } from "./connection";
import { live } from "./index";
import { usePresence } from "./usePresence";

let said: object[];
let line: Listener;
const number = ref("");
const verb = ref("");

function open() {
  const end = vi.fn();
  vi.spyOn(live, "listen").mockImplementation((listener) => {
    line = listener;
    return end;
  });
  const people = ref<ReturnType<typeof usePresence>["value"]>([]);
  const page = mount(
    defineComponent({
      setup() {
        const others = usePresence(() => number.value, () => verb.value);
        return () => {
          people.value = others.value;
          return null;
        };
      },
    }),
  );
  return { page, people, end };
}

beforeEach(() => {
  said = [];
  number.value = "A";
  verb.value = "";
  vi.spyOn(live, "say").mockImplementation((message) => said.push(message) > 0);
});
afterEach(() => vi.restoreAllMocks());

it("says what is on screen, which form is open, and leaves the case before it goes to another", async () => {
  const { page, end } = open();
  await nextTick();
  verb.value = "reply";
  await nextTick();
  verb.value = "";
  number.value = "B";
  await nextTick();
  page.unmount();
  expect(said).toEqual([
    { type: "look", number: "A" }, { type: "typing", number: "A", verb: "reply" },
    { type: "leave", number: "A" }, { type: "look", number: "B" }, { type: "leave", number: "B" },
  ]);
  expect(end).toHaveBeenCalledOnce();
});

it("shows the others of this case only, and nobody while the line is down; a new line is told again", async () => {
  const { page, people } = open();
  await nextTick();
  line.presence?.("B", [{ name: "小何", role: "officer", verb: "" }]);
  line.presence?.("A", [{ name: "小林", role: "officer", verb: "reply" }]);
  await nextTick();
  expect(people.value.map(({ name }) => name)).toEqual(["小林"]);
  line.state?.("offline");
  await nextTick();
  expect(people.value).toEqual([]);
  line.state?.("live");
  expect(said).toEqual([{ type: "look", number: "A" }, { type: "look", number: "A" }]);
  page.unmount();
});
