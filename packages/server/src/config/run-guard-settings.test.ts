import { expect, test } from 'vitest';
import { configSchema } from './schema.js';
import { runCeilingsByFeature } from './run-guard-settings.js';

const ceilings = (settings: object) =>
  runCeilingsByFeature(configSchema.parse({ run_guard: settings }).run_guard);

test('a feature is held to its own limits, and to the common ones that it does not state', () => {
  const of = ceilings({
    limits: { calls: 200, cost_usd: '5.00', usd_per_minute: 1 },
    features: { research: { mode: 'stop', limits: { calls: 3, depth: 2 } } },
  });
  expect(of('search')).toEqual({ calls: 200, cost: 5, velocity: 1 });
  expect(of('research')).toEqual({ calls: 3, cost: 5, velocity: 1, depth: 2 });
  expect(of('')).toEqual(of('search'));
  expect(of('constructor')).toEqual(of('search'));
});

test('runs that are not looked at are held to nothing', () => {
  const limits = { calls: 3 };
  expect(ceilings({ mode: 'off', limits })('search')).toEqual({});
  const of = ceilings({ mode: 'off', limits, features: { research: { mode: 'tell' } } });
  expect([of('search'), of('research')]).toEqual([{}, { calls: 3 }]);
  expect(ceilings({ limits, features: { chat: { mode: 'off' } } })('chat')).toEqual({});
});
