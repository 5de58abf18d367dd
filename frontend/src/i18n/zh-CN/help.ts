import { daysWords, fullDay } from "@/time/display";

/** What readers of articles see in both applications; it comes with the pages that need it, not with the first script. */
export const vote = {
  ask: "这条对您有帮助吗？", yes: "有帮助", no: "没有帮助", why: "哪里不好？", thanks: "谢谢，已经记下。", send: "提交",
  comment: "想说的话（可不填，请不要写个人信息）",
  reasons: { unclear: "看不明白", incomplete: "没有回答我的问题", outdated: "内容过时", wrong: "内容不对", other: "其他" },
};
export const domains = { P: "产品质量", E: "工程质量", S: "服务质量", V: "环境质量" };
export const everywhere = "不限地区";
export const based = (law: string): string => `法律依据：${law}`;
export const overdue = "这一条已过复核日期，内容可能有变化。";
export const from = (day: string): string => `${fullDay(day)}起有效`;
export const until = (first: string, last: string): string => `${daysWords(first, last)}有效`;
export const help = {
  heading: "常见问题",
  lead: "先看看有没有现成的答案。没有找到的，可以直接反映。",
  label: "搜索问题",
  placeholder: "如：预付卡 退款",
  go: "搜索",
  none: "没有找到。换个说法试试，或者直接反映您的问题。",
  more: "加载更多",
  back: "返回全部问题",
  file: "没有解决，去反映",
  gone: "没有这一条，或者它已经撤下。",
};
export const answers = { heading: "也许这里有答案" };
