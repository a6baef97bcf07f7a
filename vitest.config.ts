import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const setupFiles = ['./test/support/property-tests.ts'];

// Tests import the packages' TypeScript sources, so a test run never depends on a stale build.
// End-to-end tests are the exception: they start the built `farthing` as a user does.
export default defineConfig({
  resolve: {
    alias: [
      {
        find: '@farthing/core/prices',
        replacement: source('packages/core/src/pricing/snapshot/index.ts'),
      },
      {
        find: '@farthing/sdk/journal',
        replacement: source('packages/sdk/src/sinks/journal-sink.ts'),
      },
      {
        find: '@farthing/sdk/redis',
        replacement: source('packages/sdk/src/budgets/redis-balances.ts'),
      },
      {
        find: '@farthing/sdk/opentelemetry',
        replacement: source('packages/sdk/src/sinks/opentelemetry-sink.ts'),
      },
      { find: '@farthing/sdk/ai', replacement: source('packages/sdk/src/integrations/ai.ts') },
      {
        find: '@farthing/sdk/langchain',
        replacement: source('packages/sdk/src/integrations/langchain.ts'),
      },
      { find: '@farthing/sdk', replacement: source('packages/sdk/src/index.ts') },
      { find: '@farthing/redis', replacement: source('packages/redis/src/index.ts') },
      { find: '@farthing/journal', replacement: source('packages/journal/src/index.ts') },
      { find: '@farthing/core', replacement: source('packages/core/src/index.ts') },
    ],
  },
  test: {
    // What is waited for comes at once, but on a machine that is busy with other things.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'core',
          include: ['packages/core/src/**/*.test.ts'],
          setupFiles,
          testTimeout: 30_000,
          maxWorkers: '100%',
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/!(core)/src/**/*.test.{ts,tsx}'],
          setupFiles,
          testTimeout: 30_000,
          // Also on two cores: the default leaves one of them idle.
          maxWorkers: '100%',
          // No file leaves anything to the next: modules are loaded once for all files of a worker.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'end-to-end',
          include: ['test/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // They start whole installations, which mostly wait: two at a time, when the unit tests are done.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
