// The look that somebody chose, put on <html> before the first paint. A file of its own, not inline: the page's
// security policy takes no inline scripts. src/design/look.ts changes it later, under the same names.
(function () {
  var chosen = {};
  try {
    chosen = JSON.parse(localStorage.getItem("zst.look") || "{}") || {};
  } catch (error) {
    // no storage, or something unreadable in it: as the system has it
  }
  var dark = chosen.theme === "dark" || (chosen.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.querySelector('meta[name="color-scheme"]').content = dark ? "dark" : "light"; // the ground before any style
  document.documentElement.dataset.page = location.pathname === "/" ? "file" : "other";
  document.documentElement.dataset.size = chosen.size === "big" ? "big" : "normal";
})();
