import { describe, expect, it } from "vitest";
import { checkWhat, checkWhere, checkWho, lengthOf, looksLikePhone, stepOf } from "./check";
import { bodyOf, discardDraft, emptyDraft, restoreDraft, saveDraft } from "./draft";

function filled() {
  const draft = emptyDraft();
  Object.assign(draft.matter, {
    text: "牛奶过期", eventAt: "2026-11-21T18:30", province: "330000", city: "330100", county: "330106",
    respondentName: "某某超市",
  });
  Object.assign(draft.person, { name: "张三", phone: "13800001234" });
  return draft;
}

describe("the draft on the device", () => {
  it("comes back whole in the same window, with the key it had", () => {
    const draft = filled();
    draft.unsure = true;
    expect(saveDraft(draft)).toBe(true);
    expect(restoreDraft()).toEqual(draft);
  });

  it("keeps consents only with a draft that must go again unchanged", () => {
    const draft = filled();
    draft.consent.notice = draft.consent.publish = true;
    saveDraft(draft);
    expect(restoreDraft()?.consent).toEqual(emptyDraft().consent);
    draft.unsure = true;
    saveDraft(draft);
    expect(restoreDraft()?.consent).toEqual(draft.consent);
  });

  it("keeps nothing personal beyond the window", () => {
    saveDraft(filled());
    expect(localStorage.getItem("zst.draft.matter")).not.toMatch(/张三|13800001234/);
    sessionStorage.clear();
    const restored = restoreDraft();
    expect(restored?.matter.text).toBe("牛奶过期");
    expect(restored?.person).toEqual(emptyDraft().person);
  });

  it("is dropped after a week, after sending, and when unreadable", () => {
    saveDraft(filled(), 0);
    sessionStorage.clear();
    expect(restoreDraft(7 * 24 * 3600 * 1000 + 1)).toBeNull();
    saveDraft(filled());
    discardDraft();
    expect(restoreDraft()).toBeNull();
    localStorage.setItem("zst.draft.matter", "{not json");
    expect(restoreDraft()).toBeNull();
  });

  it("is not restored when nothing was written", () => {
    saveDraft(emptyDraft());
    expect(restoreDraft()).toBeNull();
  });
});

describe("what is sent", () => {
  it("holds what was typed and leaves out the rest", () => {
    expect(bodyOf(filled())).toEqual({
      text: "牛奶过期",
      region: "330106",
      event_at: "2026-11-21T18:30:00+08:00",
      respondent: { name: "某某超市" },
      requester: { name: "张三", phone: "13800001234" },
      declared: { consents: ["notice"] },
    });
  });

  it("names each consent that was given, and none that does not fit", () => {
    const draft = filled();
    Object.assign(draft.consent, { notice: true, idNumber: true, publish: true, mediation: true });
    expect(bodyOf(draft).declared?.consents).toEqual(["notice", "publish", "mediation"]);
    draft.person.idNumber = "11010519491231002x";
    expect(bodyOf(draft).declared?.consents).toEqual(["notice", "sensitive", "publish", "mediation"]);
    draft.person.anonymous = true;
    expect(bodyOf(draft).declared?.consents).toEqual(["publish"]);
  });

  it("carries an answer about a topic and a like case, or nothing of it", () => {
    const draft = filled();
    Object.assign(draft.said, { topic: "P01", answer: "", sameAs: "" });
    expect(bodyOf(draft).declared).toEqual({ consents: ["notice"] });
    Object.assign(draft.said, { answer: "unsure", sameAs: "k" });
    expect(bodyOf(draft).declared).toEqual({ consents: ["notice"], topic: "P01", topic_answer: "unsure", same_as: "k" });
  });

  it("falls back to the city where no county is known", () => {
    const draft = filled();
    draft.matter.county = "";
    expect(bodyOf(draft).region).toBe("330100");
  });

  it("holds nothing personal when anonymous, even if it was typed before", () => {
    const draft = filled();
    draft.person.anonymous = true;
    expect(bodyOf(draft).requester).toEqual({ anonymous: true });
  });
});

describe("what is asked for before going on", () => {
  const { matter, person } = filled();
  const now = Date.parse("2026-11-22T00:00:00Z");

  it("takes a complete draft", () => {
    expect(checkWhat(matter, now)).toEqual({});
    expect(checkWhere(matter)).toEqual({});
    expect(checkWho(person, { notice: true, idNumber: false })).toEqual({});
  });

  it("wants words, not blanks, and at most 10,000 of them", () => {
    expect(checkWhat({ ...matter, text: " \n　" }, now)).toEqual({ text: "text" });
    expect(checkWhat({ ...matter, text: "字".repeat(10_000) }, now)).toEqual({});
    expect(checkWhat({ ...matter, text: "字".repeat(10_001) }, now)).toEqual({ text: "textTooLong" });
    expect(lengthOf("😀字")).toBe(2);
  });

  it("refuses a time to come", () => {
    expect(checkWhat({ ...matter, eventAt: "2026-11-22T08:01" }, now)).toEqual({ event_at: "eventAt" });
    expect(checkWhat({ ...matter, eventAt: "2026-11-22T08:00" }, now)).toEqual({});
  });

  it("wants a city, name, phone and consent, and a consent of its own for the identity number", () => {
    expect(checkWhere({ ...matter, city: "", county: "" })).toEqual({ region: "region" });
    expect(checkWho({ ...person, name: "", phone: " ", idNumber: "1" }, { notice: false, idNumber: false })).toEqual({
      "requester.name": "name",
      "requester.phone": "phone",
      consent: "consent",
      consent_id: "consentId",
    });
    expect(checkWho({ ...person, anonymous: true, name: "" }, { notice: false, idNumber: false })).toEqual({});
  });

  it("knows a phone number in its usual spellings, before it is sent", () => {
    for (const typed of ["13800001234", "+86 138-0000-1234", "１３８００００１２３４", "0571-8888 8888", "(0571)88888888#12", "4008001234", "12345"]) expect(looksLikePhone(typed), typed).toBe(true);
    for (const typed of ["123", "1380000123", "12800001234", "138abcd1234", "电话没有"]) expect(looksLikePhone(typed), typed).toBe(false);
    expect(checkWho({ ...person, phone: "1380000123" }, { notice: true, idNumber: false })).toEqual({ "requester.phone": "phoneShape" });
    expect(checkWhere({ ...matter, respondentPhone: "123" })).toEqual({ "respondent.phone": "phoneShape" });
    expect(checkWhere({ ...matter, respondentPhone: "" })).toEqual({});
  });

  it("finds the first step that a refusal is about", () => {
    expect(stepOf(["requester.phone", "region"])).toBe("where");
    expect(stepOf(["requester.phone"])).toBe("who");
    expect(stepOf(["channel"])).toBeNull();
  });
});
