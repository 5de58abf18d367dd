import { client, take } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type RuleSet = Schemas["RuleSetOut"];
export type RuleSetDetail = Schemas["RuleSetDetailOut"];
export type Rule = Schemas["RuleOut"];
export type RuleBody = Schemas["RuleInRequest"];
export type Condition = Schemas["RuleConditionInRequest"];
export type Vocabulary = Schemas["RuleVocabularyOut"];
export type RuleField = Schemas["RuleFieldOut"];
export type Template = Schemas["RuleTemplateOut"];
export type Check = Schemas["RuleCheckOut"];
export type Finding = Schemas["FindingOut"];
export type Difference = Schemas["RuleDifferenceOut"];
// The generator takes a model's default for a field that may be missing; in answers every field is there.
export type Simulation = Required<Schemas["SimulationOut"]>;
export type Report = Schemas["SimulationReportOut"];
export type Shift = Schemas["ShiftOut"];
export type Trial = Schemas["TrialInRequest"];
export type Card = Schemas["CardOut"];

const at = (number: number) => ({ path: { number } });

export function listRuleSets(): Promise<RuleSet[]> {
  return take(client.GET("/api/v1/routing/rulesets/"));
}

export function readRuleSet(number: number, signal: AbortSignal): Promise<RuleSetDetail> {
  return take(client.GET("/api/v1/routing/rulesets/{number}/", { params: at(number), signal }));
}

export function readVocabulary(): Promise<Vocabulary> {
  return take(client.GET("/api/v1/routing/vocabulary/"));
}

export function draftRuleSet(of: number, name: string): Promise<RuleSet> {
  return take(client.POST("/api/v1/routing/rulesets/", { body: { of, name } }));
}

export function discardRuleSet(number: number): Promise<unknown> {
  return take(client.DELETE("/api/v1/routing/rulesets/{number}/", { params: at(number) }));
}

export function addRule(number: number, body: RuleBody): Promise<Rule> {
  return take(client.POST("/api/v1/routing/rulesets/{number}/rules/", { params: at(number), body }));
}

export function changeRule(number: number, rule: Rule, body: RuleBody): Promise<Rule> {
  const params = { path: { number, rule: rule.id } };
  return take(client.PUT("/api/v1/routing/rulesets/{number}/rules/{rule}/", { params, body: { ...body, stamp: rule.stamp } }));
}

export function removeRule(number: number, rule: Rule): Promise<unknown> {
  const params = { path: { number, rule: rule.id }, query: { stamp: rule.stamp } };
  return take(client.DELETE("/api/v1/routing/rulesets/{number}/rules/{rule}/", { params }));
}

/** Every rule of the topic, in the order wanted. */
export function orderRules(number: number, topic: string, rules: number[], stamp: string): Promise<unknown> {
  return take(client.POST("/api/v1/routing/rulesets/{number}/order/", { params: at(number), body: { topic, rules, stamp } }));
}

/** What the set says otherwise than the one in force. */
export function readChanges(number: number, signal: AbortSignal): Promise<Difference[]> {
  return take(client.GET("/api/v1/routing/rulesets/{number}/diff/", { params: at(number), signal }));
}

export function checkRuleSet(number: number, signal: AbortSignal): Promise<Check> {
  return take(client.GET("/api/v1/routing/rulesets/{number}/check/", { params: at(number), signal }));
}

/** An empty day: from today. */
export function activateRuleSet(number: number, from: string, reason: string): Promise<RuleSet> {
  const body = { effective_from: from || null, reason };
  return take(client.POST("/api/v1/routing/rulesets/{number}/activate/", { params: at(number), body }));
}

export function rollBackRuleSet(number: number, reason: string): Promise<RuleSet> {
  return take(client.POST("/api/v1/routing/rulesets/{number}/rollback/", { params: at(number), body: { reason } }));
}

export function tryCase(number: number, facts: Trial, signal: AbortSignal): Promise<Card> {
  return take(client.POST("/api/v1/routing/rulesets/{number}/try/", { params: at(number), body: facts, signal }));
}

export function startSimulation(ruleset: number, cases: number): Promise<Simulation> {
  return take(client.POST("/api/v1/routing/simulations/", { body: { ruleset, cases } })) as Promise<Simulation>;
}

/** One's own latest simulation of that set, if there is any. */
export async function latestSimulation(ruleset: number): Promise<Simulation | null> {
  const found = (await take(client.GET("/api/v1/routing/simulations/", { params: { query: { ruleset } } }))) as Simulation[];
  return found[0] ?? null;
}

export function readSimulation(id: number): Promise<Simulation> {
  return take(client.GET("/api/v1/routing/simulations/{simulation}/", { params: { path: { simulation: id } } })) as Promise<Simulation>;
}
