"""The forms as one table: what each is called, for which cases, by whom, from which facts, under which articles.

Sources: forms 1 to 10 (文书式样) and the articles of Order 20 (samr_2020: 市场监督管理投诉举报处理暂行办法,
in force until 2026-04-14) and Order 121 (samr_2026: 市场监督管理投诉举报处理办法, from 2026-04-15);
消费者权益保护法 art. 39 and 46. Where the number of an article of Order 121 could not be read in the official
text, the order is cited without one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from complaints.lifecycle import ruleset_on

ORDER: Final = {
    "samr_2020": "《市场监督管理投诉举报处理暂行办法》",
    "samr_2026": "《市场监督管理投诉举报处理办法》",
}
BOTH: Final = frozenset(ORDER)
MARKET: Final = frozenset({"samr", "mpa"})  # the orders bind drug bureaus too (Order 20 art. 38)
HOTLINE: Final = "data12345"
HANDOVER_LETTER: Final = "handover_letter"


@dataclass(frozen=True, slots=True)
class Ask:
    """What whoever makes the document has to say. kind: text, long, date."""

    name: str
    kind: str
    label: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """One form. style: its number among the ten, 0 for the hotline's own. word: stands in the document number.

    needs: facts by the names in `facts.NEEDS`. who: parts for the case, as in lifecycle.MOVES. intents: kinds of
    cases, empty for all. articles: by ruleset; a ruleset that is not named has no such form.
    bureaus: which bureaus issue it, empty for all.
    """

    code: str
    style: int
    title: str
    word: str
    who: frozenset[str]
    needs: tuple[str, ...]
    articles: Mapping[str, str]
    intents: frozenset[str] = frozenset()
    bureaus: frozenset[str] = frozenset()
    asks: tuple[Ask, ...] = ()

    def basis(self, ruleset: str) -> str:
        """The order and article that it cites, e.g. 《…办法》第十六条; "" for the hotline's own forms."""
        return f"{ORDER[ruleset]}{self.articles[ruleset]}" if self.style else ""


_STAFF: Final = frozenset({"call_taker", "dispatcher", "supervisor", "lead", "participant"})
_TAKING: Final = _STAFF - {"participant"}
_SENDING: Final = frozenset({"dispatcher", "supervisor"})
_LEAD: Final = frozenset({"lead"})
_COMPLAINT: Final = frozenset({"complaint", ""})
_REPORT: Final = frozenset({"report"})
_NONE: Final = dict.fromkeys(BOTH, "")

_FORMS: Final = (
    Form("complaint_form", 1, "投诉登记表", "诉登", _TAKING, ("requester", "respondent", "text", "agrees", "evidence"),
         {"samr_2020": "第九条", "samr_2026": "第十条"}, _COMPLAINT, MARKET | {HOTLINE},
         (Ask("wants", "text", "投诉请求（退货、退款、赔偿等）", required=False),
          Ask("amount", "text", "争议金额（元）", required=False))),
    Form("report_form", 2, "举报登记表", "举登", _TAKING, ("reporter", "respondent", "text", "evidence"),
         {"samr_2020": "第二十四条", "samr_2026": ""}, _REPORT, MARKET | {HOTLINE}),
    Form("transfer_notice", 3, "投诉/举报分送通知书", "分送", _SENDING, ("lead", "text"),
         {"samr_2020": "第三十七条", "samr_2026": ""}, _COMPLAINT | _REPORT, MARKET | {HOTLINE},
         (Ask("until", "date", "反馈期限"),)),
    Form("identity_notice", 4, "限期提供身份证明材料通知书", "限证", _LEAD, ("requester",),
         {"samr_2026": "第十条"}, _COMPLAINT, MARKET,
         (Ask("until", "date", "提供期限"), Ask("materials", "long", "需提供的材料"))),
    Form("acceptance", 5, "投诉受理决定书", "诉受", _LEAD, ("requester", "respondent", "accepted"),
         {"samr_2020": "第十四条", "samr_2026": ""}, _COMPLAINT, MARKET),
    Form("refusal", 6, "投诉不予受理决定书", "诉不受", _LEAD, ("requester", "respondent", "refused"),
         {"samr_2020": "第十五条", "samr_2026": "第十六条"}, _COMPLAINT, MARKET),
    Form("mediation_notice", 7, "投诉调解通知书", "调通", _LEAD, ("requester", "respondent", "accepted", "session"),
         {"samr_2020": "第十六条、第十八条", "samr_2026": ""}, _COMPLAINT, MARKET,
         (Ask("mediator", "text", "调解人员", required=False),)),
    Form("mediation_end", 8, "投诉终止调解决定书", "终调", _LEAD, ("requester", "respondent", "accepted", "end"),
         {"samr_2020": "第二十一条", "samr_2026": "第二十三条第一款"}, _COMPLAINT, MARKET),
    Form("mediation_statement", 9, "投诉调解书", "调解", _LEAD, ("requester", "respondent", "accepted", "agreement"),
         {"samr_2020": "第二十二条", "samr_2026": ""}, _COMPLAINT, MARKET,
         (Ask("facts", "long", "争议事实"),)),
    Form("report_result", 10, "举报处理结果告知书", "举告", _LEAD, ("reporter_known", "respondent", "decided"),
         {"samr_2020": "第三十一条、第三十二条", "samr_2026": ""}, _REPORT, MARKET,
         (Ask("result", "long", "处理结果"), Ask("rule", "text", "应当告知结果的法律、法规或规章"))),
    Form("work_order", 0, "工单", "工单", _STAFF, ("requester_any", "respondent_any", "text", "handling"), _NONE),
    Form("routing_card", 0, "分派依据卡", "派据", _STAFF, ("decision",), _NONE),
    # made with the package of a hand-over only (actions.handing)
    Form(HANDOVER_LETTER, 0, "移送函", "移送", frozenset(), ("requester_any", "respondent_any", "text"), _NONE),
)  # fmt: skip
FORMS: Final = {form.code: form for form in _FORMS}


def fitting(intent: str, received_on: date, bureau: str) -> list[Form]:
    """The forms that make sense for a case of this kind and day of receipt, issued by this bureau."""
    ruleset = ruleset_on(received_on)
    return [
        form
        for form in FORMS.values()
        if ruleset in form.articles
        and (not form.intents or intent in form.intents)
        and (not form.bureaus or bureau in form.bureaus)
    ]
