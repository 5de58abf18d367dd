import type { CaseDetail, CaseRow, Clock, Me, Party, Region } from "@/api/types";

export const regions: Region[] = [
  { code: "330000", name: "浙江省", level: "province", parent: null },
  { code: "330100", name: "杭州市", level: "city", parent: "330000" },
  { code: "330106", name: "西湖区", level: "county", parent: "330100" },
];

export const officer: Me = {
  username: "xihu_samr", display_name: "小林", role: "officer", unit: { id: 7, name: "西湖区市场监督管理局" }, region: null,
};

/** A row of a queue; numbers rise with the time of receipt, as the server's do. */
export function row(n: number, more: Partial<CaseRow> = {}): CaseRow {
  return {
    number: `20261122-${String(n).padStart(6, "0")}-1`, state: "dispatched", state_name: "已派单", domain: "product",
    topic: { code: "P01", name: "食品" }, urgency: "U4", intent: "complaint", summary: `第 ${n} 件`,
    region: { code: "330106", name: "浙江省杭州市西湖区" }, lead: { id: 7, name: "西湖区市场监督管理局" }, my_part: "lead",
    channel: "web", channel_name: "网页", received_at: new Date(Date.UTC(2026, 10, 22, 1, n)).toISOString(),
    updated_at: "2026-11-22T02:00:00Z", version: 2, due_at: null, clock_state: null, highlights: null, ...more,
  };
}

export function detail(n: number, more: Partial<CaseDetail> = {}): CaseDetail {
  return {
    ...row(n), title: "", text: "牛奶过期", event_at: null, place: "", source_line: "", sealed: false,
    requester: { name: "张**", phone: "138****1234", id_number: "", address: "", anonymous: false },
    respondent: { name: "", uscc: "", address: "", phone: "", product_name: "", gtin: "", lot_number: "", linked: null },
    attachments: [], answers: [], participants: [], parties: [], requests: [], supervision: [], notices: [], linked: [], refilings: [], outcome: null, satisfaction: [], mediation: null, verification: null, reward: null, suggests_report: false, declared: null, clocks: [], decision: null, prediction: null, replies: [], actions: ["sign", "note", "return"], ...more,
  };
}

export function party(id: number, more: Partial<Party> = {}): Party {
  return {
    unit: { id, name: `第 ${id} 局` }, part: "participant", part_name: "参与", active: true, status: "waiting", status_name: "待签收",
    since: "2026-11-22T02:00:00Z", signed_at: null, replied_at: null, answer: "", reason: "", ...more,
  };
}

export function clock(code: string, more: Partial<Clock> = {}): Clock {
  return {
    code, label: "办理答复", source: "某办法第九条", state: "green", started_at: "2026-11-22T02:00:00Z", due_at: "2026-12-04T09:30:00Z",
    met_at: null, paused: false, window: false, provisional: false, unit: null, ...more,
  };
}
