import { describe, expect, it } from 'vitest';
import { meaning } from '../src/transport';
import { MORNING } from './fakes';

describe('meaning of an answer', () => {
  it.each([200, 202, 204])('%i: arrived', (status) => expect(meaning(status, null, MORNING)).toBe('arrived'));
  it.each([400, 401, 403, 404, 301])('%i: never', (status) => expect(meaning(status, '5', MORNING)).toBe('refused'));
  it.each([408, 429, 500, 503, 504])('%i: later', (status) => expect(meaning(status, null, MORNING)).toBeNaN());
  it('413: smaller', () => expect(meaning(413, null, MORNING)).toBe('tooLarge'));

  it('Retry-After is read as seconds or as a date, and bounded', () => {
    const wait = (text: string) => meaning(429, text, MORNING);
    expect(wait('7')).toBe(7000);
    expect(wait(new Date(MORNING + 90_000).toUTCString())).toBe(90_000);
    expect(wait(new Date(MORNING - 90_000).toUTCString())).toBe(0);
    expect(wait('999999')).toBe(3_600_000);
    expect(wait('soon')).toBeNaN();
  });
});
