/** Sunbird's own JSON schemas, as a check of one event. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

const folder = new URL('./schemas/', import.meta.url);

/** The same nested `$id`s are used in several files, which ajv refuses; only the outermost is ever referred to. */
function withoutNestedIds(schema: unknown, outermost = true): unknown {
  if (Array.isArray(schema)) return schema.map((item) => withoutNestedIds(item, false));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(([key, value]) => key !== '$id' || outermost || typeof value !== 'string');
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutNestedIds(value, false)]));
}

const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  ajv.addSchema(withoutNestedIds(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))) as object);
}

/** What is wrong with `event` under the schema of its `eid`; an empty text when nothing is. */
export function schemaErrors(event: { eid: string }): string {
  const validate = ajv.getSchema(`http://api.ekstep.org/telemetry/${event.eid.toLowerCase()}`);
  if (!validate) return `no schema for ${event.eid}`;
  return validate(event) ? '' : ajv.errorsText(validate.errors);
}
