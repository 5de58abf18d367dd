import { client, take } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type ArticleRow = Required<Schemas["ArticleOut"]>;
export type ArticleDetail = Required<Schemas["ArticleDetail"]>;
export type Content = Required<Schemas["ContentOut"]>;
export type Suggested = Required<Schemas["SuggestedOut"]>;
export interface ArticlePage {
  results: ArticleRow[];
  next: string | null;
  may_write: boolean;
}
export const STATES = ["draft", "waiting", "released", "withdrawn", "due"] as const;
export const WHY_NOT = ["unclear", "incomplete", "outdated", "wrong", "other"] as const;
export type ArticleState = (typeof STATES)[number];
export interface ArticleFilter {
  q?: string;
  topic?: string;
  region?: string;
  state?: ArticleState;
}
export interface Writing {
  title: string;
  questions: string[];
  body: string;
  topics: string[];
  region: string;
  basis: string;
  source: string;
  valid_from: string;
  valid_to: string | null;
}
export type Step = "submit" | "release" | "send_back" | "review" | "withdraw";
export interface Vote {
  helpful: boolean;
  reason?: "" | (typeof WHY_NOT)[number];
  comment?: string;
  visitor?: string;
}

export function listArticles(filter: ArticleFilter, cursor?: string, signal?: AbortSignal): Promise<ArticlePage> {
  return take(client.GET("/api/v1/knowledge/", { params: { query: { ...filter, cursor } }, signal }));
}

export function getArticle(code: string, signal?: AbortSignal): Promise<ArticleDetail> {
  return take(client.GET("/api/v1/knowledge/{code}/", { params: { path: { code } }, signal }));
}

export function draftArticle(writing: Writing): Promise<ArticleDetail> {
  return take(client.POST("/api/v1/knowledge/", { body: writing }));
}

export function reviseArticle(code: string, version: number, writing: Writing): Promise<ArticleDetail> {
  return take(client.PATCH("/api/v1/knowledge/{code}/", { params: { path: { code } }, body: { ...writing, version } as never }));
}

export function moveArticle(code: string, verb: Step, version: number, reason = ""): Promise<ArticleDetail> {
  const params = { path: { code, verb } };
  return take(client.POST("/api/v1/knowledge/{code}/{verb}/", { params, body: { version, reason } }));
}

export async function voteArticle(code: string, vote: Vote): Promise<void> {
  await take(client.POST("/api/v1/knowledge/{code}/vote/", { params: { path: { code } }, body: vote }));
}

export async function suggestArticles(asked: { text: string; topic?: string; region?: string }, signal?: AbortSignal): Promise<Suggested[]> {
  const found = await take<{ results: Suggested[] }>(client.POST("/api/v1/knowledge/suggest/", { body: asked, signal }));
  return found.results;
}
