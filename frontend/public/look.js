// The look that somebody chose, put on <html> before the first paint. A file of its own, not inline: the page's
// security policy takes no inline scripts. src/design/look.ts changes it later, under the same names.
(function () {
  // a case is open in this tab: what is seen first is not the form that asks for it
  function followed() {
    try {
      return sessionStorage.getItem("zst.case") !== null;
    } catch (error) {
      return false;
    }
  }
  var chosen = {};
  try {
    chosen = JSON.parse(localStorage.getItem("zst.look") || "{}") || {};
  } catch (error) {
    // no storage, or something unreadable in it: as the system has it
  }
  var dark = chosen.theme === "dark" || (chosen.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.querySelector('meta[name="color-scheme"]').content = dark ? "dark" : "light"; // the ground before any style
  document.documentElement.dataset.page = { "/": "file", "/track": followed() ? "other" : "track" }[location.pathname] || "other";
  document.documentElement.dataset.size = chosen.size === "big" ? "big" : "normal";

  // The scripts of the page that is asked for, beside the first script and not after it; the build says which they are.
  var pages = document.querySelector('meta[name="pages"]');
  ((pages && JSON.parse(pages.content)[location.pathname]) || []).forEach(function (address) {
    var link = document.createElement("link");
    link.crossOrigin = "";
    if (/\.css$/.test(address)) {
      link.rel = "preload";
      link.as = "style";
    } else link.rel = "modulepreload";
    link.href = address;
    document.head.appendChild(link);
  });
})();
