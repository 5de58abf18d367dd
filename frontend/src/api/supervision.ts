import { client, take } from "./client";
import type { components, operations } from "./schema";

type Schemas = components["schemas"];

// The generator takes a model's default for a field that may be missing; in answers every field is there.
export type Order = Required<Schemas["OrderOut"]>;
export type DeskOrder = Required<Schemas["DeskOrderOut"]>;
export type Notice = Required<Schemas["NoticeOut"]>;
export type DeskNotice = Required<Schemas["DeskNoticeOut"]>;
export type Signal = Required<Schemas["SignalOut"]>;
export type OrderCounts = Schemas["OrderCounts"];
export type Step = Schemas["StepOut"];
export type Watch = Schemas["WatchOut"];
export type Waiting = Schemas["WaitingOut"];
export type OrderFilter = NonNullable<operations["supervision_orders"]["parameters"]["query"]>;

interface PageOf<T> {
  results: T[];
  next: string | null;
}

export function listOrders(query: OrderFilter, signal?: AbortSignal): Promise<PageOf<DeskOrder> & { counts: OrderCounts }> {
  return take(client.GET("/api/v1/supervision/orders/", { params: { query }, signal })) as Promise<PageOf<DeskOrder> & { counts: OrderCounts }>;
}

export function listNotices(state?: "unseen", cursor?: string): Promise<PageOf<DeskNotice> & { unseen: number }> {
  return take(client.GET("/api/v1/supervision/notices/", { params: { query: { state, cursor } } })) as Promise<PageOf<DeskNotice> & { unseen: number }>;
}

export function listSignals(state?: "open", cursor?: string): Promise<PageOf<Signal>> {
  return take(client.GET("/api/v1/supervision/signals/", { params: { query: { state, cursor } } })) as Promise<PageOf<Signal>>;
}

export function settleSignal(signal: number, conclusion: string): Promise<unknown> {
  return take(client.POST("/api/v1/supervision/signals/{signal}/settle/", { params: { path: { signal } }, body: { conclusion } }));
}

/** Where the special report (专报) on a signal's cases is. */
export function signalReport(signal: number, form: "pdf" | "xlsx"): string {
  return `/api/v1/supervision/signals/${signal}/report/${form}/`;
}

/** Every waiting step with its numbers, and the last daily digest. */
export function getWatch(signal?: AbortSignal): Promise<Watch> {
  return take(client.GET("/api/v1/watchdog/", { signal }));
}

/** What waits in one step, the longest waiting first. */
export function listWaiting(step: string, stuck: boolean, cursor?: string): Promise<PageOf<Waiting>> {
  return take(client.GET("/api/v1/watchdog/{step}/", { params: { path: { step }, query: { stuck, cursor } } }));
}
