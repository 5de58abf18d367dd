/** Mediation, reports and rewards, as people at work read of them. Spread into staff.ts. */
export const verb = {
  begin_mediation: "开始调解", mediation_session: "登记调解会", ask_recusal: "登记回避申请", decide_recusal: "决定回避",
  mediation_agreed: "达成协议", end_mediation: "终止调解", tell_parties: "告知双方", begin_verification: "开始核查",
  decide_report: "决定是否立案", tell_reporter: "告知举报人", tell_result: "告知处理结果", close_report: "办结举报",
  propose_reward: "提出奖励", approve_reward: "批准奖励", refuse_reward: "不予奖励", pay_reward: "发放奖励",
  separate_report: "投诉举报分开",
} as const;

export const field = {
  complainantHow: "投诉人同意的方式", complainantOn: "投诉人同意的日期", respondentHow: "被投诉人同意的方式", respondentOn: "被投诉人同意的日期",
  delegatedTo: "委托调解的组织", delegationAgreed: "投诉人同意委托", sessionAt: "调解时间", manner: "调解方式", sessionPlace: "地点",
  complainantCame: "投诉人到场", respondentCame: "被投诉人到场", sessionNotes: "调解记录", side: "申请人", recusalReason: "申请理由",
  granted: "是否回避", terms: "协议内容", agreedAmount: "协议金额（元）", performed: "已即时履行", statement: "调解书文号",
  mediationGround: "终止情形", endText: "告知内容", how: "告知方式", noticeText: "告知内容", filed: "是否立案", fileGround: "立案依据",
  noFileGround: "不予立案的情形", penaltyNumber: "立案文号", findings: "核查情况", basis10: "应当告知的依据", level: "奖励等级",
  fine: "罚没款（元）", bonus: "内部举报加奖（元）", sanctionNumber: "处罚决定书文号", naturalPerson: "举报人是自然人", financeApproval: "财政批准文号",
  collectionCode: "领奖码",
} as const;

export const hint = {
  delegatedTo: "不委托的留空，由本单位调解。",
  sessionAt: "还没有开的填约定时间，诉求人会看到；已经开过的填实际时间和到场情况。",
  sessionNotes: "只有工作人员看得到。",
  terms: "双方约定的内容、期限和履行方式。诉求人会看到。",
  statement: "已即时履行的可以不制作调解书。",
  endText: "写明终止的理由，以及还可以仲裁、起诉等。诉求人会看到全文。",
  findings: "查明的事实和证据，供内部存档，不会发给举报人。",
  notice: "告知是否立案。不要写入举报人的身份信息。举报人会看到全文。",
  basis10: "法律、法规或规章要求告知结果的条款。",
  fine: "没有罚没款的填 0，按最低金额计算。",
  financeApproval: "达到规定金额的必须填写。",
  collectionCode: "由举报人提供，不询问、不登记姓名。",
  separate: "同一段话既要求退赔又要求查处时使用。会另立一件，举报人身份对承办单位封存。",
} as const;

export const by = { on_site: "当面", phone: "电话", online: "互联网", sms: "短信", letter: "信函" } as const;
export const manner = { on_site: "现场", phone: "电话", video: "视频" } as const;
export const came = { yes: "到场", no: "未到场" } as const;
export const filed = { yes: "立案", no: "不予立案" } as const;
export const granted = { yes: "回避，更换调解人员", no: "不回避" } as const;
export const side = { complainant: "投诉人", respondent: "被投诉人" } as const;

export const panel = {
  mediation: "调解",
  state: { open: "进行中", agreed: "已达成协议", ended: "已终止", rests: "暂停，待决定回避" },
  consent: "双方同意",
  consentLine: "投诉人 {day}（{how}）",
  consentOther: "被投诉人 {day}（{how}）",
  delegated: "委托组织",
  planned: "约定",
  held: "投诉人{complainant}，被投诉人{respondent}",
  terms: "协议内容",
  amount: "协议金额",
  performed: "已即时履行",
  statement: "调解书",
  ground: "终止情形",
  told: "告知双方",
  toldLine: "{at}（{how}）",
  notTold: "尚未告知",
  verification: "举报核查",
  verifying: "核查中",
  findings: "核查情况",
  filed: "立案",
  notFiled: "不予立案",
  penalty: "立案文号",
  why: "依据",
  toldReporter: "告知举报人",
  toldResult: "告知结果",
  reward: "举报奖励",
  level: "等级",
  fine: "罚没款",
  share: "{n}%",
  bonus: "加奖",
  sum: "奖励金额",
  finance: "财政批准",
  needsFinance: "须财政批准",
  paidAt: "发放时间",
  suggests: "这段话可能既要求退赔（投诉）又要求查处（举报）。两者应当分开办理。",
} as const;
