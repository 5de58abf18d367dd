import { client, take } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Wall = Schemas["WallOut"];
export type CaseFilter = Record<string, string>;
export type Figure = Schemas["FigureOut"];
export type RegionLine = Schemas["RegionLineOut"];
export type TopicLine = Schemas["TopicLineOut"];
export type RateLine = Schemas["RateLineOut"];
export type Report = Schemas["ReportOut"];
export type ReportSection = Schemas["ReportSectionOut"];
export type ReportKind = Report["kind"];

/** Days of Beijing, both included; without them today. */
export interface Span {
  since?: string;
  until?: string;
  region?: string;
}

export interface ReportAsked {
  kind: ReportKind;
  day?: string;
  region?: string;
}

export function getWall(query: Span, signal: AbortSignal): Promise<Wall> {
  return take(client.GET("/api/v1/wall/", { params: { query }, signal }));
}

export function getReport(query: ReportAsked, signal: AbortSignal): Promise<Report> {
  return take(client.GET("/api/v1/reports/", { params: { query }, signal }));
}

/** Where a file with the same figures is found. */
export function reportFile(kind: "xlsx" | "pdf", asked: ReportAsked): string {
  return `/api/v1/reports/${kind}/?${new URLSearchParams({ ...asked }).toString()}`;
}
