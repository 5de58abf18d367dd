import { client, take } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type SavedView = Schemas["SavedViewOut"];
export type ViewFacts = Schemas["SavedViewInRequest"];
export type Filled = Schemas["FilledOut"];
export type Template = Schemas["TemplateOut"];
export type TemplateFacts = Schemas["TemplateInRequest"];
export type Templates = Schemas["TemplateListOut"];
export type Month = Schemas["MonthOut"];
export type Day = Schemas["DayOut"];
export type BulkVerb = Schemas["BulkInRequest"]["verb"];
export type BulkDone = Schemas["BulkDoneOut"];
export type TemplateVerb = TemplateFacts["verb"];

/** One verb on up to 100 cases. `versions`: what was seen; a case that moved on since is refused. */
export async function bulk(verb: BulkVerb, versions: Record<string, number>, reason: string): Promise<BulkDone[]> {
  const body = { verb, numbers: Object.keys(versions), versions, reason };
  return (await take(client.POST("/api/v1/cases/bulk/", { body }))).results;
}

export function listViews(): Promise<SavedView[]> {
  return take(client.GET("/api/v1/saved-views/"));
}

export function addView(body: ViewFacts): Promise<SavedView> {
  return take(client.POST("/api/v1/saved-views/", { body }));
}

export function changeView(view: number, body: ViewFacts): Promise<SavedView> {
  return take(client.PUT("/api/v1/saved-views/{view}/", { params: { path: { view } }, body }));
}

export function removeView(view: number): Promise<unknown> {
  return take(client.DELETE("/api/v1/saved-views/{view}/", { params: { path: { view } } }));
}

/** Templates for one step of a case, with its facts in them. */
export function filledTemplates(number: string, verb: TemplateVerb, signal?: AbortSignal): Promise<Filled[]> {
  return take(client.GET("/api/v1/cases/{number}/reply-templates/", { params: { path: { number }, query: { verb } }, signal }));
}

export function listTemplates(): Promise<Templates> {
  return take(client.GET("/api/v1/reply-templates/"));
}

export function saveTemplate(template: number | null, body: TemplateFacts): Promise<Template> {
  if (template === null) return take(client.POST("/api/v1/reply-templates/", { body }));
  return take(client.PUT("/api/v1/reply-templates/{template}/", { params: { path: { template } }, body }));
}

export function removeTemplate(template: number): Promise<unknown> {
  return take(client.DELETE("/api/v1/reply-templates/{template}/", { params: { path: { template } } }));
}

/** The deadlines of the officer's unit by day; `month` like 2026-11. */
export function deadlineMonth(month: string, signal?: AbortSignal): Promise<Month> {
  return take(client.GET("/api/v1/deadlines/calendar/", { params: { query: { month } }, signal }));
}
