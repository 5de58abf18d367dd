/** Texts that both applications use. */
export default {
  brand: "质诉通",
  optional: "（选填）",
  loading: "正在加载……",
  retry: "重试",
  cancel: "取消",
  back: "返回",
  skip: "跳到主要内容",
  justNow: "刚刚",
  notGiven: "未填写",
  copy: { copy: "复制", copied: "已复制", failed: "请手动抄写" },
  urgency: { U1: "特急", U2: "紧急", U3: "重要", U4: "一般" },
  live: {
    live: { name: "实时", detail: "与服务器保持连接，有变化立即显示" },
    "catching-up": { name: "补收中", detail: "连接已恢复，正在补收断开期间的变化" },
    offline: { name: "离线", detail: "连接已断开，正在自动重连；屏幕上的内容可能不是最新的" },
  },
  due: {
    green: "还剩 {time}", amber: "还剩 {time}", red: "快到期，剩 {time}", overdue: "已超 {time}", paused: "暂停计时", met: "按时完成",
    missed: "逾期完成", lapsed: "已过期限", cancelled: "不再计时", today: "今天 {time}",
  },
  problem: {
    offline: "网络连接不上，请检查网络后重试。",
    server: "系统暂时无法处理，请稍后再试。",
    fields: "有 {n} 处内容需要修改，请看标红的地方。",
  },
  place: {
    province: "省",
    city: "市",
    county: "县（市、区）",
    choose: "请选择",
    wholeCity: "不清楚具体区县",
    noCounty: "本市不设区县",
  },
  attachments: {
    open: "查看 {name}",
    size: "{n} MB",
    small: "{n} KB",
    failed: "文件打不开，请稍后再试。",
  },
} as const;
