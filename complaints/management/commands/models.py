"""manage.py models: which models there are, and the steps from a folder to the serving model. docs/model-loop.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from classifier import ExamplesError, read_examples
from complaints import actions
from complaints.errors import DomainError
from complaints.models import ModelVersion, User


class Command(BaseCommand):
    help = _("List, register, measure and activate models, run one in shadow, go back to the one before.")

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("list", help=_("every model with its state and its figures on the frozen test messages"))
        changes = {
            "register": _("make an artefact folder known"),
            "measure": _("measure a model on the frozen test messages"),
            "shadow": _("let a model answer beside the serving one"),
            "activate": _("let a model take over, if it is not worse"),
            "rollback": _("go back to the model that served before"),
        }
        for name, words in changes.items():
            step = steps.add_parser(name, help=words)
            step.add_argument("--account", required=True, help=_("account that answers for it"))
            if name == "register":
                step.add_argument("folder", type=Path)
            elif name == "shadow":
                step.add_argument("version", nargs="?", default="", help=_("left out with --stop"))
                step.add_argument("--stop", action="store_true")
            elif name != "rollback":
                step.add_argument("version")
            if name == "measure":
                step.add_argument("--on", type=Path, required=True, metavar="TEST.jsonl")
            else:
                step.add_argument("--reason", default="", required=name != "register")

    def handle(self, *args: Any, step: str, **options: Any) -> None:
        try:
            if step == "list":
                self._list()
            else:
                self._change(step, options)
        except DomainError as error:
            raise CommandError(error.message) from error

    def _list(self) -> None:
        actions.active_version()
        for row in ModelVersion.objects.order_by("state", "-pk"):
            frozen = "–"
            if row.frozen_topic is not None and row.frozen_domain is not None:
                frozen = _("topic %(topic).1f %%, domain %(domain).1f %% of %(messages)d (%(split)s)") % {
                    "topic": row.frozen_topic * 100,
                    "domain": row.frozen_domain * 100,
                    "messages": row.frozen_messages,
                    "split": row.frozen_split,
                }
            self.stdout.write(f"{row.state:10} {row.version:32} {frozen}  {row.folder}")

    def _change(self, step: str, options: dict[str, Any]) -> None:
        viewer = User.objects.filter(username=options["account"], is_active=True).first()
        if viewer is None:
            raise CommandError(_("There is no account “%(name)s”.") % {"name": options["account"]})
        version, reason = options.get("version", ""), options.get("reason", "")
        if step == "measure":
            try:
                figures = actions.measure_model(viewer, version, read_examples([options["on"]]))
            except ExamplesError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{figures.split}: {figures.messages}, {figures.topic:.4f}, {figures.domain:.4f}")
            return
        if step == "register":
            row = actions.register_model(viewer, options["folder"], reason)
        elif step == "shadow":
            if bool(version) == options["stop"]:
                raise CommandError(_("Name a version, or --stop."))
            row = (
                actions.stop_shadow(viewer, reason)
                if options["stop"]
                else actions.start_shadow(viewer, version, reason)
            )
        elif step == "activate":
            row = actions.activate(viewer, version, reason)
        else:
            row = actions.rollback(viewer, reason)
        self.stdout.write(f"{row.version}: {row.get_state_display()}")
