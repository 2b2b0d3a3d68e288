import { defineConfig } from 'vitest/config';

/** What is too heavy for every run: needs nginx (Debian: apt-get install nginx-light). */
export default defineConfig({
  test: {
    include: ['torture/**/*.test.mjs'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
