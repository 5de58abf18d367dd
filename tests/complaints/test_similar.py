"""Similar cases: found through the index however few are visible, never past `visible_to`; duplicates are hinted at."""

from __future__ import annotations

import math
import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

import classifier
from complaints import actions
from complaints.models import Assignment, Case, CaseEmbedding
from complaints.models.embedding import DIMENSIONS, similar_to
from tests import make
from tests.complaints.test_triage import settled

pytestmark = pytest.mark.django_db

FUME = "楼下烧烤店的油烟直接排到我家窗户里，晚上关着窗都呛人，店名叫老张烧烤，在文二路88号"
FUME_AGAIN = "文二路88号楼下老张烧烤店，油烟直接排到我家窗户里，晚上关着窗都呛人，再次反映"
ELEVATOR = "小区电梯上周两次困人，维保单位来了拍拍门就走，年检标志还是前年的"


def similar(viewer, case, **expected):
    response = make.client(viewer).get(f"/api/v1/cases/{case.number}/similar/")
    assert response.status_code == 200
    return response.json()["results"]


def direction(*parts: float) -> list[float]:
    """A unit vector that begins so."""
    vector = [*parts, *[0.0] * (DIMENSIONS - len(parts))]
    length = math.sqrt(sum(part * part for part in vector))
    return [part / length for part in vector]


def test_triage_stores_an_embedding_of_the_model_in_service():
    case = settled(make.case(FUME))
    stored = CaseEmbedding.objects.get(case=case)
    assert stored.model_version == classifier.active().version
    assert sum(x * x for x in stored.vector) == pytest.approx(1, abs=1e-3)


def test_the_case_most_like_it_comes_first_with_what_a_list_shows():
    first, second, other = (settled(make.case(text)) for text in (FUME, FUME_AGAIN, ELEVATOR))
    rows = similar(make.dispatcher(), first)
    assert rows[0]["number"] == second.number
    assert rows[0]["similarity"] > 0.9
    assert [row["number"] for row in rows[1:]] in ([], [other.number])
    assert rows[0]["summary"] == FUME_AGAIN[:80]
    assert (rows[0]["state"], rows[0]["topic"]["code"]) == (second.state, second.topic)
    assert rows[0]["topic"]["name"]
    assert rows[0]["state_name"]


def test_the_same_respondent_or_place_makes_it_a_duplicate_for_a_month():
    one = settled(make.case(FUME, place="文二路 88 号"))
    same = settled(make.case(FUME_AGAIN, place="文二路88号"))
    elsewhere = settled(make.case(FUME_AGAIN, place="古墩路 1 号"))
    shown = {row["number"]: row["duplicate"] for row in similar(make.dispatcher(), one)}
    assert shown == {same.number: True, elsewhere.number: False}
    Case.objects.filter(pk=same.pk).update(received_at=one.received_at - timedelta(days=31))
    assert not any(row["duplicate"] for row in similar(make.dispatcher(), one))


def test_the_same_caller_with_another_matter_is_no_duplicate():
    person = actions.Person(name="李四", phone="13812341234")
    one = settled(make.case(FUME, requester=person))
    again = settled(make.case(FUME_AGAIN, requester=person))
    settled(make.case(ELEVATOR, requester=person))
    assert [row["number"] for row in similar(make.dispatcher(), one) if row["duplicate"]] == [again.number]


def test_nobody_finds_a_case_they_may_not_see():
    mine = make.dispatched("samr", text=FUME)
    theirs = make.dispatched("mee", text=FUME_AGAIN)
    for case in (mine, theirs):
        CaseEmbedding.objects.create(case=case, model_version="v", vector=direction(1))
    assert similar(make.officer("samr"), mine) == []
    assert [row["number"] for row in similar(make.dispatcher(), mine)] == [theirs.number]
    for verb in ("similar", "why", "matters"):
        path = f"/api/v1/cases/{theirs.number}/{verb}/"
        assert make.client(make.officer("samr")).get(path).status_code == 404
        assert make.client().get(path).status_code in (401, 403)


def test_the_only_visible_case_is_found_behind_a_thousand_nearer_ones():
    """What a plain HNSW look-up misses: it reads its 40 nearest and filters those."""
    officer = make.officer("samr")
    asked = make.case(FUME)
    far = make.case(ELEVATOR)
    Assignment.objects.create(case=far, unit=officer.unit, part="lead")
    random.seed(1)
    crowd = Case.objects.bulk_create(Case(number=f"X{i}", channel="web", text="x", version=1) for i in range(1000))
    CaseEmbedding.objects.bulk_create(
        CaseEmbedding(case=case, model_version="v", vector=direction(1, *(random.gauss(0, 0.05) for _ in range(20))))
        for case in crowd
    )
    CaseEmbedding.objects.create(case=far, model_version="v", vector=direction(1, 1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE complaints_caseembedding")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    found = similar_to(asked, "v", direction(1), Case.objects.visible_to(officer))
    assert [(one.case, round(one.similarity, 3)) for one in found] == [(far, 0.707)]
    plan = (
        Case.objects.visible_to(officer)
        .filter(embedding__model_version="v")
        .order_by(CaseEmbedding.nearness(direction(1)))[:10]
        .explain()
    )
    assert "embedding_nearest" in plan


def test_vectors_of_another_model_are_not_compared():
    one, other = make.case(FUME), make.case(FUME_AGAIN)
    CaseEmbedding.objects.create(case=one, model_version="v1", vector=direction(1))
    CaseEmbedding.objects.create(case=other, model_version="v2", vector=direction(1))
    assert similar(make.dispatcher(), one) == []


def test_similar_costs_a_fixed_number_of_queries(django_assert_num_queries):
    cases = [settled(make.case(FUME, place="文二路 88 号")) for _ in range(4)]
    client = make.client(make.dispatcher())
    client.get(f"/api/v1/cases/{cases[0].number}/similar/")
    with django_assert_num_queries(QUERIES):
        assert len(client.get(f"/api/v1/cases/{cases[0].number}/similar/").json()["results"]) == 3


# session, user, case, its embedding, requester and respondent, savepoint, search settings, the cases, names of topics
QUERIES = 11


def test_older_cases_are_embedded_batch_by_batch_and_only_once(capsys):
    waiting = [make.case(text) for text in (FUME, FUME_AGAIN, ELEVATOR)]
    CaseEmbedding.objects.create(case=waiting[0], model_version="an older one", vector=direction(1))
    assert actions.embed_batch(2) == 2
    assert set(
        CaseEmbedding.objects.filter(model_version=classifier.active().version).values_list("case", flat=True)
    ) == {
        waiting[1].pk,
        waiting[2].pk,
    }
    call_command("embed_cases")
    assert "1" in capsys.readouterr().out.split()
    assert set(CaseEmbedding.objects.values_list("model_version", flat=True)) == {classifier.active().version}
    assert actions.embed_batch() == 0


def test_a_case_without_a_stored_embedding_is_compared_all_the_same():
    known = settled(make.case(FUME_AGAIN))
    new = make.case(FUME)
    assert [row["number"] for row in similar(make.dispatcher(), new)] == [known.number]
    assert not CaseEmbedding.objects.filter(case=new).exists()
