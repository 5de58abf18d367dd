"""Entry points of the worker: thin rounds round one action. Procrastinate finds them by this file's name."""

from __future__ import annotations

import logging

from procrastinate import jobs as procrastinate_jobs
from procrastinate.contrib.django import app

from complaints import actions
from complaints.actions.deadlines import RECOUNT_JOB
from complaints.actions.documents import BATCH_JOB
from complaints.actions.history import RECLASSIFY_JOB
from complaints.actions.opening import TRIAGE_JOB
from complaints.actions.rules import SIMULATE_JOB
from routing import rulesets

logger = logging.getLogger(__name__)
DEAD_AFTER = 30  # seconds without a heartbeat
AT_HISTORY = 20.0  # seconds that a worker stays with history before it looks round


@app.task(name=TRIAGE_JOB)
def triage() -> None:
    """Deferred with every intake: work off what waits. Several at once are harmless, each claims its own batch."""
    while actions.triage_waiting():
        pass


@app.periodic(cron="* * * * * */5")
@app.task(name="complaints.triage_tick", queueing_lock="triage-tick", pass_context=False)
def triage_tick(timestamp: int) -> None:
    """Every five seconds: pick up what a dead worker left behind and what waits for its next attempt."""
    while actions.triage_waiting():
        pass


@app.task(name=RECLASSIFY_JOB)
def reclassify() -> None:
    """Deferred when a run begins or goes on."""
    actions.reclassify_for(AT_HISTORY)


@app.periodic(cron="* * * * * */10")
@app.task(name="complaints.reclassify_tick", queueing_lock="reclassify-tick", pass_context=False)
def reclassify_tick(timestamp: int) -> None:
    """Every ten seconds: carry on with a run, also with one whose worker died."""
    actions.reclassify_for(AT_HISTORY)


@app.periodic(cron="* * * * *")
@app.task(name="complaints.deadline_tick", queueing_lock="deadline-tick", pass_context=False)
def deadline_tick(timestamp: int) -> None:
    """Every minute: say which deadlines draw near or are past, and which supervision orders."""
    while actions.announce_deadlines():
        pass
    while actions.announce_supervision():
        pass


@app.periodic(cron="0 0 * * *")  # UTC: eight in the morning in China
@app.task(name="complaints.digest", queueing_lock="digest", pass_context=False)
def digest(timestamp: int) -> None:
    """Every morning: what has not moved, for every region that somebody covers."""
    actions.make_digests()


@app.periodic(cron="17 * * * *")
@app.task(name=RECOUNT_JOB, queueing_lock="recount", pass_context=False)
def recount(timestamp: int = 0) -> None:
    """Deferred when calendar or office hours change; hourly, should that have been missed."""
    actions.recount_deadlines()


@app.periodic(cron="23 * * * *")
@app.task(name="complaints.mark_refilings", queueing_lock="mark-refilings", pass_context=False)
def mark_refilings(timestamp: int) -> None:
    """Hourly: what became the same trouble only after its triage, by a person's topic, place or respondent."""
    actions.mark_refilings()


@app.periodic(cron="11 * * * *")
@app.task(name="complaints.end_waits", queueing_lock="end-waits", pass_context=False)
def end_waits(timestamp: int) -> None:
    """Hourly: pauses and supplements whose day has come."""
    actions.end_waits()


@app.task(name=SIMULATE_JOB)
def simulate_rules(simulation: int) -> None:
    """Deferred when a supervisor tries a rule set out."""
    actions.run_simulation(simulation)


@app.task(name=BATCH_JOB)
def make_documents(batch: int) -> None:
    """Deferred when somebody prints a form for many cases."""
    actions.run_batch(batch)


@app.periodic(cron="*/10 * * * *")
@app.task(name="complaints.check_rules", queueing_lock="check-rules", pass_context=False)
def check_rules(timestamp: int) -> None:
    """Every ten minutes: mark the rules that are broken today, for the admin and /readyz."""
    broken = rulesets.check()
    if broken:
        logger.error("%d routing rules in force are broken", broken)


@app.periodic(cron="* * * * *")
@app.task(name="complaints.bury_dead_jobs", queueing_lock="bury-dead-jobs")
async def bury_dead_jobs(timestamp: int) -> None:
    """Jobs of workers that died stay 'doing' for ever; their cases are safe by lease, so the rows may go."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        await app.job_manager.finish_job(job, procrastinate_jobs.Status.FAILED, delete_job=True)
        logger.warning("removed job %s of a dead worker", job.task_name)
