// Runs before the first paint, so that a dark page never flashes white. A file, since the page allows no inline script.
(function () {
  var scheme = "auto";
  var language = "en";
  try {
    scheme = localStorage.getItem("telemetry.scheme") || "auto";
    language = localStorage.getItem("telemetry.language") || "en";
  } catch (error) {
    // Storage may be forbidden; the defaults stand.
  }
  var dark = scheme === "dark" || (scheme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
  document.documentElement.lang = language;
})();
