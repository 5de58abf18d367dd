"""The tables of a complaint. Nothing outside `complaints.actions` writes to them."""

from complaints.models.case import Assignment, Attachment, Case, IntakeKey, Part, Requester, Respondent
from complaints.models.event import ActorKind, Event
from complaints.models.prediction import Prediction, RoutingDecision
from complaints.models.triage_task import TriageTask
from complaints.models.user import Role, User
from complaints.models.viewer import CaseKey, Viewer

__all__ = [
    "ActorKind",
    "Assignment",
    "Attachment",
    "Case",
    "CaseKey",
    "Event",
    "IntakeKey",
    "Part",
    "Prediction",
    "Requester",
    "Respondent",
    "Role",
    "RoutingDecision",
    "TriageTask",
    "User",
    "Viewer",
]
