import { client, take } from "./client";
import type { components } from "./schema";

export type Survey = Required<components["schemas"]["SurveyOut"]>;

export function getSurvey(t: string): Promise<Survey> {
  return take(client.GET("/api/v1/survey/", { params: { query: { t } } }));
}

export async function answerSurvey(t: string, grading: { grade: number; solved: "" | "yes" | "partly" | "no"; comment: string }): Promise<void> {
  await take(client.POST("/api/v1/survey/", { body: { t, ...grading } }));
}
