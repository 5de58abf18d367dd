import { expect, it } from "vitest";
import { row } from "@/testing/samples";
import { useUnread } from "./useUnread";

it("takes what is there at the first visit for read and what comes later for unread", () => {
  const { unread, see } = useUnread("a");
  expect(see([row(2), row(1)])).toEqual([]);
  expect(see([row(4), row(3), row(2), row(1)])).toEqual([row(4).number, row(3).number]);
  expect(see([row(4), row(3), row(2), row(1)])).toEqual([]);
  expect([...unread.value]).toEqual([row(3).number, row(4).number]);
});

it("keeps the marks over a reload, until a case is opened", () => {
  const before = useUnread("a");
  before.see([row(1)]);
  before.see([row(2), row(1)]);
  const after = useUnread("a");
  expect(after.unread.value.has(row(2).number)).toBe(true);
  after.read(row(2).number);
  expect(useUnread("a").unread.value.size).toBe(0);
});

it("marks what arrived while nobody looked", () => {
  useUnread("a").see([row(1)]);
  const later = useUnread("a");
  later.see([row(3), row(1)]);
  expect([...later.unread.value]).toEqual([row(3).number]);
});

it("keeps users of one browser apart", () => {
  const first = useUnread("a");
  first.see([row(1)]);
  first.see([row(2), row(1)]);
  const second = useUnread("b");
  second.see([row(2), row(1)]);
  expect(second.unread.value.size).toBe(0);
});
