"""The verbs of the business. One verb is one function; nothing else writes a complaint."""

from complaints.actions.acceptance import accept, ask_supplement, go_on, refuse
from complaints.actions.adjudicate import adjudicate, open_adjudication
from complaints.actions.after import archive, follow_up, publish_reply, rate, reopen
from complaints.actions.attach import attach
from complaints.actions.citizen import supplement, withdraw
from complaints.actions.closer_look import embed_batch, vector_of
from complaints.actions.deadlines import announce_deadlines, rebuild_clocks, recount_deadlines
from complaints.actions.dispatch import dispatch, return_case
from complaints.actions.elsewhere import hand_over, level_up, refer_crime
from complaints.actions.handle import Result, close, note, reply, sign, start
from complaints.actions.history import move_run, reclassify, reclassify_batch, reclassify_for, would_differ
from complaints.actions.intake import Intake, Person, RespondentFacts, Submitted, submit
from complaints.actions.links import Matter, merge, split, unmerge
from complaints.actions.models import (
    activate,
    active_version,
    measure_model,
    register_model,
    rollback,
    start_shadow,
    stop_shadow,
)
from complaints.actions.parties import invite, reply_part, return_part, sign_part, waive
from complaints.actions.reveal import Revealed, reveal
from complaints.actions.rules import (
    activate_rules,
    ask_simulation,
    roll_back_rules,
    run_simulation,
    simulate_now,
)
from complaints.actions.time import (
    begin_appraisal,
    end_appraisal,
    grant_extension,
    refuse_extension,
    refuse_suspension,
    request_extension,
    request_suspension,
    resume,
    suspend,
)
from complaints.actions.triage import triage_waiting

__all__ = [
    "Intake",
    "Matter",
    "Person",
    "RespondentFacts",
    "Result",
    "Revealed",
    "Submitted",
    "accept",
    "activate",
    "activate_rules",
    "active_version",
    "adjudicate",
    "announce_deadlines",
    "archive",
    "ask_simulation",
    "ask_supplement",
    "attach",
    "begin_appraisal",
    "close",
    "dispatch",
    "embed_batch",
    "end_appraisal",
    "follow_up",
    "go_on",
    "grant_extension",
    "hand_over",
    "invite",
    "level_up",
    "measure_model",
    "merge",
    "move_run",
    "note",
    "open_adjudication",
    "publish_reply",
    "rate",
    "rebuild_clocks",
    "reclassify",
    "reclassify_batch",
    "reclassify_for",
    "recount_deadlines",
    "refer_crime",
    "refuse",
    "refuse_extension",
    "refuse_suspension",
    "register_model",
    "reopen",
    "reply",
    "reply_part",
    "request_extension",
    "request_suspension",
    "resume",
    "return_case",
    "return_part",
    "reveal",
    "roll_back_rules",
    "rollback",
    "run_simulation",
    "sign",
    "sign_part",
    "simulate_now",
    "split",
    "start",
    "start_shadow",
    "stop_shadow",
    "submit",
    "supplement",
    "suspend",
    "triage_waiting",
    "unmerge",
    "vector_of",
    "waive",
    "withdraw",
    "would_differ",
]
