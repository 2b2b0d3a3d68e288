import { defineConfig } from 'vitest/config';

export default defineConfig({
  // A busy machine fails none.
  test: { include: ['test/**/*.test.ts'], environment: 'node', restoreMocks: true, testTimeout: 30_000 },
});
