import { expect, it } from "vitest";
import citizen from "@/i18n/zh-CN/citizen";
import html from "../../index.html?raw";

it("is read before the script as it is after it", () => {
  expect(html).toContain(`<h1>${citizen.file.heading}</h1>`);
  expect(html).toContain(`<p>${citizen.file.lead}</p>`);
  expect(html).toContain(`<h1>${citizen.track.heading}</h1>`);
  expect(html).toContain(`<p>${citizen.track.lead}</p>`);
  expect(html).toContain(`<p class="emergency">${citizen.footer.emergency}</p>`);
  expect(html).toContain(`<p>${citizen.footer.hotline}</p>`);
});
