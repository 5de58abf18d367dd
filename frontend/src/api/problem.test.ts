import { expect, it } from "vitest";
import { asProblem, Problem, problemFrom } from "./problem";

it("keeps the server's words and flattens the fields", () => {
  const problem = problemFrom(400, {
    type: "about:blank",
    title: "请求有误",
    status: 400,
    detail: "请检查标出的内容。",
    code: "invalid",
    errors: { text: ["不能为空。"], requester: { phone: ["号码不对。", "请重填。"] }, "respondent.uscc": ["代码不对。"] },
  });
  expect(problem.detail).toBe("请检查标出的内容。");
  expect(problem.code).toBe("invalid");
  expect(problem.fields).toEqual({
    text: "不能为空。",
    "requester.phone": "号码不对。 请重填。",
    "respondent.uscc": "代码不对。",
  });
  expect(problem.isConflict).toBe(false);
});

it("falls back to the title, and to nothing when a proxy answered", () => {
  expect(problemFrom(409, { title: "已被更新", code: "conflict" })).toMatchObject({ detail: "已被更新", isConflict: true });
  expect(problemFrom(502, "<html>Bad gateway</html>")).toMatchObject({ status: 502, code: "unreadable", detail: "" });
});

it("does not swallow faults of our own", () => {
  const problem = new Problem(0, "offline", "");
  expect(asProblem(problem)).toBe(problem);
  expect(problem.isOffline).toBe(true);
  expect(() => asProblem(new TypeError("x is undefined"))).toThrow(TypeError);
});
