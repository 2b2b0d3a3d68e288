import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, test, vi } from "vitest";
import { ApiError } from "../api/errors";
import type { SqlAnswer, SqlSchema } from "../api/sql";
import { setLanguage } from "../i18n/language";
import { catalogue } from "../testing/samples";
import { show } from "../testing/show";
import { SqlView, type SqlViewProps } from "./SqlView";

// jsdom measures nothing; the editor asks where its letters are, the table how high its frame is.
beforeAll(async () => {
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
  Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => 480 });
  // So that no test waits for the editor's code.
  await import("./editor/SqlEditor");
}, 30_000);

const SCHEMA: SqlSchema = {
  available: true,
  tables: [
    {
      name: "events",
      description: "One row per event",
      columns: [
        { name: "event_at", type: "timestamp", description: "When it happened" },
        { name: "person_id", type: "text", description: "Who" },
        { name: "properties", type: "json", description: "" },
        { name: "edata.pageid", type: "text", description: "Page" },
      ],
    },
  ],
};

const HOSTILE = '<img src=x onerror="window.hacked=1">';
const ANSWER: SqlAnswer = {
  columns: [
    { name: "page", type: "text" },
    { name: "times", type: "integer" },
  ],
  rows: [
    ["home", 12],
    [HOSTILE, 7],
    [null, 3],
  ],
  truncated: false,
  elapsedMs: 56.3,
  snapshot: 17,
  warnings: [],
};

function props(part: Partial<SqlViewProps> = {}): SqlViewProps {
  return {
    project: { id: 1, time_zone: "Asia/Kolkata" },
    linked: "",
    view: "table",
    schema: { data: SCHEMA, error: null, refetch: vi.fn() },
    properties: catalogue.properties,
    history: { past: [], add: vi.fn(), remove: vi.fn(), clear: vi.fn(), restore: vi.fn() },
    run: { last: undefined, error: undefined, cancelled: false, since: undefined, run: vi.fn(), cancel: vi.fn() },
    download: { busy: undefined, error: undefined, start: vi.fn(), cancel: vi.fn() },
    linkOf: (sql) => `http://here/p/1/sql?q=${sql}`,
    onDraft: vi.fn(),
    onView: vi.fn(),
    ...part,
  };
}
const idle = props().run;
const answered = { ...idle, last: { sql: "SELECT page", answer: ANSWER } };
const editor = () => screen.findByRole("textbox", { name: "Query" });

test("without a query it offers three that work here; one click writes and runs one", async () => {
  const given = props();
  await show(<SqlView {...given} />);
  await editor();
  const examples = screen.getAllByRole("button", { name: /SELECT/ });
  expect(examples).toHaveLength(3);
  expect(examples[2]).toHaveTextContent("properties['edata.pageid']");
  await userEvent.click(examples[0] as HTMLElement);
  expect(given.run.run).toHaveBeenCalledWith(expect.stringContaining("date_trunc('day', event_at)"));
  expect(given.onDraft).toHaveBeenCalledWith(expect.stringContaining("date_trunc"));
  expect(await editor()).toHaveTextContent("count(DISTINCT person_id)");
});

test("a query from a link is shown, not run; the keyboard runs it", async () => {
  const given = props({ linked: "SELECT 1" });
  await show(<SqlView {...given} />);
  const field = await editor();
  expect(field).toHaveTextContent("SELECT 1");
  expect(screen.getByText("Not run yet")).toBeVisible();
  expect(given.run.run).not.toHaveBeenCalled();
  field.focus();
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(given.run.run).toHaveBeenCalledWith("SELECT 1");
});

test("rows are text, NULL is told apart, facts are told", async () => {
  await show(<SqlView {...props({ run: answered })} />);
  const table = screen.getByRole("table", { name: "Result" });
  expect(within(table).getByText(HOSTILE)).toBeVisible();
  expect(within(table).getByText("NULL")).toBeVisible();
  expect(within(table).getByRole("columnheader", { name: /times integer/ })).toHaveClass("tm-number");
  expect(document.querySelector("img[src=x]")).toBeNull();
  expect(screen.getByText("3 rows")).toBeVisible();
  expect(screen.getByText(/56\.3 ms/)).toBeVisible();
});

test("a row opens in full", async () => {
  await show(<SqlView {...props({ run: answered })} />);
  await userEvent.click(screen.getByRole("button", { name: "Open row 2" }));
  const drawer = await screen.findByRole("dialog", { name: "Row 2" });
  expect(within(drawer).getByText(HOSTILE)).toBeVisible();
  expect(within(drawer).getByRole("button", { name: "Copy as JSON" })).toBeVisible();
});

test("of ten thousand rows only those in sight are in the page", async () => {
  const rows = Array.from({ length: 10_000 }, (_, index) => [`page ${index}`, index]);
  const run = { ...idle, last: { sql: "SELECT 1", answer: { ...ANSWER, rows, truncated: true, warnings: ["A file is damaged."] } } };
  await show(<SqlView {...props({ run })} />);
  expect(screen.getByRole("table", { name: "Result" })).toHaveAttribute("aria-rowcount", "10001");
  expect(document.querySelectorAll("tbody tr").length).toBeLessThan(100);
  expect(screen.getByText(/Only the first 10,000 rows are shown/)).toBeVisible();
  expect(screen.getByText("A file is damaged.")).toBeVisible();
});

