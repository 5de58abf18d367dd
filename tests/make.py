"""What tests are made of. Everything goes through the actions, as in life; reference data is the shipped one."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from rest_framework.test import APIClient

from complaints import actions
from complaints.models import Case, Role, User
from routing.models import Unit

MILK = "今天在超市买的牛奶已经过期三天，孩子喝了拉肚子，要求赔偿"
XIHU, YINZHOU, HANGZHOU, ZHEJIANG = "330106", "330212", "330100", "330000"
_numbers = count(1)


def unit(bureau: str = "samr", region: str = XIHU) -> Unit:
    return Unit.objects.get(bureau=bureau, region=region)


def user(role: str, bureau: str = "", region: str = XIHU, **more: Any) -> User:
    """An account with a session-ready password-less login (APIClient.force_authenticate)."""
    made = User(
        username=f"{role}-{next(_numbers)}",
        role=role,
        unit=unit(bureau, region) if bureau else None,
        region_id=None if role in (Role.OFFICER, Role.PARTNER) else region,
        **more,
    )
    made.set_unusable_password()
    made.save()
    return made


def officer(bureau: str = "samr", region: str = XIHU) -> User:
    return user(Role.OFFICER, bureau, region)


def dispatcher(region: str = HANGZHOU) -> User:
    return user(Role.DISPATCHER, region=region)


def case(text: str = MILK, *, viewer: Any = None, region: str = XIHU, **more: Any) -> Case:
    """A registered case, waiting for triage."""
    intake = actions.Intake(text=text, region=region, **more)
    return actions.submit(viewer or AnonymousUser(), intake).case


def dispatched(bureau: str = "samr", participants: tuple[str, ...] = (), region: str = XIHU, **more: Any) -> Case:
    """A case that a dispatcher gave to a unit."""
    made = case(region=region, **more)
    actions.dispatch(
        user(Role.DISPATCHER, region=ZHEJIANG),
        made.number,
        made.version,
        lead=unit(bureau, region).pk,
        participants=[unit(other, region).pk for other in participants],
        topic="P01",
        reason="职责明确",
    )
    made.refresh_from_db()
    return made


def client(viewer: User | None = None, **headers: str) -> APIClient:
    """An HTTP client, logged in as `viewer` or as nobody. Keyword headers become HTTP headers (X_Case_Code=...)."""
    made = APIClient(headers={name.replace("_", "-"): value for name, value in headers.items()})
    if viewer is not None:
        made.force_login(viewer)
    return made


def take_away(cases: list[Case]) -> None:
    """Undo cases that a test committed for other connections to see."""
    numbers = [case.pk for case in cases]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE complaints_event DISABLE TRIGGER complaints_event_append_only")
        cursor.execute("DELETE FROM complaints_event WHERE case_id = ANY(%s)", [numbers])
        cursor.execute("ALTER TABLE complaints_event ENABLE TRIGGER complaints_event_append_only")
        cursor.execute("DELETE FROM procrastinate_jobs")
    Case.objects.filter(pk__in=numbers).delete()
