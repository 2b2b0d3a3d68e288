/** The one door to the server: JSON in and out, typed errors, cancellation, expired logins. */
import { readError, Unreachable } from "./errors";
import { isLoginGateArmed, nextLogin } from "./login-gate";
import { Signal } from "./signal";

/** Whether the server answered the last call. The banner watches it. */
export const reachable = new Signal(true);

export interface CallOptions {
  body?: unknown;
  signal?: AbortSignal;
  /** Whether a 401 asks for the password and goes on. Off for login and for the first look at who is here. */
  gate?: boolean;
}

/** A gateway in front of the server says these when the server behind it is gone. */
const GONE = new Set([502, 504]);

async function send(method: string, path: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  // A page of another site cannot add this header, so the server knows that the call is ours.
  if (method !== "GET") headers["X-Telemetry"] = "1";
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.signal) init.signal = options.signal;
  if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  try {
    const response = await fetch(path, init);
    if (GONE.has(response.status)) throw new Unreachable();
    reachable.set(true);
    return response;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    reachable.set(false);
    throw new Unreachable();
  }
}

/** Sends, and where the login has expired waits for the next one and sends again. */
async function sendLoggedIn(method: string, path: string, options: CallOptions): Promise<Response> {
  for (;;) {
    const response = await send(method, path, options);
    if (response.status !== 401 || options.gate === false || !isLoginGateArmed()) return response;
    await nextLogin(options.signal);
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const text = await response.text();
  try {
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/**
 * Calls the API. Throws `ApiError` when the server says no, `Unreachable` when nothing answers.
 * The answer's type is what the OpenAPI document promises for the path; this is the one place that trusts it.
 */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const response = await sendLoggedIn(method, path, options);
  const body = await bodyOf(response);
  if (!response.ok) throw readError(response.status, body);
  return body as T;
}

/** A file that the server made. */
export interface ServerFile {
  content: Blob;
  /** Whether the server cut it off at its limits. */
  truncated: boolean;
}

/** Calls the API for a file. Throws as `call` does; an answer that breaks off in the middle is `Unreachable`. */
export async function callForFile(path: string, body: unknown, signal: AbortSignal): Promise<ServerFile> {
  const response = await sendLoggedIn("POST", path, { body, signal });
  if (!response.ok) throw readError(response.status, await bodyOf(response));
  try {
    return { content: await response.blob(), truncated: response.headers.get("X-Telemetry-Truncated") === "true" };
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Unreachable();
  }
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => call<T>("GET", path, signal ? { signal } : {});
export const post = <T>(path: string, body?: unknown): Promise<T> => call<T>("POST", path, { body });
export const patch = <T>(path: string, body: unknown): Promise<T> => call<T>("PATCH", path, { body });
export const remove = (path: string): Promise<void> => call<void>("DELETE", path);

/** Asks whether the server is back; sets `reachable`. */
export async function ping(): Promise<boolean> {
  try {
    await send("GET", "/health", {});
    return true;
  } catch {
    return false;
  }
}
