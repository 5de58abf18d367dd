"""Several units on one case, in the browser: each answers, the lead closes last, the citizen says how it went."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.people import PHONE, WAIT, act, begin, file_complaint, picture

UNSURE = "有个事情想反映一下，希望有关部门管一管"  # so that a dispatcher decides, whatever the model
BRANCH = "杭州市生态环境局西湖分局"


def give_to_market_regulator(dispatcher: Page, number: str, *, with_branch: bool = False) -> None:
    row = dispatcher.get_by_test_id(f"row-{number}")
    expect(row).to_be_visible(timeout=WAIT)
    row.click()
    topic, participants = dispatcher.get_by_test_id("topic"), dispatcher.get_by_test_id("participants")
    topic.click()
    topic.locator("input").fill("餐饮")
    dispatcher.get_by_role("option").filter(has_text="餐饮食品安全").click()
    expect(dispatcher.get_by_test_id("lead-unit")).to_contain_text("杭州市西湖区市场监督管理局")
    if with_branch:
        participants.click()
        participants.locator("input").fill("生态环境局西湖")
        dispatcher.get_by_role("option").filter(has_text=BRANCH).locator("visible=true").click()
        dispatcher.keyboard.press("Escape")
    dispatcher.get_by_test_id("preset-duty").click()
    dispatcher.get_by_test_id("dispatch").click()
    expect(dispatcher.get_by_test_id("triage-list").get_by_test_id(f"row-{number}")).to_have_count(0, timeout=WAIT)


def test_the_lead_closes_only_after_the_participant_answered_and_the_citizen_rates(citizen: Page, staff):
    dispatcher, lead, branch = staff("dispatcher"), staff("xihu_samr"), staff("xihu_mee")
    number, _code = file_complaint(citizen, UNSURE)
    give_to_market_regulator(dispatcher, number, with_branch=True)
    row = lead.get_by_test_id(f"row-{number}")
    expect(row.get_by_test_id("due")).to_contain_text("还剩", timeout=WAIT)
    picture(lead, "queue-1440")
    for page in (dispatcher, lead, branch):
        page.goto(f"/staff/cases/{number}")
        expect(page.get_by_test_id("parties")).to_contain_text(BRANCH)
    act(lead, "sign")
    act(lead, "accept")
    act(lead, "request_extension", working_days="5", text="油烟检测需要时间")
    expect(lead.get_by_test_id("requests")).to_contain_text("等待派单员决定", timeout=WAIT)
    lead.get_by_test_id("act-more").click()
    picture(lead, "case-menu-1440")
    act(dispatcher, "grant_extension", working_days="3", text="同意三天")
    expect(lead.get_by_test_id("requests")).to_contain_text("3 个工作日", timeout=WAIT)
    citizen.get_by_test_id("to-track").click()
    expect(citizen.get_by_test_id("clocks")).to_be_visible(timeout=WAIT)
    picture(citizen, "track-working-390")
    lead.keyboard.press("Escape")
    act(lead, "reply", text="已责令整改后厨卫生，油烟情况由生态环境部门检测。")
    act(
        lead,
        "close",
        text="整改完成",
        solved="partly",
        ground="no_agreement",
        why_not="油烟仍需复测",
        claimed="300",
        recovered="120.50",
    )
    dialog = lead.get_by_role("dialog").locator("visible=true")
    expect(dialog).to_contain_text(BRANCH, timeout=WAIT)
    picture(lead, "close-refused-1440")
    expect(lead.get_by_test_id("state")).to_contain_text("已答复")
    act(branch, "sign_part")
    picture(branch, "participant-1440")
    act(branch, "reply_part", text="油烟净化设施已清洗，复测达标。")
    expect(lead.get_by_test_id("parties")).to_contain_text("复测达标", timeout=WAIT)
    expect(lead.get_by_test_id("dialog-why_not")).to_have_value("油烟仍需复测")
    lead.get_by_test_id("dialog-confirm").locator("visible=true").click()
    expect(lead.get_by_test_id("state")).to_contain_text("已办结", timeout=WAIT)
    expect(lead.get_by_test_id("outcome")).to_contain_text("120.50")

    expect(citizen.get_by_test_id("state")).to_contain_text("已办结", timeout=WAIT)
    picture(citizen, "track-closed-390")
    citizen.get_by_test_id("grade-4").click()
    citizen.get_by_test_id("solved-partly").click()
    citizen.get_by_test_id("rate-comment").fill("处理得还算快")
    citizen.get_by_test_id("rate").click()
    expect(citizen.get_by_test_id("rated")).to_contain_text("满意", timeout=WAIT)
    expect(lead.get_by_test_id("outcome")).to_contain_text("处理得还算快", timeout=WAIT)
    picture(lead, "case-closed-1440")


def test_a_returned_case_is_given_on_from_a_phone_with_its_ground(citizen: Page, staff):
    officer, dispatcher = staff("xihu_samr", PHONE), staff("dispatcher")
    number, _code = file_complaint(citizen, UNSURE)
    give_to_market_regulator(dispatcher, number)
    row = officer.get_by_test_id(f"row-{number}")
    expect(row).to_be_visible(timeout=WAIT)
    picture(officer, "queue-390")
    officer.goto(f"/staff/cases/{number}")
    begin(officer, "return")
    officer.get_by_test_id("dialog-text").fill("该店已划转综合执法管辖")
    officer.get_by_test_id("dialog-confirm").click()
    expect(officer.get_by_test_id("dialog-ground")).to_be_focused()
    picture(officer, "return-390")
    officer.get_by_test_id("dialog-ground").select_option("enforcement_moved")
    officer.get_by_test_id("dialog-confirm").click()
    expect(officer.get_by_test_id("state")).not_to_contain_text("已派单", timeout=WAIT)
    picture(officer, "case-390")
    dispatcher.goto(f"/staff/cases/{number}")
    begin(dispatcher, "split")
    expect(dispatcher.get_by_test_id("split-form")).to_be_visible()
    picture(dispatcher, "split-1440")
    dispatcher.keyboard.press("Escape")
    expect(dispatcher.get_by_test_id("split-form")).to_have_count(0)
    begin(dispatcher, "refuse")
    dispatcher.get_by_test_id("dialog-ground").select_option("taken_elsewhere")
    dispatcher.get_by_test_id("dialog-text").fill("法院已经受理同一纠纷，请等待判决。")
    dispatcher.get_by_test_id("dialog-confirm").click()
    citizen.get_by_test_id("to-track").click()
    expect(citizen.get_by_test_id("refused")).to_contain_text("请等待判决", timeout=WAIT)
    picture(citizen, "track-refused-390")
