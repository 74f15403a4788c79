import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    globalSetup: ['src/store/testing/global-engine.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
