"""The tables of a complaint. Nothing outside `complaints.actions` writes to them."""

from complaints.models.article import (
    Article,
    ArticleState,
    ArticleStep,
    ArticleVerb,
    ArticleVersion,
    ArticleVote,
    WhyNot,
)
from complaints.models.call import Call, CallerNote, CallState, NoteKind
from complaints.models.case import (
    OWING,
    Assignment,
    Attachment,
    Case,
    IntakeKey,
    Part,
    PartyStatus,
    Requester,
    Respondent,
)
from complaints.models.clock import CalendarDay, Clock, ClockPolicy, ClockProfile, ClockState
from complaints.models.declared import Consent, Declared, TopicAnswer
from complaints.models.document import BatchState, Document, DocumentBatch, DocumentCounter
from complaints.models.embedding import CaseEmbedding
from complaints.models.event import ActorKind, Event
from complaints.models.followup import FollowUpQuestion, FollowUpState, FollowUpTask, SamplingRule
from complaints.models.mediation import By, Manner, Mediation, MediationSession, Side
from complaints.models.model_version import ModelEvent, ModelState, ModelVersion, ReclassifyRun, RunState
from complaints.models.prediction import AnswerRole, Prediction, RoutingDecision
from complaints.models.proceedings import (
    CaseLink,
    Decided,
    Ground,
    GroundKind,
    LinkKind,
    Outcome,
    Request,
    RequestKind,
    Ruling,
    Satisfaction,
    Solved,
)
from complaints.models.question import Answer, Question, QuestionKind
from complaints.models.refiling import Refiling
from complaints.models.reports import RewardLevel, RewardProposal, RewardState, Verification
from complaints.models.respondent import (
    Company,
    CompanyAlias,
    CompanyChange,
    CompanyStep,
    LinkedBy,
    Lot,
    Product,
)
from complaints.models.search_entry import SearchEntry
from complaints.models.simulation import RuleSimulation, SimulationState
from complaints.models.supervision import (
    Digest,
    Notice,
    NoticeKind,
    NoticeState,
    OrderKind,
    OrderLevel,
    OrderState,
    RiskSignal,
    SignalState,
    SupervisionOrder,
)
from complaints.models.topic_label import LabelOrigin, TopicLabel
from complaints.models.triage_task import TriageTask
from complaints.models.user import Role, User
from complaints.models.viewer import CaseKey, Viewer
from complaints.models.waiting_limit import WaitingLimit
from complaints.models.workbench import ReplyTemplate, SavedView

__all__ = [
    "OWING",
    "ActorKind",
    "Answer",
    "AnswerRole",
    "Article",
    "ArticleState",
    "ArticleStep",
    "ArticleVerb",
    "ArticleVersion",
    "ArticleVote",
    "Assignment",
    "Attachment",
    "BatchState",
    "By",
    "CalendarDay",
    "Call",
    "CallState",
    "CallerNote",
    "Case",
    "CaseEmbedding",
    "CaseKey",
    "CaseLink",
    "Clock",
    "ClockPolicy",
    "ClockProfile",
    "ClockState",
    "Company",
    "CompanyAlias",
    "CompanyChange",
    "CompanyStep",
    "Consent",
    "Decided",
    "Declared",
    "Digest",
    "Document",
    "DocumentBatch",
    "DocumentCounter",
    "Event",
    "FollowUpQuestion",
    "FollowUpState",
    "FollowUpTask",
    "Ground",
    "GroundKind",
    "IntakeKey",
    "LabelOrigin",
    "LinkKind",
    "LinkedBy",
    "Lot",
    "Manner",
    "Mediation",
    "MediationSession",
    "ModelEvent",
    "ModelState",
    "ModelVersion",
    "NoteKind",
    "Notice",
    "NoticeKind",
    "NoticeState",
    "OrderKind",
    "OrderLevel",
    "OrderState",
    "Outcome",
    "Part",
    "PartyStatus",
    "Prediction",
    "Product",
    "Question",
    "QuestionKind",
    "ReclassifyRun",
    "Refiling",
    "ReplyTemplate",
    "Request",
    "RequestKind",
    "Requester",
    "Respondent",
    "RewardLevel",
    "RewardProposal",
    "RewardState",
    "RiskSignal",
    "Role",
    "RoutingDecision",
    "RuleSimulation",
    "Ruling",
    "RunState",
    "SamplingRule",
    "Satisfaction",
    "SavedView",
    "SearchEntry",
    "Side",
    "SignalState",
    "SimulationState",
    "Solved",
    "SupervisionOrder",
    "TopicAnswer",
    "TopicLabel",
    "TriageTask",
    "User",
    "Verification",
    "Viewer",
    "WaitingLimit",
    "WhyNot",
]