test("as bars: names and numbers; what makes no chart says why", async () => {
  const { unmount } = await show(<SqlView {...props({ run: answered, view: "bars" })} />);
  const bars = screen.getByRole("table", { name: /Bar chart of times, 3 places/ });
  expect(within(bars).getByRole("row", { name: /home/ })).toHaveTextContent("12");
  unmount();
  const one = { ...ANSWER, columns: [{ name: "n", type: "integer" as const }], rows: [[5]] };
  await show(<SqlView {...props({ run: { ...idle, last: { sql: "", answer: one } }, view: "line" })} />);
  expect(screen.getByText(/A chart needs a column of times/)).toBeVisible();
});

test("while a query runs the old rows stay dimmed, and it can be cancelled", async () => {
  const run = { ...answered, since: Date.now(), cancel: vi.fn() };
  await show(<SqlView {...props({ run })} />);
  expect(screen.getByText("home").closest("[aria-busy=true]")).not.toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(run.cancel).toHaveBeenCalledOnce();
});

test.each([
  ["sql_invalid", 400, /Names with capitals or dots need double quotes/],
  ["sql_refused", 400, /Only SELECT/],
  ["sql_too_slow", 422, /fewer days/],
  ["sql_out_of_memory", 422, /Group by fewer values/],
  ["sql_busy", 429, /Try again in some seconds/],
  ["sql_unavailable", 503, /telemetry-sql/],
])("%s says what to do, in the engine's words and in ours", async (code, status, advice) => {
  const run = { ...idle, error: new ApiError(status, code, `the engine says ${code}`), run: vi.fn() };
  await show(<SqlView {...props({ run, linked: "SELECT 1" })} />);
  const alert = screen.getByRole("alert");
  expect(alert).toHaveTextContent(`the engine says ${code}`);
  expect(alert).toHaveTextContent(advice);
  await userEvent.click(within(alert).getByRole("button", { name: "Try again" }));
  expect(run.run).toHaveBeenCalledWith("SELECT 1");
});

test("an error that knows its place leads there", async () => {
  const error = new ApiError(400, "sql_invalid", "expected an expression", undefined, undefined, undefined, { line: 2, column: 3 });
  await show(<SqlView {...props({ run: { ...idle, error }, linked: "SELECT 1\nFROM" })} />);
  const field = await editor();
  await userEvent.click(screen.getByRole("button", { name: "Go to line 2, column 3" }));
  expect(field).toHaveFocus();
  await userEvent.click(screen.getByRole("button", { name: "events table" }));
  expect(field.textContent).toContain("FReventsOM");
});

test("a server without the engine says how to get it, in both languages", async () => {
  const refetch = vi.fn();
  const schema = { data: { available: false, tables: [] }, error: null, refetch };
  const { unmount } = await show(<SqlView {...props({ schema })} />);
  expect(screen.getByText(/make build/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Look again" }));
  expect(refetch).toHaveBeenCalledOnce();
  unmount();
  await setLanguage("hi");
  await show(<SqlView {...props({ schema })} />);
  expect(screen.getByText("इस सर्वर पर SQL इंजन नहीं है")).toBeVisible();
});

test("columns are found by name and meaning; a click writes the name as a query needs it", async () => {
  await show(<SqlView {...props()} />);
  const field = await editor();
  const user = userEvent.setup();
  await user.type(screen.getByRole("textbox", { name: "Search tables and columns" }), "page");
  const columns = within(screen.getByRole("list", { name: "Columns of events" }));
  expect(columns.queryByRole("button", { name: /event_at/ })).not.toBeInTheDocument();
  await user.click(columns.getByRole("button", { name: /edata\.pageid/ }));
  expect(field).toHaveTextContent('"edata.pageid"');
});

test("the history opens, deletes and clears, and clearing can be taken back", async () => {
  const past = [{ sql: "SELECT 5", at: Date.now() - 180_000, rows: 2 }, { sql: "SELEC", at: Date.now() - 240_000 }];
  const history = { past, add: vi.fn(), remove: vi.fn(), clear: vi.fn(), restore: vi.fn() };
  await show(<SqlView {...props({ history })} />);
  const field = await editor();
  const user = userEvent.setup();
  await user.click(screen.getByRole("tab", { name: "History" }));
  await user.click(screen.getByRole("button", { name: /SELECT 5.*2 rows/ }));
  await waitFor(() => expect(field).toHaveTextContent("SELECT 5"));
  expect(screen.getByRole("button", { name: /SELEC.*failed/ })).toBeVisible();
  await user.click(screen.getAllByRole("button", { name: "Delete this query from the history" })[1] as HTMLElement);
  expect(history.remove).toHaveBeenCalledWith("SELEC");
  await user.click(screen.getByRole("button", { name: "Clear history" }));
  expect(history.clear).toHaveBeenCalledOnce();
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(history.restore).toHaveBeenCalledWith(past);
});

test("the whole result is downloaded, of the query that was answered", async () => {
  const download = { busy: undefined, error: undefined, start: vi.fn(), cancel: vi.fn() };
  await show(<SqlView {...props({ run: answered, linked: "SELECT other", download })} />);
  await userEvent.click(screen.getByRole("button", { name: "Download" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: /Parquet/ }));
  expect(download.start).toHaveBeenCalledWith("SELECT page", "parquet");
});

test("a query that is too long for a link has none", async () => {
  await show(<SqlView {...props({ linkOf: () => null })} />);
  expect(screen.getByRole("button", { name: "Copy link" })).toHaveAttribute("aria-disabled", "true");
});
