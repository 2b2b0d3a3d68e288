/**
 * An expired login pauses calls instead of failing them: the page stays as it is, a dialog asks for the password, and
 * the paused calls go on after it.
 */
import { Signal } from "./signal";

/** Whether the dialog must ask for the password now. */
export const loginNeeded = new Signal(false);

let armed = false;
let waiting: (() => void)[] = [];

/** From now on a 401 pauses. Called when a member is known; before that a 401 means "go to the login page". */
export function armLoginGate(): void {
  armed = true;
}

/** After a logout nobody is asked again. */
export function disarmLoginGate(): void {
  armed = false;
  loginNeeded.set(false);
  waiting = [];
}

export const isLoginGateArmed = (): boolean => armed;

/** Resolves after the next login; rejects when the caller gives up. */
export function nextLogin(signal?: AbortSignal): Promise<void> {
  loginNeeded.set(true);
  return new Promise((resolve, reject) => {
    waiting.push(resolve);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** The member logged in again: let all paused calls go on. */
export function loginHappened(): void {
  armed = true;
  loginNeeded.set(false);
  const paused = waiting;
  waiting = [];
  for (const resume of paused) resume();
}
