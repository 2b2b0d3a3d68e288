/** How each client is told where to send: the same key and host, in the words of the client. */
export type Client = "snippet" | "sunbird" | "posthog-js" | "posthog-node" | "posthog-python" | "curl";

/** In the order of the tabs. */
export const CLIENTS: readonly Client[] = [
  "snippet",
  "sunbird",
  "posthog-js",
  "posthog-node",
  "posthog-python",
  "curl",
];

type Write = (host: string, key: string) => string;

// A page view is kept from level Basic on, so the examples send one: the first event then arrives at every level but Security.
const WRITERS: Record<Client, Write> = {
  snippet: (host, key) => `<script async src="${host}/telemetry.js" data-key="${key}"></script>`,
  sunbird: (host, key) => `// @project-sunbird/telemetry-sdk, after jQuery and telemetry.min.js
$t.initialize({
  host: "${host}",
  apislug: "",
  endpoint: "/data/v3/telemetry",
  authtoken: "${key}",
  pdata: { id: "my.app", ver: "1.0", pid: "web" },
  env: "home"
});
$t.impression({ type: "view", pageid: "home", uri: location.pathname });
$t.syncEvents();`,
  "posthog-js": (host, key) => `import posthog from "posthog-js";

posthog.init("${key}", { api_host: "${host}" });`,
  "posthog-node": (host, key) => `import { PostHog } from "posthog-node";

const posthog = new PostHog("${key}", { host: "${host}" });
posthog.capture({
  distinctId: "teacher-1",
  event: "$pageview",
  properties: { $pathname: "/attendance" }
});
await posthog.shutdown();`,
  "posthog-python": (host, key) => `from posthog import Posthog

posthog = Posthog("${key}", host="${host}")
posthog.capture("$pageview", distinct_id="teacher-1", properties={"$pathname": "/attendance"})
posthog.shutdown()`,
  curl: (host, key) => `curl ${host}/i/v0/e/ \\
  -H 'Content-Type: application/json' \\
  -d '{"api_key":"${key}","event":"$pageview","distinct_id":"teacher-1","properties":{"$pathname":"/attendance"}}'`,
};

/** The text to paste. `host` is the origin that the page was opened at. */
export const snippetFor = (client: Client, host: string, key: string): string => WRITERS[client](host, key);
