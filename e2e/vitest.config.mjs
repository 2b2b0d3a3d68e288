import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.mjs'],
    globalSetup: ['./harness/prerequisites.mjs'],
    environment: 'node',
    // Each file has its own server; two files at once keep the 2 cores of a small machine busy, more only slow each other.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
