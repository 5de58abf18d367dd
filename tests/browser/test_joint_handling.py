"""Several units on one case, each in a browser of its own: they see each other, and the lead closes last."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import PHONE, WAIT, act, begin, follow, give, picture
from tests.live.people import Person
from tests.stack import Stack

FUME = "楼下「老张烧烤」的油烟直接排到我家窗户里，关着窗都呛人；后厨地上堆着生肉，也没有冷藏。请检查油烟和食品卫生。"
BUREAU, BRANCH = "杭州市西湖区市场监督管理局", "杭州市生态环境局西湖分局"
LETTER = "您好，您于{收件日期}反映的餐饮问题（编号 {编号}）收悉。【请写核查情况】"
FOUND = (
    "经执法人员现场检查，该店生肉未冷藏、后厨地面积污，油烟净化器未按期清洗，您反映的情况属实。"
    "根据《食品安全法》第三十三条，我局已责令其三日内整改并清洗设备，逾期不改将依法立案处罚。"
)


@pytest.fixture
def shared_case(stack: Stack) -> str:
    """A case with the market regulator, the environment bureau taking part; a template for its answer."""
    citizen, dispatcher, supervisor = Person(stack), Person(stack, "dispatcher"), Person(stack, "supervisor")
    number = citizen.file(FUME, place="文三路 8 号", requester={"name": "王小满", "phone": "13800001234"})["number"]
    give(dispatcher, number, BUREAU, BRANCH)
    made = supervisor.post("/reply-templates/", verb="reply", title=f"餐饮答复 {number}", body=LETTER)
    assert made.status_code == 201, made.text
    return number


@pytest.mark.journey
def test_two_officers_at_one_case_see_each_other_and_the_lead_closes_last(staff, shared_case: str):
    number = shared_case
    dispatcher, lead, branch = staff("dispatcher"), staff("xihu_samr"), staff("xihu_mee")
    row = lead.get_by_test_id(f"row-{number}")
    expect(row.get_by_test_id("due")).to_contain_text("还剩", timeout=WAIT)
    picture(lead, "officer-1-queue")
    for page in (dispatcher, lead, branch):
        page.goto(f"/staff/cases/{number}")
        expect(page.get_by_test_id("parties")).to_contain_text(BRANCH)
    expect(lead.get_by_test_id("presence")).to_contain_text("西湖环保小郑", timeout=WAIT)
    branch.evaluate("window.neverReloaded = true")
    act(lead, "sign")
    expect(branch.get_by_test_id("state")).to_contain_text("已签收", timeout=WAIT)
    picture(branch, "officer-2-live")
    act(lead, "accept")
    act(lead, "request_extension", working_days="5", text="油烟检测需要时间")
    expect(lead.get_by_test_id("requests")).to_contain_text("等待派单员决定", timeout=WAIT)
    act(dispatcher, "grant_extension", working_days="3", text="同意三天")
    expect(lead.get_by_test_id("requests")).to_contain_text("3 个工作日", timeout=WAIT)

    act(branch, "sign_part")
    begin(branch, "reply_part")
    expect(lead.get_by_test_id("presence")).to_contain_text("正在填写", timeout=WAIT)
    begin(lead, "reply")
    dialog = lead.get_by_role("dialog").locator("visible=true")
    expect(dialog.get_by_test_id("busy")).to_contain_text("西湖环保小郑", timeout=WAIT)
    dialog.get_by_test_id("template-pick").select_option(label=f"餐饮答复 {number}")
    answer = dialog.get_by_test_id("dialog-text")
    expect(answer).to_have_value(f"您好，您于{today(lead)}反映的餐饮问题（编号 {number}）收悉。【请写核查情况】")
    dialog.get_by_test_id("dialog-confirm").click()
    expect(answer).to_be_focused()
    expect(dialog.get_by_test_id("field-error")).to_contain_text("核查情况")
    manners = answer.input_value().removesuffix("【请写核查情况】")
    answer.fill(f"{manners}{FOUND}店主张某身份证号330106199003074412。")
    expect(dialog.get_by_test_id("finding-personal_data")).to_contain_text("330106199003074412", timeout=WAIT)
    picture(lead, "officer-3-reply-check")
    answer.fill(manners + FOUND)
    expect(dialog.get_by_test_id("finding-personal_data")).to_have_count(0, timeout=WAIT)
    dialog.get_by_test_id("dialog-confirm").click()
    expect(lead.get_by_test_id("state")).to_contain_text("已答复", timeout=WAIT)
    expect(branch.get_by_test_id("replies")).to_contain_text("责令其三日内整改", timeout=WAIT)

    act(
        lead, "close", text="整改完成", solved="partly", ground="no_agreement", why_not="油烟仍需复测",
        claimed="300", recovered="120.50",
    )  # fmt: skip
    refusal = lead.get_by_role("dialog").locator("visible=true")
    expect(refusal).to_contain_text(BRANCH, timeout=WAIT)
    picture(lead, "officer-4-close-refused")
    expect(lead.get_by_test_id("state")).to_contain_text("已答复")
    branch.get_by_test_id("dialog-text").fill("油烟净化设施已清洗，复测达标。")
    branch.get_by_test_id("dialog-confirm").locator("visible=true").click()
    expect(lead.get_by_test_id("parties")).to_contain_text("复测达标", timeout=WAIT)
    expect(lead.get_by_test_id("dialog-why_not")).to_have_value("油烟仍需复测")
    lead.get_by_test_id("dialog-confirm").locator("visible=true").click()
    expect(lead.get_by_test_id("state")).to_contain_text("已办结", timeout=WAIT)
    expect(lead.get_by_test_id("outcome")).to_contain_text("120.50")
    expect(branch.get_by_test_id("state")).to_contain_text("已办结", timeout=WAIT)
    assert branch.evaluate("window.neverReloaded") is True
    picture(lead, "officer-5-closed")


def today(page: Page) -> str:
    """As letters have it, in Beijing."""
    words: str = page.evaluate("new Date().toLocaleDateString('zh-CN', {dateStyle: 'long', timeZone: 'Asia/Shanghai'})")
    return words


def test_a_returned_case_is_given_on_from_a_phone_with_its_ground(citizen: Page, stack: Stack, staff):
    receipt = Person(stack).file(FUME)
    number = receipt["number"]
    give(Person(stack, "dispatcher"), number, BUREAU)
    officer, dispatcher = staff("xihu_samr", PHONE), staff("dispatcher")
    expect(officer.get_by_test_id(f"row-{number}")).to_be_visible(timeout=WAIT)
    officer.goto(f"/staff/cases/{number}")
    begin(officer, "return")
    officer.get_by_test_id("dialog-text").fill("该店已划转综合执法管辖")
    officer.get_by_test_id("dialog-confirm").click()
    expect(officer.get_by_test_id("dialog-ground")).to_be_focused()
    officer.get_by_test_id("dialog-ground").select_option("enforcement_moved")
    officer.get_by_test_id("dialog-confirm").click()
    expect(officer.get_by_test_id("state")).not_to_contain_text("已派单", timeout=WAIT)
    dispatcher.goto(f"/staff/cases/{number}")
    begin(dispatcher, "refuse")
    dispatcher.get_by_test_id("dialog-ground").select_option("taken_elsewhere")
    dispatcher.get_by_test_id("dialog-text").fill("法院已经受理同一纠纷，请等待判决。")
    dispatcher.get_by_test_id("dialog-confirm").click()
    follow(citizen, number, receipt["query_code"])
    expect(citizen.get_by_test_id("refused")).to_contain_text("请等待判决", timeout=WAIT)
