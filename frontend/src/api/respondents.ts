import { client, take } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

// The generator takes a model's default for a field that may be missing; in answers every field is there.
export type Entry = { company: Required<Schemas["CompanyFactsOut"]>; counts: Schemas["CountsOfYear"] };
export type Entries = { results: Entry[]; next: string | null };
export type Company = Omit<Required<Schemas["CompanyOut"]>, "changes"> & { changes: Required<Schemas["CompanyChangeOut"]>[] };
export type Respondent = Omit<Schemas["RespondentFiguresOut"], "company"> & { company: Company };
export type CompanyFacts = Schemas["CompanyInRequest"];
export type LinkedCompany = Schemas["LinkedCompanyOut"];

/** Without words: those with most cases of the last year. */
export function listRespondents(q: string, cursor?: string, signal?: AbortSignal): Promise<Entries> {
  return take(client.GET("/api/v1/respondents/", { params: { query: { q, cursor } }, signal })) as Promise<Entries>;
}

export function getRespondent(company: number, signal?: AbortSignal): Promise<Respondent> {
  return take(client.GET("/api/v1/respondents/{company}/", { params: { path: { company } }, signal })) as Promise<Respondent>;
}

export function addRespondent(body: CompanyFacts): Promise<Respondent> {
  return take(client.POST("/api/v1/respondents/", { body })) as Promise<Respondent>;
}

export function correctRespondent(company: number, body: CompanyFacts & { reason: string }): Promise<Respondent> {
  return take(client.PUT("/api/v1/respondents/{company}/", { params: { path: { company } }, body })) as Promise<Respondent>;
}

export function addAlias(company: number, name: string): Promise<Respondent> {
  return take(client.POST("/api/v1/respondents/{company}/aliases/", { params: { path: { company } }, body: { name } })) as Promise<Respondent>;
}

export function removeAlias(company: number, alias: number): Promise<Respondent> {
  return take(client.DELETE("/api/v1/respondents/{company}/aliases/{alias}/", { params: { path: { company, alias } } })) as Promise<Respondent>;
}

/** Answers with the entry that goes on. */
export function mergeRespondent(company: number, into: number, reason: string): Promise<Respondent> {
  return take(client.POST("/api/v1/respondents/{company}/merge/", { params: { path: { company } }, body: { into, reason } })) as Promise<Respondent>;
}

export function separateRespondent(company: number, reason: string): Promise<Respondent> {
  return take(client.POST("/api/v1/respondents/{company}/separate/", { params: { path: { company } }, body: { reason } })) as Promise<Respondent>;
}
