/**
 * Runs the files with a failed test a second time, one at a time: two browsers on two cores disturb each other, and a
 * test may only not depend on the moment when it has the machine. What fails then has failed; what passes is named.
 *
 * `node again.mjs out/results.json`: after `vitest run --reporter=json` has written it.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const { testResults, numTotalTests } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const failed = testResults.filter(({ status }) => status === 'failed');
// Nothing ran, or it ended for another reason than a test.
if (numTotalTests === 0 || failed.length === 0) process.exit(1);

const files = failed.map(({ name }) => relative('.', name));
console.log(`\nagain, alone: ${files.join(', ')}`);
const { status } = spawnSync('npx', ['vitest', 'run', '--no-file-parallelism', ...files], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
for (const { assertionResults } of failed) {
  for (const test of assertionResults) if (test.status === 'failed') console.log(`UNSTABLE, passed alone: ${test.fullName}`);
}
