// Sends events with the real posthog-node. Arguments: host, key, capture mode. v1 is chosen by the environment
// (POSTHOG_CAPTURE_MODE), which the client reads when it is loaded.
import { PostHog } from 'posthog-node';

const [host, key, mode] = process.argv.slice(2);
const client = new PostHog(key, { host, flushAt: 3 });
client.on('error', (error) => {
  console.error(error);
  process.exitCode = 1;
});

const [anonymous, person] = [`node-anon-${mode}`, `node-person-${mode}`];
client.capture({ distinctId: anonymous, event: 'node_opened', properties: { class: 6, school: 'शिमला', first: true } });
client.alias({ distinctId: person, alias: anonymous });
client.identify({ distinctId: person, properties: { role: 'parent' } });
for (let number = 0; number < 5; number += 1) {
  client.capture({ distinctId: person, event: 'node_paid', properties: { amount: 100 + number, nested: { mode: 'upi' } } });
}
await client.shutdown();
