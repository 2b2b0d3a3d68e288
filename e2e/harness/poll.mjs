/** Waiting for what will come true: asks again and again, until a deadline. */

/** The first truthy result of `ask`; after `withinMs` it throws with the last result or error. */
export async function until(what, ask, withinMs = 15_000) {
  const deadline = Date.now() + withinMs;
  let last;
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 200)) {
    try {
      last = await ask();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      const said = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`${what}: not within ${withinMs} ms; last: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
