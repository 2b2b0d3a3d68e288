/** Which app was looked at last in this browser, so that the start leads there again. */
const STORED_AS = "telemetry.project";

export function rememberProject(project: number): void {
  try {
    localStorage.setItem(STORED_AS, String(project));
  } catch {
    // Storage may be forbidden; the start then leads to the first app.
  }
}

export function lastProject(): number | undefined {
  try {
    return Number(localStorage.getItem(STORED_AS)) || undefined;
  } catch {
    return undefined;
  }
}
