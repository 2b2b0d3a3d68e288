/**
 * A few days of a school app as its parents use it: attendance, marks, homework, fees, leave; mornings and evenings,
 * fewer on Sundays, some from phones that were offline for hours. The same events for the same seed.
 */

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** India Standard Time, ahead of UTC. */
const IST_MS = 5.5 * 60 * MINUTE_MS;

/** mulberry32: a small generator with a seed; statistics, not secrets. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Pages with how often they are opened, and what is clicked there. */
const PAGES = [
  { name: 'attendance', weight: 34, clicks: ['month-next', 'ask-leave'] },
  { name: 'homework', weight: 22, clicks: ['open-task', 'mark-done'] },
  { name: 'marks', weight: 16, clicks: ['subject-hindi', 'subject-maths', 'download-report'] },
  { name: 'exam-dates', weight: 12, clicks: ['add-to-calendar'] },
  { name: 'notices', weight: 10, clicks: ['open-notice', 'share'] },
  { name: 'fees', weight: 6, clicks: ['pay'] },
];
const DISTRICTS = ['shimla', 'kangra', 'mandi', 'solan', 'una', 'chamba'];

/**
 * The events of `parents` persons over the `days` days before `now` (ms), oldest first. Sunbird telemetry v3, made as
 * telemetry.js makes them.
 */
export function schoolDays({ now, days, parents, seed }) {
  const random = randomFrom(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const hex = (length) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
  const people = Array.from({ length: parents }, (_, index) => ({
    id: `parent-${String(index + 1).padStart(4, '0')}`,
    did: uuid(),
    district: pick(DISTRICTS),
    // Some look every day, most once or twice a week.
    eagerness: 0.1 + 0.8 * random() ** 2,
  }));
  const today = Math.floor((now + IST_MS) / DAY_MS);
  const events = [];

  const visit = (person, startedAt) => {
    const context = {
      channel: 'hp-education',
      pdata: { id: 'prod.esamwad.web', ver: '2.4.0', pid: 'parent' },
      env: 'web',
      sid: uuid(),
      did: person.did,
      rollup: { l1: 'hp', l2: person.district },
    };
    let at = startedAt;
    const tell = (eid, edata) => {
      if (at > now) return;
      events.push({ eid, ets: at, ver: '3.0', mid: `${eid}:${uuid()}`, actor: { id: person.id, type: 'User' }, context, edata });
    };
    tell('START', { type: 'app', mode: 'play', pageid: 'home' });
    const pages = 1 + Math.floor(random() * 5);
    let page = { name: 'home', clicks: ['tile-attendance', 'tile-homework'] };
    for (let count = 0; count < pages; count += 1) {
      tell('IMPRESSION', { type: 'view', subtype: count === 0 ? 'load' : 'push', pageid: page.name, uri: `/${page.name}` });
      at += Math.round((4 + 40 * random()) * 1000);
      if (random() < 0.6) tell('INTERACT', { type: 'CLICK', subtype: 'button', id: pick(page.clicks), pageid: page.name });
      if (page.name === 'attendance' && random() < 0.08) {
        tell('EXDATA', { type: 'leave_requested', data: JSON.stringify({ days: 1 + Math.floor(random() * 3), reason: pick(['fever', 'family', 'travel']) }) });
      }
      if (page.name === 'fees' && random() < 0.5) {
        tell('EXDATA', { type: 'fee_paid', data: JSON.stringify({ amount: pick([450, 600, 900, 1200]), method: pick(['upi', 'card', 'cash']) }) });
      }
      page = weighted(PAGES, random());
    }
    if (random() < 0.03) tell('FEEDBACK', { rating: 3 + Math.floor(random() * 3), comments: '' });
    tell('END', { type: 'app', mode: 'play', pageid: page.name, duration: Math.round((at - startedAt) / 10) / 100 });
  };

  for (let day = today - days + 1; day <= today; day += 1) {
    // 1970-01-01 was a Thursday.
    const sunday = (day + 4) % 7 === 0;
    for (const person of people) {
      if (random() > person.eagerness * (sunday ? 0.35 : 1)) continue;
      const evening = random() < 0.6;
      const minute = evening ? 17.5 * 60 + random() * 270 : 6.5 * 60 + random() * 200;
      visit(person, Math.round(day * DAY_MS - IST_MS + minute * MINUTE_MS));
      if (random() < 0.2) visit(person, Math.round(day * DAY_MS - IST_MS + (12 * 60 + random() * 240) * MINUTE_MS));
    }
  }
  return events.sort((a, b) => a.ets - b.ets);
}

function weighted(list, at) {
  let left = at * list.reduce((sum, each) => sum + each.weight, 0);
  return list.find((each) => (left -= each.weight) < 0) ?? list[0];
}
