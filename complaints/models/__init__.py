"""The tables of a complaint. Nothing outside `complaints.actions` writes to them."""

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
from complaints.models.embedding import CaseEmbedding
from complaints.models.event import ActorKind, Event
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
from complaints.models.simulation import RuleSimulation, SimulationState
from complaints.models.topic_label import LabelOrigin, TopicLabel
from complaints.models.triage_task import TriageTask
from complaints.models.user import Role, User
from complaints.models.viewer import CaseKey, Viewer

__all__ = [
    "OWING",
    "ActorKind",
    "AnswerRole",
    "Assignment",
    "Attachment",
    "CalendarDay",
    "Case",
    "CaseEmbedding",
    "CaseKey",
    "CaseLink",
    "Clock",
    "ClockPolicy",
    "ClockProfile",
    "ClockState",
    "Decided",
    "Event",
    "Ground",
    "GroundKind",
    "IntakeKey",
    "LabelOrigin",
    "LinkKind",
    "ModelEvent",
    "ModelState",
    "ModelVersion",
    "Outcome",
    "Part",
    "PartyStatus",
    "Prediction",
    "ReclassifyRun",
    "Request",
    "RequestKind",
    "Requester",
    "Respondent",
    "Role",
    "RoutingDecision",
    "RuleSimulation",
    "Ruling",
    "RunState",
    "Satisfaction",
    "SimulationState",
    "Solved",
    "TopicLabel",
    "TriageTask",
    "User",
    "Viewer",
]
