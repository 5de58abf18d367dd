/** The steps that have templates, as the groups of the page stand. */
export const VERBS = ["reply", "reply_part", "refuse", "ask_supplement"] as const;
