import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { call, callForFile, post, reachable } from "./client";
import { ApiError, errorDetails, readError, Unreachable } from "./errors";
import { armLoginGate, disarmLoginGate, loginHappened, loginNeeded } from "./login-gate";

const answers: (Response | Error)[] = [];
const fetched = vi.fn((_path: string, _init: RequestInit) => {
  const next = answers.shift();
  return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new Error("nothing prepared"));
});
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

beforeEach(() => vi.stubGlobal("fetch", fetched));
afterEach(() => {
  disarmLoginGate();
  answers.length = 0;
  fetched.mockClear();
  reachable.set(true);
  vi.unstubAllGlobals();
});

test("every call but GET carries the header that other sites cannot send", async () => {
  answers.push(json(200, {}), json(200, {}));
  await post("/api/logout");
  await call("GET", "/api/me");
  expect(fetched.mock.calls[0]?.[1].headers).toMatchObject({ "X-Telemetry": "1" });
  expect(fetched.mock.calls[1]?.[1].headers).not.toHaveProperty("X-Telemetry");
});

test("a refusal becomes an error with path and what is allowed", async () => {
  answers.push(json(400, { error: { code: "invalid_question", message: "No.", path: "series[0].math", allowed: ["dau"] } }));
  const error = await call("POST", "/api/x", { body: {} }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 400, code: "invalid_question", path: "series[0].math", allowed: ["dau"] });
  expect(errorDetails(error)).toContain("series[0].math");
});

test("an answer that is no JSON still becomes an error", () => {
  expect(readError(500, "<html>")).toMatchObject({ status: 500, code: "internal", message: "HTTP 500" });
});

test("a dead server is unreachable, and the page learns when it is back", async () => {
  answers.push(new TypeError("failed to fetch"), json(200, { ok: true }));
  await expect(call("GET", "/api/me")).rejects.toBeInstanceOf(Unreachable);
  expect(reachable.get()).toBe(false);
  await call("GET", "/api/me");
  expect(reachable.get()).toBe(true);
});

test("before a member is known, 401 is an answer", async () => {
  answers.push(json(401, { error: { code: "unauthenticated", message: "Log in." } }));
  await expect(call("GET", "/api/me")).rejects.toMatchObject({ status: 401 });
  expect(loginNeeded.get()).toBe(false);
});

test("an expired login pauses the call, and the same call goes on after the login", async () => {
  armLoginGate();
  answers.push(json(401, {}), json(201, { id: 5 }));
  const saved = call<{ id: number }>("POST", "/api/projects/1/insights", { body: { name: "kept" } });
  await vi.waitFor(() => expect(loginNeeded.get()).toBe(true));
  loginHappened();
  await expect(saved).resolves.toEqual({ id: 5 });
  expect(fetched).toHaveBeenCalledTimes(2);
  expect(fetched.mock.calls[1]?.[1].body).toBe('{"name":"kept"}');
});

test("a call that is given up while paused ends", async () => {
  armLoginGate();
  answers.push(json(401, {}));
  const stop = new AbortController();
  const waiting = call("GET", "/api/x", { signal: stop.signal });
  await vi.waitFor(() => expect(loginNeeded.get()).toBe(true));
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
});

test("a file comes as it is, with whether it was cut off; a refusal instead of it is an error with its place", async () => {
  const headers = { "X-Telemetry-Truncated": "true" };
  answers.push(new Response("a,b", { headers }), json(400, { error: { code: "sql_invalid", message: "No.", position: { line: 2, column: 3 } } }));
  const { signal } = new AbortController();
  const file = await callForFile("/api/x", { format: "csv" }, signal);
  expect(await file.content.text()).toBe("a,b");
  expect(file.truncated).toBe(true);
  const error = await callForFile("/api/x", {}, signal).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "sql_invalid", position: { line: 2, column: 3 } });
});
