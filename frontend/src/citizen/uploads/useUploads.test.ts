import { flushPromises } from "@vue/test-utils";
import { beforeEach, expect, it, vi } from "vitest";
import { MAX_FILES, useUploads } from "./useUploads";

/** The browser's upload request, answered by hand. */
class FakeRequest {
  static all: FakeRequest[] = [];
  upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null } = { onprogress: null };
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  ontimeout: (() => void) | null = null;
  status = 0;
  responseText = "";
  address = "";
  headers: Record<string, string> = {};
  form: FormData | null = null;

  open(method: string, address: string): void {
    this.address = `${method} ${address}`;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  send(form: FormData): void {
    this.form = form;
    FakeRequest.all.push(this);
  }
  answers(status: number, body: object = {}): void {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload?.();
  }
}

const file = (name: string, size = 3): File => new File([new Uint8Array(size)], name);
const latest = (): FakeRequest => {
  const request = FakeRequest.all.at(-1);
  if (!request) throw new Error("nothing was sent");
  return request;
};

beforeEach(() => {
  FakeRequest.all = [];
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
});

it("refuses what the server would refuse: empty, too big, too many", () => {
  const { add, uploads } = useUploads();
  const big = file("大.jpg");
  vi.spyOn(big, "size", "get").mockReturnValue(20 * 1024 * 1024 + 1);
  const video = new File(["x"], "现场.mov", { type: "video/quicktime" });
  const size = vi.spyOn(video, "size", "get").mockReturnValue(100 * 1024 * 1024 + 1);
  expect(add([video])).toEqual([{ why: "tooBig", name: "现场.mov", size: 100 }]);
  size.mockReturnValue(100 * 1024 * 1024);
  expect(add([video])).toEqual([]);
  uploads.value = [];
  expect(add([file("空.txt", 0), big, file("好.jpg")])).toEqual([
    { why: "empty", name: "空.txt" },
    { why: "tooBig", name: "大.jpg", size: 20 },
  ]);
  expect(add(Array.from({ length: MAX_FILES + 3 }, (_, n) => file(`${n}.jpg`)))).toEqual([{ why: "tooMany" }]);
  expect(uploads.value).toHaveLength(MAX_FILES);
});

it("sends one after the other, with the query code, and says how far it is", async () => {
  const { add, uploads, sendAll, busy, finished } = useUploads();
  add([file("一.jpg"), file("二.jpg")]);
  const all = sendAll("20261122-000001-1", "CODE");
  expect(FakeRequest.all).toHaveLength(1);
  expect(latest().address).toBe("POST /api/v1/cases/20261122-000001-1/attachments/");
  expect(latest().headers["X-Case-Code"]).toBe("CODE");
  expect((latest().form?.get("file") as File).name).toBe("一.jpg");
  latest().upload.onprogress?.({ loaded: 1, total: 4 });
  expect(uploads.value[0]).toMatchObject({ state: "sending", part: 0.25 });
  latest().answers(201);
  await flushPromises();
  expect(FakeRequest.all).toHaveLength(2);
  expect(busy.value).toBe(true);
  latest().answers(201);
  await all;
  expect(finished.value).toBe(true);
});

it("goes on after a failure, keeps the server's words, and sends again only what failed", async () => {
  const { add, uploads, sendAll, failed, finished } = useUploads();
  add([file("坏.exe"), file("好.jpg")]);
  const first = sendAll("1", "CODE");
  latest().answers(400, { status: 400, code: "file_refused", detail: "只接受图片。" });
  await flushPromises();
  latest().answers(201);
  await first;
  expect(uploads.value.map(({ state, problem }) => [state, problem])).toEqual([["failed", "只接受图片。"], ["done", ""]]);
  const again = sendAll("1", "CODE");
  expect(FakeRequest.all).toHaveLength(3);
  latest().onerror?.();
  await again;
  expect(failed.value).toBe(true);
  const last = sendAll("1", "CODE");
  latest().answers(201);
  await last;
  expect(finished.value).toBe(true);
  expect(FakeRequest.all).toHaveLength(4);
});
