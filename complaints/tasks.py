"""Entry points of the worker: thin rounds round one action. Procrastinate finds them by this file's name."""

from __future__ import annotations

import logging

from procrastinate import jobs as procrastinate_jobs
from procrastinate.contrib.django import app

from complaints import actions
from complaints.actions.intake import TRIAGE_JOB

logger = logging.getLogger(__name__)
DEAD_AFTER = 30  # seconds without a heartbeat


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


@app.periodic(cron="* * * * *")
@app.task(name="complaints.bury_dead_jobs", queueing_lock="bury-dead-jobs")
async def bury_dead_jobs(timestamp: int) -> None:
    """Jobs of workers that died stay 'doing' for ever; their cases are safe by lease, so the rows may go."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        await app.job_manager.finish_job(job, procrastinate_jobs.Status.FAILED, delete_job=True)
        logger.warning("removed job %s of a dead worker", job.task_name)
