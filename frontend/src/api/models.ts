import { client, take } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type By = Schemas["QualityOut"]["by"];
export type Quality = Schemas["QualityOut"];
export type QualityGroup = Schemas["GroupOut"];
export type Figures = Schemas["FiguresOut"];
export type Share = Schemas["ShareOut"];
export type Drift = Schemas["DriftOut"];
// The generator takes a model's default for a field that may be missing; in answers every field is there.
export type ModelVersion = Required<Schemas["ModelVersionOut"]>;
export type Versions = { may_change: boolean; results: ModelVersion[] };
export type Run = Required<Schemas["RunOut"]>;
export type RunMove = NonNullable<Schemas["ReclassifyInRequest"]["move"]>;
export type OtherTopics = Schemas["OtherTopicsPage"];

/** Without a period: the last twelve weeks. */
export function getQuality(by: By, period: { since?: string; until?: string }, signal: AbortSignal): Promise<Quality> {
  return take(client.GET("/api/v1/model/quality/", { params: { query: { by, ...period } }, signal }));
}

export function getVersions(): Promise<Versions> {
  return take(client.GET("/api/v1/model/versions/")) as Promise<Versions>;
}

export function activateModel(version: string, reason: string): Promise<unknown> {
  return take(client.POST("/api/v1/model/activate/", { body: { version, reason } }));
}

export function rollbackModel(reason: string): Promise<unknown> {
  return take(client.POST("/api/v1/model/rollback/", { body: { reason } }));
}

/** An empty version ends the shadow. */
export function shadowModel(version: string, reason: string): Promise<unknown> {
  return take(client.POST("/api/v1/model/shadow/", { body: { version, reason } }));
}

export function listRuns(): Promise<Run[]> {
  return take(client.GET("/api/v1/model/reclassifications/")) as Promise<Run[]>;
}

/** Reads history once more; without a version by the serving model, without a period from the beginning. */
export function startRun(asked: { version: string; since: string | null; until: string | null; reason: string }): Promise<unknown> {
  return take(client.POST("/api/v1/model/reclassify/", { body: asked }));
}

export function moveRun(run: number, move: RunMove, reason: string): Promise<unknown> {
  return take(client.POST("/api/v1/model/reclassify/", { body: { run, move, reason } }));
}

/** Cases whose topic the run's model sees differently. */
export function casesOfRun(run: number, cursor?: string): Promise<OtherTopics> {
  const params = { path: { run }, query: { cursor } };
  return take(client.GET("/api/v1/model/reclassifications/{run}/cases/", { params }));
}
