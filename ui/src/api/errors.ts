/** What can go wrong between the page and the server. */

/** The server answered, and the answer is no. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly path?: string,
    readonly allowed?: string[],
    readonly requestId?: string,
    /** Where in a text that was sent, both from 1. */
    readonly position?: { line: number; column: number },
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** Nothing answered: the server is gone or the network is. */
export class Unreachable extends Error {
  constructor() {
    super("The server does not answer");
    this.name = "Unreachable";
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function place(value: unknown): { line: number; column: number } | undefined {
  if (!isRecord(value)) return undefined;
  const { line, column } = value;
  return typeof line === "number" && typeof column === "number" ? { line, column } : undefined;
}

/** Reads an error body; anything that is not one still becomes an error that can be shown. */
export function readError(status: number, body: unknown): ApiError {
  const error = isRecord(body) && isRecord(body["error"]) ? body["error"] : {};
  const allowed = Array.isArray(error["allowed"]) ? error["allowed"].map(String) : undefined;
  return new ApiError(
    status,
    text(error["code"]) ?? "internal",
    text(error["message"]) ?? `HTTP ${status}`,
    text(error["path"]),
    allowed,
    text(error["request_id"]),
    place(error["position"]),
  );
}

/** Everything that helps the person who is asked for help; holds no event data. */
export function errorDetails(error: unknown): string {
  const lines = [`page: ${location.pathname}`, `time: ${new Date().toISOString()}`];
  if (error instanceof ApiError) {
    lines.push(`status: ${error.status}`, `code: ${error.code}`, `message: ${error.message}`);
    if (error.position) lines.push(`position: ${error.position.line}:${error.position.column}`);
    if (error.path) lines.push(`path: ${error.path}`);
    if (error.allowed) lines.push(`allowed: ${error.allowed.join(", ")}`);
    if (error.requestId) lines.push(`request: ${error.requestId}`);
  } else {
    lines.push(`error: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
  }
  return lines.join("\n");
}
