"""Accounts for a benchmark on an empty system: `python -m bench.people`, told of the system by its environment."""

from __future__ import annotations

import os

import django

from deploy.demo_accounts import ACCOUNTS, PASSWORD


def main() -> None:
    from complaints.models import User  # noqa: PLC0415 (Django must be set up first)
    from routing.models import Unit  # noqa: PLC0415

    for account in ACCOUNTS:
        if account.role not in ("officer", "dispatcher", "supervisor"):
            continue
        user = User(
            username=account.username,
            role=account.role,
            unit=Unit.objects.get(bureau=account.bureau, region=account.region) if account.bureau else None,
            region_id=None if account.role == "officer" else account.region,
        )
        user.set_password(PASSWORD)
        user.save()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings")
    django.setup()
    main()
