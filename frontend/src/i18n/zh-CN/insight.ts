/** What the model makes of one case. */
export default {
  heading: { why: "为什么这样判断", matters: "可能含多个事项", similar: "相似诉求" },
  offline: "连接已断开，这里可能不是最新的。",
  strength: { strong: "强", medium: "中", weak: "弱" },
  why: {
    topics: "查看其他类别的依据",
    own: "人工确定",
    lead: "下面的短语支持“{topic}”，已在正文中用双下划线标出，线越粗作用越大：",
    none: "没有哪个短语单独起决定作用，判断依据的是全文。",
    title: "标题",
    legend: "双下划线：判断依据",
  },
  matters: {
    none: "模型没有看出多个事项。",
    lead: "模型看出 {n} 个事项，指向一项可在正文中看到它的位置。",
    lead_unit: "建议单位：{unit}",
    no_unit: "规则没有给出单位",
    split: "按这些事项拆分……",
  },
  similar: { none: "没有找到相似的诉求。", percent: "相似 {n}%", duplicate: "疑似重复" },
} as const;
