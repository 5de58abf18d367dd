/** The names by which the pages know the server's shapes; the shapes themselves are generated (schema.d.ts). */
import type { components } from "./schema";
import type { Notice, Order } from "./supervision";

type Schemas = components["schemas"];

export type Me = Schemas["UserOut"];
export type Region = Schemas["RegionOut"];
export type Topic = Schemas["TopicOut"];
export type Unit = Schemas["UnitOut"];
export type UnitRef = Schemas["UnitRef"];
export type Intake = Schemas["IntakeInRequest"];
export type Receipt = Schemas["SubmittedOut"];
// The generator takes a model's default for a field that may be missing; in answers every field is there.
export type CaseRow = Required<Schemas["CaseRow"]>;
export type Party = Required<Schemas["PartyOut"]>;
export type TimeRequest = Required<Schemas["RequestOut"]>;
export type Linked = Schemas["LinkedOut"];
export type Outcome = Required<Schemas["OutcomeOut"]>;
export type Rating = Required<Schemas["SatisfactionOut"]>;
export type Clock = Schemas["ClockOut"];
export type ClockColour = Clock["state"];
export type Ground = Schemas["GroundOut"];
export type RewardLevel = Schemas["RewardLevelOut"];
export type MediationSession = Required<Schemas["MediationSessionOut"]>;
export type Mediation = Required<Omit<Schemas["MediationOut"], "sessions">> & { sessions: MediationSession[] };
export type Verification = Required<Schemas["VerificationOut"]>;
export type Reward = Required<Schemas["RewardOut"]>;
interface Inside {
  mediation: Mediation | null;
  verification: Verification | null;
  reward: Reward | null;
  supervision: Order[];
  notices: Notice[];
  parties: Party[];
  requests: TimeRequest[];
  outcome: Outcome | null;
  satisfaction: Rating[];
}
export type CaseDetail = Required<Omit<Schemas["CaseDetail"], keyof Inside>> & Inside;
export type CaseStep = Required<Schemas["EventOut"]>;
export type Prediction = Schemas["PredictionOut"];
export type Suggestion = Schemas["SuggestionOut"];
export type Counts = Schemas["CountsOut"];
export type Revealed = Schemas["RevealOut"];
export type Attachment = Schemas["AttachmentOut"];
export type Channel = CaseRow["channel"];
export type State = CaseRow["state"];
export type Urgency = CaseRow["urgency"];
export type Domain = Exclude<CaseRow["domain"], "">;
export type TopicHint = Schemas["TopicHintOut"];
export type Near = Schemas["NearOut"];
export type Declared = Schemas["DeclaredOut"];
