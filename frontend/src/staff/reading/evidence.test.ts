import { flushPromises, mount } from "@vue/test-utils";
import { beforeEach, expect, it, vi } from "vitest";
import type { Attachment } from "@/api/types";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import AttachmentGrid from "./AttachmentGrid.vue";
import { kindOf, zoomed } from "./evidence";

const file = (id: number, content_type: string, added_by = ""): Attachment => ({
  id, name: `文件${id}`, size: 2048, content_type, url: `/api/v1/cases/A/attachments/${id}/`, added_at: "2026-11-22T01:05:00Z", added_by,
});

beforeEach(() => {
  // the browser of the tests knows no modal dialogs
  HTMLDialogElement.prototype.showModal = function show() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});

async function open(attachments: Attachment[]) {
  const grid = mount(AttachmentGrid, { attachTo: document.body, props: { attachments }, global: { plugins: [wordsFor({ staff })] } });
  await grid.get(`[data-testid="file-${attachments[0]?.id ?? 0}"]`).trigger("click");
  await flushPromises();
  const viewer = (): HTMLDialogElement => document.querySelector<HTMLDialogElement>('[data-testid="viewer"]') as HTMLDialogElement;
  const press = async (key: string): Promise<void> => {
    viewer().dispatchEvent(new KeyboardEvent("keydown", { key }));
    await flushPromises();
  };
  return { grid, viewer, press };
}

it("knows what it can show", () => {
  expect(["image/png", "video/mp4", "audio/mpeg", "application/pdf", "text/html"].map(kindOf)).toEqual(["image", "video", "audio", "pdf", "other"]);
  expect(zoomed(1, -1)).toBe(1);
  expect(zoomed(6, 1)).toBe(6);
});

it("enlarges and turns a picture, says who sent it when, and goes on by the arrows", async () => {
  const { grid, viewer, press } = await open([file(1, "image/png", "诉求人"), file(2, "video/mp4")]);
  expect(viewer().open).toBe(true);
  expect(viewer().textContent).toContain("诉求人 2026年11月22日 09:05 提交");
  await press("+");
  await press("r");
  const size = (): string => viewer().querySelector(".sheet")?.getAttribute("style") ?? "";
  expect(size()).toContain("width: 150%");
  expect(viewer().querySelector("img")?.getAttribute("style")).toContain("rotate(90deg)");
  await press("ArrowRight");
  expect(viewer().querySelector("video")?.getAttribute("src")).toBe("/api/v1/cases/A/attachments/2/");
  await press("ArrowRight");
  await press("ArrowLeft");
  expect(size()).toContain("width: 100%");
  viewer().querySelector<HTMLElement>('[data-testid="viewer-close"]')?.click();
  await flushPromises();
  expect(viewer().open).toBe(false);
  grid.unmount();
});

it("shows a paper as a file of its own page, and says why when it cannot", async () => {
  const given: string[] = [];
  URL.createObjectURL = () => "blob:paper";
  URL.revokeObjectURL = (url) => void given.push(url);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("%PDF-")));
  const { grid, viewer, press } = await open([file(3, "application/pdf"), file(4, "application/pdf")]);
  expect(viewer().querySelector("iframe")?.getAttribute("src")).toBe("blob:paper");
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await press("ArrowRight");
  expect(given).toEqual(["blob:paper"]);
  expect(viewer().textContent).toContain("文件没有打开");
  grid.unmount();
});
