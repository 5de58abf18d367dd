import { flushPromises, mount } from "@vue/test-utils";
import { expect, it } from "vitest";
import { defineComponent, h } from "vue";
import { detail } from "@/testing/samples";
import { serve } from "@/testing/server";
import { useCase } from "./useCase";

it("does not go back to what was read before an action whose answer is shown already", async () => {
  const before = detail(1, { version: 3 });
  const after = detail(1, { version: 4 });
  const answers: ((now: typeof before) => void)[] = [];
  serve({
    [`GET /api/v1/cases/${before.number}/`]: () => new Promise((resolve) => answers.push(resolve)),
    [`GET /api/v1/cases/${before.number}/events/`]: [],
  });
  let reading!: ReturnType<typeof useCase>;
  const page = mount(defineComponent({ setup: () => ((reading = useCase()), () => h("div")) }));
  void reading.show(before.number);
  await flushPromises();
  answers[0]?.(before);
  await flushPromises();
  expect(reading.detail.value?.version).toBe(3);

  void reading.refetch(); // somebody else's push: read, and on its way ...
  await flushPromises();
  reading.take(after); // ... while an action of our own is answered
  answers[1]?.(before);
  await flushPromises();
  expect(reading.detail.value?.version).toBe(4);
  answers[2]?.(after);
  await flushPromises();
  expect(reading.detail.value?.version).toBe(4);
  page.unmount();
});
