"""Reads a unit's answer before the citizen does (答复质检): what is missing, what must not go out.

No database here.

By words, offline. Advice may be left unheeded; a stop is refused unless the sender gives a reason, which is kept with
the answer. What an answer owes the citizen: facts, basis, conclusion, remedy, each matter (docs/reply-check.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

THIN: Final = 40  # characters that say something; below it, say what was found and done


@dataclass(frozen=True, slots=True)
class Finding:
    """code: stable English identifier. stops: refused without a reason. spans: offsets [start, end) in the answer."""

    code: str
    stops: bool
    message: str
    spans: tuple[tuple[int, int], ...] = ()


_FACTS = re.compile(
    r"经(?:[^，。；]{0,12})?(?:核查|核实|调查|检查|了解|查看|查阅|调阅|检测|勘[查察]|走访|询问|联系|沟通|现场)"
    r"|现场(?:核查|检查|查看|勘查|执法)|执法人员|工作人员(?:前往|到达|赶赴|于)|抽检|检测报告|调取|查明|核实"
)
_BASIS = re.compile(
    r"《[^》]{2,40}》|第[一二三四五六七八九十百零〇\d]+条|(?:根据|依据|依照|按照)[^，。；]{2,}|规定|标准|政策|合同约定"
)
_CONCLUSION = re.compile(
    r"属实|(?:未|没有)发现|存在[^，。]{0,20}(?:问题|行为|情况|隐患|违法)|不存在|认定|予以(?:受理|立案|确认|支持|处罚)"
    r"|不予(?:受理|立案)|符合|不符|构成|不构成|达成|未达成|情况(?:基本)?(?:属实|如下)|已(?:解决|办结|完成|恢复|修复|退还|整改)"
)
_REMEDY = re.compile(
    r"责令|整改|改正|退(?:款|还|赔|费|货)|赔(?:偿|付)|处罚|罚款|立案|查处|修(?:复|缮|理)|清(?:理|运|除)|更换|拆除|停(?:业|工)|关停|恢复"
    r"|加强(?:巡查|监管|管理)|调解|道歉|下架|召回|维修|安装|增设|计划|预计|将(?:于|在|持续|继续|督促|跟进)|督促|约谈"
    r"|可以?(?:通过|向|依法)[^，。]{2,}|诉讼|仲裁|复议"
)
_RELABELLED = re.compile(
    r"(?:转|改|归|划|定)(?:为|成|入)?咨询(?:类|件|工单)?|(?:按|作为?|以)咨询(?:类|件)?(?:办|处|答|回|结)|属(?:于)?咨询(?:类|件|事项)"
)
_CONTEMPT = re.compile(
    r"无理取闹|胡搅蛮缠|刁民|小题大做|没事找事|无事生非|不可理喻|自作自受|活该|爱信不信|爱(?:找谁|去哪)(?:找谁|去哪)|别再(?:投诉|反映|打)"
    r"|不要再(?:投诉|反映|打)|恶意投诉|职业打假|脑子|吃饱了撑"
)
_SHIRKING = re.compile(
    r"(?:不归|不属于?|不在)我[们局委办单位]{0,2}(?:管|职责|的?职权|的?事)|与我[们局委办]{0,2}无关|管不了|无能为力"
)
_ELSEWHERE = re.compile(r"(?:建议|请|可以?)(?:您)?(?:向|联系|咨询|拨打|通过)|已(?:移送|转交|转办|移交)")
_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXxＸｘ](?![\dA-Za-z])"
)
_BANK_CARD = re.compile(r"(?<!\d)(?:62|4\d|5[1-5])\d{14,17}(?!\d)")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
_OWN_CONTACT = re.compile(r"(?:联系(?:电话|人|方式)|咨询(?:电话|热线)|电话|经办人|承办人|致电)[^。；\n]{0,14}$")
# somebody else's: 张伟的电话, 投诉人联系电话; but 我局的电话
_THEIR_CONTACT = re.compile(
    r"(?:投诉人|举报人|来电人|当事人|对方|业主|其|他|她|(?<![局科所队心位门们办处委])的)(?:本人)?的?"
    r"(?:联系|手机)?(?:电话|方式|号码)[^。；，\n]{0,8}$"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z\d]{5,6}(?![A-Z\d])"
)
_POLITE = re.compile(
    r"尊敬的[^，。：:\n]{0,12}[，。：:]?|您好|你好|感谢您?(?:的|对)[^，。！]{0,24}(?:来电|反映|支持|理解|关注|监督)[^，。！]{0,12}"
    r"|您(?:的|反映的)(?:诉求|来电|问题|工单|投诉)(?:已)?(?:收悉|收到)|现(?:将)?(?:答复|回复)如下|特此(?:答复|回复)|此复|谢谢"
)
_CANNED = re.compile(
    r"(?:已|会|将|再次|正在)?(?:经|予|予以)?"
    r"(?:处理|办理|回复|答复|联系|解决|知悉|知晓|收悉|收到|办结|完成|转办|交办|落实|好的?|同意|无|阅)"
    r"(?:完毕|完成|了|中)?"
)
_NOT_A_WORD = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
# pairs that say nothing of what a matter is about
_COMMON: Final = frozenset(
    re.findall(
        r"\S+",
        "反映 投诉 举报 要求 希望 有关 部门 处理 解决 问题 情况 一直 已经 没有 现在 我们 他们 "
        "你们 这个 那个 什么 怎么 可以 不能 不是 就是 因为 所以 但是 时候 自己 一个 相关 进行 "
        "目前 以及 同时 另外 还有 并且 本人 市民 来电 诉求 核实 回复 答复 您好",
    )
)


def check_reply(text: str, *, matters: Sequence[str] = (), intent: str = "", public: bool = False) -> list[Finding]:
    """What is to be said about an answer, stops first.

    matters: the citizen's words of each matter, where there are several. intent: of the case. public: it goes to
    everybody, so even a contact that looks official is a stop.
    """
    stops, advice = _stops(text, intent, public), []
    substance = _NOT_A_WORD.sub("", _POLITE.sub("", text))
    if not substance or _CANNED.fullmatch(substance):
        stops.append(Finding("says_nothing", True, _("The answer says too little: what was found, and what was done?")))
    elif len(substance) < THIN:
        advice.append(Finding("thin", False, _("The answer is short. Say what was found, and what was done.")))
    for code, pattern, message in (
        ("no_facts", _FACTS, _("It does not say how the matter was looked into (who, when, what was found).")),
        ("no_basis", _BASIS, _("It names no rule, standard or agreement that the decision rests on.")),
        ("no_conclusion", _CONCLUSION, _("It draws no conclusion: is what the citizen says true, wholly or in part?")),
        ("no_remedy", _REMEDY, _("It says neither what was or will be done, nor where else the citizen can turn.")),
    ):
        if not pattern.search(text):
            advice.append(Finding(code, False, message))
    shirks = _spans(_SHIRKING, text)
    if shirks and not _ELSEWHERE.search(text):
        advice.append(Finding("no_way_on", False, _("It says who is not responsible, but not who is."), shirks))
    advice += [
        Finding("matter_unanswered", False, _("No word about this matter: “%(matter)s”") % {"matter": matter[:30]})
        for matter in matters
        if not _speaks_of(text, matter)
    ]
    return stops + advice


def _stops(text: str, intent: str, public: bool) -> list[Finding]:
    numbers = _spans(_IDENTITY, text) + _spans(_BANK_CARD, text) + _spans(_PLATE, text)
    phones = [
        (found.start(), found.end())
        for found in _MOBILE.finditer(text)
        if public or not _own_contact(text[: found.start()])
    ]
    personal = tuple(sorted({*numbers, *phones}))
    found = []
    if personal:
        message = _("Personal data stands in the answer (identity, phone, card or plate number). Take it out.")
        found.append(Finding("personal_data", True, message, personal))
    if contempt := _spans(_CONTEMPT, text):
        found.append(Finding("contempt", True, _("These words belittle the citizen. Say it with respect."), contempt))
    if intent in {"complaint", "report"} and (relabelled := _spans(_RELABELLED, text)):
        message = _("A complaint or report may not be answered as if it were a question for information.")
        found.append(Finding("relabelled", True, message, relabelled))
    return found


def _own_contact(before: str) -> bool:
    """Whether a number after these words is the unit's own, by which the citizen may ask."""
    return bool(_OWN_CONTACT.search(before)) and not _THEIR_CONTACT.search(before)


def _spans(pattern: re.Pattern[str], text: str) -> tuple[tuple[int, int], ...]:
    return tuple((found.start(), found.end()) for found in pattern.finditer(text))


def _pairs(text: str) -> set[str]:
    return {run[i : i + 2] for run in _HAN.findall(text) for i in range(len(run) - 1)} - _COMMON


def _speaks_of(text: str, matter: str) -> bool:
    asked = _pairs(matter)
    return not asked or bool(asked & _pairs(text))
