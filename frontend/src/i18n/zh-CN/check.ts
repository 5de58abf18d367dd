/** Is a paper genuine? */
export default {
  heading: "文书核验",
  lead: "输入文书页脚的核验码，核对文书是否由承办单位制作。这里不显示任何个人信息。",
  code: "核验码",
  hint: "例如 3391-2026-1-7KQ4MZ",
  empty: "请填写核验码。",
  go: "核验",
  genuine: "本文书真实",
  genuineHint: "请核对纸面上的名称、编号、单位和日期是否与下面一致。",
  false: "没有找到这份文书",
  falseHint: "请检查核验码是否输错。如确认无误，这可能是一份假文书，请向承办单位核实。",
  title: "文书名称",
  number: "文书编号",
  unit: "制作单位",
  on: "制作日期",
} as const;
