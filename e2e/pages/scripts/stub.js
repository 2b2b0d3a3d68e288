// What a page puts above the script tag: calls made before the SDK has loaded.
window.telemetry = window.telemetry || { q: [] };
['track', 'page', 'identify', 'reset', 'flush'].forEach(function (m) {
  telemetry[m] = telemetry[m] || function () { telemetry.q.push([m, arguments]); };
});
// A desktop has no share sheet; where there is one, it is this call that opens it.
navigator.share = function () { return Promise.resolve(); };
