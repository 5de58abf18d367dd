"""The verbs of the business. One verb is one function; nothing else writes a complaint."""

from complaints.actions.attach import attach
from complaints.actions.citizen import supplement, withdraw
from complaints.actions.dispatch import dispatch, return_case
from complaints.actions.handle import close, note, reply, sign, start
from complaints.actions.intake import Intake, Person, RespondentFacts, Submitted, submit
from complaints.actions.reveal import Revealed, reveal
from complaints.actions.triage import triage_waiting

__all__ = [
    "Intake",
    "Person",
    "RespondentFacts",
    "Revealed",
    "Submitted",
    "attach",
    "close",
    "dispatch",
    "note",
    "reply",
    "return_case",
    "reveal",
    "sign",
    "start",
    "submit",
    "supplement",
    "triage_waiting",
    "withdraw",
]
