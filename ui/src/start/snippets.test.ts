import { expect, test } from "vitest";
import { CLIENTS, snippetFor } from "./snippets";

const HOST = "https://stats.example.in";
const KEY = "tmw_abc123";

test.each(CLIENTS)("the text for %s carries the key and the host", (client) => {
  const text = snippetFor(client, HOST, KEY);
  expect(text).toContain(KEY);
  expect(text).toContain(HOST);
});

test("our snippet is one script element", () => {
  expect(snippetFor("snippet", HOST, KEY)).toBe(
    `<script async src="${HOST}/telemetry.js" data-key="${KEY}"></script>`,
  );
});

test("the curl example carries valid JSON", () => {
  const body = /-d '(.*)'/.exec(snippetFor("curl", HOST, KEY))?.[1] ?? "";
  expect(JSON.parse(body)).toMatchObject({ api_key: KEY, event: "$pageview" });
});
