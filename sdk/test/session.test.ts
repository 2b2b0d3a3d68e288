import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGE_MS_MAX, createSessions, IDLE_MS_MAX } from '../src/session';
import { FakePlatform, sharedStorage } from './fakes';

function fixture() {
  const platform = new FakePlatform();
  const storage = sharedStorage().local;
  return { platform, storage, sessions: createSessions(storage, platform) };
}

describe('session rule', () => {
  it('activity exactly at the idle limit continues the session, one ms later begins another', () => {
    const { platform, sessions } = fixture();
    const first = sessions.touch().id;
    platform.time += IDLE_MS_MAX;
    expect(sessions.touch().id).toBe(first);
    platform.time += IDLE_MS_MAX + 1;
    expect(sessions.touch().id).not.toBe(first);
  });

  it('a session that is never idle ends after 24 hours', () => {
    const { platform, sessions } = fixture();
    const first = sessions.touch().id;
    const start = platform.time;
    for (let minute = 10; minute <= 24 * 60; minute += 10) {
      platform.time = start + minute * 60_000;
      expect(sessions.touch().id).toBe(first);
    }
    platform.time = start + AGE_MS_MAX + 1;
    expect(sessions.touch().id).not.toBe(first);
  });

  it('midnight is no end, in whatever time zone', () => {
    const { platform, sessions } = fixture();
    platform.time = Date.UTC(2026, 5, 10, 23, 50);
    const first = sessions.touch().id;
    platform.time = Date.UTC(2026, 5, 11, 0, 10);
    expect(sessions.touch().id).toBe(first);
    // Midnight in India.
    platform.time = Date.UTC(2026, 5, 11, 18, 15);
    const evening = sessions.touch().id;
    platform.time = Date.UTC(2026, 5, 11, 18, 45);
    expect(sessions.touch().id).toBe(evening);
  });

  it('a text in storage that is not ours begins a new session', () => {
    const { storage, sessions } = fixture();
    for (const text of ['', 'x', '{"id":1}', 'id NaN NaN', 'id 1 Infinity']) {
      storage.set('session', text);
      expect(sessions.touch().id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    }
  });

  it('cuts where the rule says, for any times and any tabs', () => {
    const minute = 60_000;
    const pause = fc.oneof(
      fc.integer({ min: 0, max: 40 * minute }),
      fc.constantFrom(0, IDLE_MS_MAX - 1, IDLE_MS_MAX, IDLE_MS_MAX + 1, AGE_MS_MAX),
      fc.integer({ min: -5 * minute, max: 0 }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(pause, fc.integer({ min: 0, max: 2 })), { maxLength: 120 }), (steps) => {
        const { platform, storage } = fixture();
        const tabs = [0, 1, 2].map(() => createSessions(storage, platform));
        // The rule again, slowly: it knows all times of the running session.
        let ids: string[] = [];
        let times: number[] = [];
        for (const [pauseMs, tab] of steps) {
          platform.time += pauseMs;
          const { id } = tabs[tab]!.touch();
          const over =
            times.length === 0 ||
            platform.time - Math.max(...times) > IDLE_MS_MAX ||
            platform.time - times[0]! > AGE_MS_MAX;
          if (over) {
            expect(ids).not.toContain(id);
            ids = [...ids, id];
            times = [];
          } else {
            expect(id).toBe(ids.at(-1));
          }
          times.push(platform.time);
        }
      }),
    );
  });
});
