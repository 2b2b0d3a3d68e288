/**
 * Who else the person is and what they belong to: calls that mean nothing below enhanced.
 */
import { words } from '../client';
import type { Properties } from '../event';
import type { Kit } from '../modules';

export function alias({ client }: Kit, other: unknown): void {
  const name = words(other);
  if (name) client.custom('$create_alias', { alias: name, distinct_id: client.identity.actor() });
}

export function group({ client, levelNow }: Kit, kind: unknown, key: unknown, properties?: Properties): void {
  const [type, id] = [`group:${words(kind)}`, words(key)];
  if (!words(kind) || !id || levelNow()! < 2) return;
  const { identity } = client;
  identity.join([...identity.groups().filter((known) => known.type !== type), { type, id }]);
  client.custom('$groupidentify', { $group_type: words(kind), $group_key: id, ...(properties && { $group_set: properties }) });
}
