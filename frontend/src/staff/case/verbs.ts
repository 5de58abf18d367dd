import type { FormVerb } from "./forms";
import { isFormVerb } from "./forms";

/** Verbs that need nothing but a click. */
const CLICK_VERBS = ["sign", "sign_part", "accept", "start"] as const;
export type ClickVerb = (typeof CLICK_VERBS)[number];
export type BarVerb = FormVerb | ClickVerb | "dispatch" | "split";

export function isClickVerb(verb: BarVerb): verb is ClickVerb {
  return CLICK_VERBS.some((known) => known === verb);
}

/** What moves the case forward, the most pressing first: somebody waits for a decision, then the next step of work. */
const FORWARD: readonly BarVerb[] = [
  "adjudicate", "grant_extension", "suspend", "approve_reward", "sign", "sign_part", "begin_verification", "accept", "start", "resume",
  "decide_recusal", "tell_parties", "decide_report", "tell_reporter", "close_report", "mediation_session", "reply", "reply_part", "close",
];
/** What stands beside it, as long as there is room. `reveal` has its place at the requester. */
const BESIDE: readonly BarVerb[] = [
  "answer_supervision", "close_supervision", "decline_crime",
  "refuse_extension", "refuse_suspension", "refuse_reward", "mediation_agreed", "end_mediation", "pay_reward", "propose_reward",
  "separate_report", "reply", "reply_part", "dispatch", "return", "return_part", "go_on", "waive",
  "follow_up", "ask_supplement", "supplement", "note",
];
const GROUPS = {
  work: ["sign", "sign_part", "accept", "start", "reply", "reply_part", "close", "publish_reply", "note"],
  units: ["dispatch", "invite", "waive", "return", "return_part", "open_adjudication", "adjudicate", "level_up"],
  time: [
    "request_extension", "grant_extension", "refuse_extension", "request_suspension", "suspend", "refuse_suspension", "resume",
    "begin_appraisal", "end_appraisal",
  ],
  citizen: ["ask_supplement", "supplement", "go_on", "follow_up", "rate", "reopen", "withdraw"],
  mediation: [
    "begin_mediation", "mediation_session", "mediation_agreed", "end_mediation", "tell_parties", "ask_recusal", "decide_recusal",
  ],
  report: [
    "begin_verification", "decide_report", "tell_reporter", "tell_result", "close_report", "propose_reward", "approve_reward",
    "refuse_reward", "pay_reward",
  ],
  supervise: [
    "order_supervision", "instruct", "answer_supervision", "return_supervision", "close_supervision", "cancel_supervision", "decline_crime",
  ],
  cases: ["split", "separate_report", "merge", "unmerge", "link_respondent", "dismiss_refiling"],
  end: ["refuse", "hand_over", "refer_crime", "archive"],
} as const satisfies Record<string, readonly BarVerb[]>;
export type Group = keyof typeof GROUPS;

const DANGER: ReadonlySet<BarVerb> = new Set<BarVerb>(["return", "return_part", "withdraw", "refuse"]);

export interface BarButton {
  verb: BarVerb;
  look: "main" | "side" | "danger";
}

export interface Buttons {
  bar: BarButton[];
  more: { group: Group; verbs: BarVerb[] }[];
}

function isBarVerb(verb: string): verb is BarVerb {
  return isFormVerb(verb) || ["dispatch", "split", ...CLICK_VERBS].includes(verb);
}

/** Where the allowed actions stand: the step forward, `room` others beside it, the rest by group in a menu. */
export function buttonsFor(actions: readonly string[], room = 3): Buttons {
  const allowed = actions.filter(isBarVerb);
  const has = (verb: BarVerb): boolean => allowed.includes(verb);
  // a dispatcher's own work comes before what belongs to the lead unit
  const forward = allowed.includes("dispatch") && !allowed.some((verb) => FORWARD.includes(verb)) ? "dispatch" : FORWARD.find(has);
  const others = allowed.filter((verb) => verb !== forward);
  const known = BESIDE.filter((verb) => others.includes(verb));
  // a menu of one would only hide it
  const all = [...known, ...others.filter((verb) => !known.includes(verb))];
  const beside = all.length <= room + 1 ? all : known.slice(0, room);
  const shown = [...(forward ? [forward] : []), ...beside];
  return {
    bar: shown.map((verb) => ({ verb, look: verb === forward ? "main" : DANGER.has(verb) ? "danger" : "side" })),
    more: (Object.keys(GROUPS) as Group[])
      .map((group) => ({ group, verbs: GROUPS[group].filter((verb) => has(verb) && !shown.includes(verb)) }))
      .filter(({ verbs }) => verbs.length > 0),
  };
}
