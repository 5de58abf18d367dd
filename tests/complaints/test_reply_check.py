"""Answers that may go out, and answers that may not; what the sender is told, and what is kept."""

from __future__ import annotations

import pytest

from complaints import actions
from complaints.models import Case
from complaints.reply_check import check_reply
from tests import make

GOOD = (
    "您好，您反映的餐馆油烟问题收悉。经执法人员11月3日现场检查，该店油烟净化器未按期清洗，您反映的情况属实。"
    "根据《大气污染防治法》第八十一条，我局已责令其三日内整改并清洗设备，逾期不改将依法立案处罚。"
    "如有疑问请联系承办人，联系电话 13957100000。"
)
GOODS = [
    GOOD,
    "经核实，您于10月12日在该店购买的牛奶已超过保质期，情况属实。依据《食品安全法》第一百四十八条，经调解双方达成一致，商家退款并赔偿1000元，款项已到账。我局对其经营过期食品的行为已立案查处。",
    "工作人员于次日前往查看，路灯不亮系电缆老化所致，反映属实。按照养护计划，已更换电缆三十米，路灯恢复照明，后续将加强巡查。",
    "经查阅合同并与物业公司沟通，停车费收取符合合同约定和政府指导价，未发现违规收费。如您对合同条款有异议，可以向人民法院提起诉讼或申请仲裁。",
]
BAD = {
    "personal_data": [
        GOOD + "被投诉人王某身份证号330106199003074412。",
        GOOD + "邻居李先生13812345678表示同意。",
        GOOD + "涉事车辆浙A12345已处理。",
        GOOD + "已拨打张伟的电话13812345678核实。",
        GOOD + "投诉人联系电话是13812345678。",
        GOOD + "退款已汇入6222021234567890123。",
    ],
    "contempt": [GOOD + "请不要再投诉。", "经核实，您属于无理取闹，依据规定不予处理，情况不属实，建议通过诉讼解决。"],
    "relabelled": [
        "经核实，本件按咨询件办结，根据规定已向市民解释，情况属实，后续加强监管。",
        GOOD + "该工单转为咨询类。",
    ],
    "says_nothing": ["已处理。", "您好，您的诉求已收悉，感谢您的来电。", "！！！", "好的"],
}


@pytest.mark.parametrize("text", GOODS)
def test_a_good_answer_passes_without_a_word(text: str):
    assert check_reply(text, intent="complaint") == []


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in BAD.items() for text in texts])
def test_what_must_not_go_out_is_stopped(code: str, text: str):
    stops = [finding for finding in check_reply(text, intent="complaint") if finding.stops]
    assert code in {finding.code for finding in stops}
    for finding in stops:
        assert all(0 <= start < end <= len(text) for start, end in finding.spans)


def test_the_unit_s_own_phone_may_stand_in_a_letter_but_not_in_public():
    assert check_reply(GOOD) == []
    assert check_reply(GOOD + "也可以拨打我局的电话13957100001。") == []
    assert [finding.code for finding in check_reply(GOOD, public=True)] == ["personal_data"]


def test_a_question_may_be_answered_as_one():
    text = "经核实，根据《社会保险法》规定，您咨询的事项按咨询件答复：符合条件的可以通过线上申请，已告知流程。"
    assert "relabelled" not in {finding.code for finding in check_reply(text, intent="consult")}


def test_what_is_missing_is_named():
    found = {
        finding.code
        for finding in check_reply(
            "我们对您说的事情非常重视，会认真对待每一位群众的意见，请您耐心等候，感谢您长期以来对本单位工作的理解。"
        )
    }
    assert {"no_facts", "no_basis", "no_conclusion", "no_remedy"} <= found
    assert "no_way_on" in {finding.code for finding in check_reply("经核实，这件事不归我们局管，不予受理。")}


def test_every_matter_wants_its_word():
    matters = ["楼下烧烤店半夜油烟呛人", "小区电梯三天两头坏，老人爬不动楼"]
    [missed] = check_reply(GOOD, matters=matters)
    assert missed.code == "matter_unanswered"
    assert "电梯" in missed.message
    both = GOOD + "关于电梯故障，维保单位已更换电梯主板。"
    assert check_reply(both, matters=matters) == []


@pytest.fixture
def case(db) -> Case:
    """In progress at the market regulator, which asks for nothing more."""
    made, officer = make.dispatched(), make.officer()
    actions.sign(officer, made.number, made.version)
    actions.start(officer, made.number, made.version + 1)
    made.refresh_from_db()
    return made


def test_a_stopped_answer_goes_out_only_with_a_reason_that_is_kept(case: Case):
    client = make.client(make.officer())
    path = f"/api/v1/cases/{case.number}"
    bad = GOOD + "请不要再投诉。"
    found = client.post(f"{path}/reply-check/", {"text": bad}, format="json").json()["findings"]
    assert [(finding["code"], finding["stops"]) for finding in found] == [("contempt", True)]
    [span] = found[0]["spans"]
    assert bad[span["start"] : span["end"]] == "不要再投诉"

    said = {"version": case.version, "text": bad}
    refused = client.post(f"{path}/reply/", said, format="json")
    assert refused.status_code == 400
    assert "尊重" in str(refused.json())
    before = case.version
    case.refresh_from_db()
    assert (case.state, case.version) == ("in_progress", before)

    assert client.post(f"{path}/reply/", said | {"override": "引用当事人原话"}, format="json").status_code == 200
    assert case.events.get(kind="reply").data == {"stops": ["contempt"], "override": "引用当事人原话"}


def test_only_who_may_answer_has_a_draft_checked(case: Case):
    path, draft = f"/api/v1/cases/{case.number}/reply-check/", {"text": GOOD}
    assert make.client().post(path, draft, format="json").status_code in {401, 403}
    assert make.client(make.officer("hurd")).post(path, draft, format="json").status_code == 404
    assert make.client(make.dispatcher()).post(path, draft, format="json").status_code == 403
