/** Where things lie: the binary under test, the tools, the pictures that the suites take. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A path relative to e2e/, wherever the command was started. */
export const folder = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const named = process.env.TELEMETRY_BIN ?? '../target/debug/telemetry';
export const binary = isAbsolute(named) ? named : resolve(folder('.'), named);
/** The program that answers SQL; it lies beside the server's. */
export const sqlEngine = process.env.TELEMETRY_SQL_BINARY ?? join(dirname(binary), 'telemetry-sql');
export const chromiumPath = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium';
export const python = existsSync(folder('../.venv/bin/python')) ? folder('../.venv/bin/python') : 'python3';
/** Screenshots go here; looked at by people, kept out of git. */
export const out = folder('out');
/** A file of an installed npm package. */
export const packaged = (path) => folder(`node_modules/${path}`);
