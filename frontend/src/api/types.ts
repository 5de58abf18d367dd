/** The names by which the pages know the server's shapes; the shapes themselves are generated (schema.d.ts). */
import type { components } from "./schema";

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
export type ClockColour = Schemas["ClockOutStateEnum"];
export type Ground = Schemas["GroundOut"];
interface Inside {
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
export type Channel = Schemas["ChannelEnum"];
export type State = Schemas["StateEnum"];
export type Urgency = Schemas["UrgencyEnum"];
export type Domain = Schemas["DomainEnum"];
