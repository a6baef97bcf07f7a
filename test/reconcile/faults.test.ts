import { beforeAll, expect, test } from 'vitest';
import { compare, runTraffic, weekLater, type Traffic } from './run-traffic.js';

let traffic: Traffic;
beforeAll(async () => {
  traffic = await runTraffic(200);
}, 60_000);

test.each(['openai', 'anthropic'] as const)('%s agrees', (provider) => {
  const result = compare(weekLater(traffic.reports[provider]), traffic.entries);
  console.log(
    result.verdict,
    JSON.stringify({ ...result, cells: undefined }, null, 1).slice(0, 6000),
  );
  expect(result.difference_usd).toBe('0');
});
