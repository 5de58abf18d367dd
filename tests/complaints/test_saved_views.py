"""Kept filters of the queue: one's own, shared with the unit, never with anybody's numbers in them."""

from __future__ import annotations

import pytest

from complaints.models import SavedView
from tests import make

pytestmark = pytest.mark.django_db
API = "/api/v1/saved-views/"


def view(**more):
    return {"name": "快到期的食品", "queue": "mine", "query": "topic=P01&due=three_days", **more}


def test_a_view_is_kept_changed_and_taken_away():
    client = make.client(make.officer())
    made = client.post(API, view(query="?topic=P01&due=three_days&state="), format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["query"] == "due=three_days&topic=P01"
    assert (made.json()["own"], made.json()["shared"]) == (True, False)
    one = f"{API}{made.json()['id']}/"
    assert client.put(one, view(name="食品", position=3), format="json").json()["name"] == "食品"
    assert [row["name"] for row in client.get(API).json()] == ["食品"]
    assert client.delete(one).status_code == 204
    assert client.get(API).json() == []


def test_colleagues_use_a_shared_view_and_do_not_change_it(django_assert_max_num_queries):
    owner, colleague, stranger = make.officer(), make.officer(), make.officer("mee")
    made = make.client(owner).post(API, view(shared=True), format="json").json()
    make.client(owner).post(API, view(name="自用"), format="json")
    client = make.client(colleague)
    with django_assert_max_num_queries(5):
        shown = client.get(API).json()
    assert [(row["name"], row["own"], row["shared"]) for row in shown] == [("快到期的食品", False, True)]
    assert make.client(stranger).get(API).json() == []
    before = list(SavedView.objects.order_by("pk").values())
    assert client.put(f"{API}{made['id']}/", view(), format="json").status_code == 403
    assert client.delete(f"{API}{made['id']}/").status_code == 403
    assert make.client(stranger).delete(f"{API}{made['id']}/").status_code == 404
    assert list(SavedView.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"query": "page=3"}, "query"),
        ({"query": ""}, "query"),
        ({"query": "due=someday"}, "due"),
        ({"query": "order=colour"}, "order"),
        ({"query": "q=13812341234"}, "name"),
        ({"name": "13812341234"}, "name"),
        ({"name": " "}, "name"),
        ({"queue": "triage"}, "queue"),
    ],
)
def test_what_is_no_view_is_refused_at_its_field(more, field):
    answer = make.client(make.officer()).post(API, view(**more), format="json")
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not SavedView.objects.exists()


def test_a_name_is_used_once_and_views_end_somewhere():
    owner = make.officer()
    client = make.client(owner)
    client.post(API, view(), format="json")
    again = client.post(API, view(), format="json")
    assert (again.status_code, again.json()["code"]) == (400, "name_taken")
    SavedView.objects.bulk_create(
        SavedView(owner=owner, name=f"第{n}个", queue="mine", query="due=today") for n in range(29)
    )
    assert client.post(API, view(name="再一个"), format="json").status_code == 409
    assert SavedView.objects.count() == 30


def test_without_a_unit_nothing_is_shared():
    answer = make.client(make.dispatcher()).post(API, view(queue="all", shared=True), format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "no_unit")
    assert not SavedView.objects.exists()


def test_views_belong_to_staff():
    assert make.client().get(API).status_code in {401, 403}
    assert make.client(make.user("partner")).post(API, view(), format="json").status_code == 403
