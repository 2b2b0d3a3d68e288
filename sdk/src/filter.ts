/**
 * Takes out of an event what the level does not allow. The rules come from the policy (levels.ts), the same that the
 * server is made from.
 */
import type { SunbirdEvent } from './event';
import { CUSTOM_LEVEL, FIELDS } from './levels';

const FULL = 3;
/** At basic, times are told to the minute. */
const MINUTE_MS = 60_000;

/** Rules by path, as `2~`; the empty path holds the level of the event itself. */
type Rules = Record<string, string>;

const read: Record<string, Rules> = {};

function rulesOf(name: string): Rules | undefined {
  if (!read[name] && FIELDS.hasOwnProperty(name)) {
    const rules: Rules = (read[name] = {});
    const [level, ...fields] = FIELDS[name]!.split(' ');
    rules[''] = level!;
    for (const field of fields) {
      const [, path, own, marks] = /^(.*?)(\d?)([~#*"[]*)$/.exec(field)!;
      rules[path!] = (own || level!) + marks!;
    }
  }
  return read[name];
}

/** The event with only what `level` allows, or undefined when it may not leave at all. */
export function filtered(event: SunbirdEvent, level: number): SunbirdEvent | undefined {
  const { edata, ...envelope } = event;
  const { type = '', data = '{}' } = edata as { type?: string; data?: string };
  // An EXDATA with a type is an event of that name.
  const own = event.eid === 'EXDATA' && type;
  const rules = rulesOf(own || event.eid);
  if (level < (rules ? +rules['']! : own && own[0] !== '$' ? CUSTOM_LEVEL : FULL)) return undefined;
  if (level >= FULL) return event;
  // A receipt of a choice is kept at every level, with as little around it as at basic.
  const kept = pruned(envelope, '', rulesOf('')!, level || 1) as SunbirdEvent;
  if (level < 2) kept.ets -= kept.ets % MINUTE_MS;
  const inner: unknown = own ? JSON.parse(data) : edata;
  const left = (rules ? pruned(inner, '', rules, level) : numbers(inner)) || {};
  kept.edata = own ? { type, data: JSON.stringify(left) } : left;
  return kept;
}

function pruned(value: unknown, path: string, rules: Rules, level: number): unknown {
  const rule = path && rules[path];
  if (rule) {
    const has = (mark: string): boolean => rule.includes(mark);
    if (level < +rule[0]!) return has('"') ? '' : has('[') ? [] : undefined;
    if (has('#')) return numbers(value);
    if (has('*')) return mapped(value, () => true);
    return has('~') && level < 2 ? template(value) : value;
  }
  return mapped(value, (inner, key) => pruned(inner, key && path ? `${path}.${key}` : path || key, rules, level));
}

/** An object or a list of what `change` leaves of each member; undefined for what is neither, or when nothing is left. */
function mapped(value: unknown, change: (inner: unknown, key: string) => unknown): unknown {
  if (Array.isArray(value)) {
    const left = value.map((inner) => change(inner, '')).filter((inner) => inner !== undefined);
    return left.length > 0 || !value[0] ? left : undefined;
  }
  if (Object(value) !== value) return undefined;
  const kept = Object.entries(value as object)
    .map(([key, inner]) => [key, change(inner, key)] as const)
    .filter(([, inner]) => inner !== undefined);
  return kept[0] ? Object.fromEntries(kept) : undefined;
}

function numbers(value: unknown): unknown {
  return /number|boolean/.test(typeof value) ? value : mapped(value, numbers);
}

/** A path whose numbers, codes and addresses are `:id`. */
function template(value: unknown): string {
  return String(value).replace(/[^/#?]+/g, (part) => (/^\d+$|@|\d{5}|^(?=.*\d)[\da-f-]{8,}$/i.test(part) ? ':id' : part));
}
