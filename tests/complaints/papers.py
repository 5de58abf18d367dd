"""Cases that have come far enough for each form, and PDFs read back."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.utils import timezone
from pypdf import PdfReader

from complaints import actions
from complaints.models import Case, Declared, User
from tests import make

NAME, PHONE, IDENTITY, HOME = "欧阳静怡", "13812345678", "33010619900101123X", "文三路90号3幢201室"
PERSON = actions.Person(name=NAME, phone=PHONE, id_number=IDENTITY, address=HOME)
SAID = Declared(consents=("mediation", "notice", "sensitive"))
SHOP = actions.RespondentFacts(name="西湖区好又多超市", uscc="", address="天目山路1号", phone="0571-88881234")
TEXT = "我在该超市买到过期牛奶，与店长协商不成，店长电话13700001111。\n要求退款并赔偿。"


def complaint(**more: Any) -> Case:
    """A dispatched complaint with everything that a named complainant tells."""
    return make.dispatched(
        text=TEXT, title="超市销售过期牛奶", requester=PERSON, respondent=SHOP, declared=SAID, **more
    )


def report(requester: actions.Person = PERSON) -> Case:
    """A dispatched report (举报), sealed from the bureau."""
    case = make.case(TEXT, title="超市销售过期牛奶", requester=requester, respondent=SHOP, declared=SAID)
    Case.objects.filter(pk=case.pk).update(intent="report", sealed=True)
    actions.dispatch(make.dispatcher(), case.number, case.version, lead=make.unit().pk, topic="P01", reason="职责明确")
    case.refresh_from_db()
    return case


def step(officer: User, case: Case, verb: str, **given: Any) -> None:
    """One verb with the version that stands now."""
    case.refresh_from_db()
    getattr(actions, verb)(officer, case.number, case.version, **given)
    case.refresh_from_db()


def accepted(officer: User) -> Case:
    case = complaint()
    step(officer, case, "sign")
    step(officer, case, "accept")
    return case


def mediated(officer: User) -> Case:
    case = accepted(officer)
    today = timezone.localdate()
    agreed = {f"{side}_{what}": value for side in ("complainant", "respondent")
              for what, value in (("how", "phone"), ("on", today))}  # fmt: skip
    step(officer, case, "begin_mediation", **agreed)
    return case


def refused(officer: User) -> Case:
    case = complaint()
    step(officer, case, "sign")
    step(officer, case, "refuse", ground_code="taken_elsewhere", text="你已就同一争议向法院起诉，法院已经立案。")
    return case


def in_session(officer: User) -> Case:
    case = mediated(officer)
    at = timezone.now() + timedelta(days=3)
    step(officer, case, "mediation_session", at=at, manner="on_site", place="文三路分局二楼调解室")
    return case


def ended(officer: User) -> Case:
    case = mediated(officer)
    step(officer, case, "end_mediation", ground_code="says_no", text="双方未能达成一致。")
    return case


def agreed(officer: User) -> Case:
    case = mediated(officer)
    terms = "一、被投诉人退还货款35.50元；\n二、被投诉人赔偿投诉人1000元，于三日内付清。"
    step(officer, case, "mediation_agreed", terms=terms, amount="1035.50", statement_number="2026-7")
    return case


def verified(officer: User) -> Case:
    case = report()
    step(officer, case, "sign")
    step(officer, case, "begin_verification")
    step(officer, case, "decide_report", filed=True, ground_code=FILE_GROUND, text="现场查到过期牛奶12盒。",
         penalty_number="杭西市监案〔2026〕9号")  # fmt: skip
    return case


FILE_GROUND = "violation"
SOON = (timezone.localdate() + timedelta(days=10)).isoformat()
# form: (how its case comes to be, what is said when it is made)
STORIES: dict[str, tuple[Any, dict[str, str]]] = {
    "complaint_form": (lambda officer: complaint(), {"wants": "退款并赔偿1000元", "amount": "35.50"}),
    "report_form": (lambda officer: report(), {}),
    "transfer_notice": (lambda officer: complaint(), {"until": SOON}),
    "identity_notice": (
        lambda officer: complaint(),
        {"until": SOON, "materials": "身份证复印件；\n购物小票或者付款记录。"},
    ),
    "acceptance": (accepted, {}),
    "refusal": (refused, {}),
    "mediation_notice": (in_session, {"mediator": "王建国"}),
    "mediation_end": (ended, {}),
    "mediation_statement": (agreed, {"facts": "投诉人购买的牛奶超过保质期三天。"}),
    "report_result": (
        verified,
        {"result": "已对被举报人立案查处，罚款5000元。", "rule": "《食品安全法》第一百一十五条"},
    ),
    "work_order": (accepted, {}),
    "routing_card": (lambda officer: complaint(), {}),
}


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> str:
    """All text of a PDF without blanks, as the line breaks of the layout mean nothing."""
    return "".join("".join(page.extract_text().split()) for page in read(pdf).pages)
