import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatUsd, parseUsdRounded, type Entry } from '@farthing/core';
import { afterEach, describe, expect, test } from 'vitest';
import { hasRedis, RedisServer } from '../../packages/redis/src/redis-server.fixture.js';
import { startBudgeted, type Budgeted } from '../support/budgeted.js';
import { pause } from '../support/farthing-process.js';

let budgeted: Budgeted | null = null;
afterEach(async () => {
  await budgeted?.close();
  budgeted = null;
});

const spentBy = (entries: readonly Entry[]) =>
  entries.reduce((sum, { cost }) => sum + parseUsdRounded(cost.usd ?? '0'), 0n);
const entriesOf = async () => {
  await budgeted!.installation.untilBooked();
  return budgeted!.installation.entries();
};

/** Callers that go on until they were refused a few times in a row. Returns how many were answered. */
async function exhaust(callers: number, urls: readonly string[], patience = 3): Promise<number> {
  let answered = 0;
  const caller = async (url: string) => {
    for (let refused = 0; refused < patience;) {
      const response = await budgeted!.chat({}, {}, url);
      await response.text();
      expect([200, 429]).toContain(response.status);
      if (response.status === 200) {
        answered += 1;
        refused = 0;
      } else {
        refused += 1;
        await pause(100);
      }
    }
  };
  await Promise.all(
    Array.from({ length: callers }, (_, index) => caller(urls[index % urls.length]!)),
  );
  return answered;
}

describe('a hard budget', () => {
  test('is spent to its end by 64 concurrent callers, and never overspent', async () => {
    const limit = 0.5;
    budgeted = await startBudgeted([{ name: 'hard', limit, window: 'total' }]);
    const answered = await exhaust(64, [budgeted.installation.gatewayUrl]);
    const spent = spentBy(await entriesOf());
    const utilisation = Number(formatUsd(spent)) / limit;
    process.stdout.write(
      `64 callers, ${answered} calls answered, ${(utilisation * 100).toFixed(2)} % of the limit spent\n`,
    );
    expect(answered).toBeGreaterThan(200);
    expect(Number(formatUsd(spent))).toBeLessThanOrEqual(limit);
    expect(utilisation).toBeGreaterThan(0.99);
  });

  test('has its balance again after its gateway was killed, calls in flight included', async () => {
    budgeted = await startBudgeted([{ name: 'hard', limit: 0.05, window: 'total' }]);
    const { installation } = budgeted;
    for (let call = 0; call < 20; call++) {
      await (await budgeted.chat({ max_completion_tokens: 100 })).text();
    }
    // These are under way when the gateway dies: they are booked at their estimates.
    const lost = Array.from({ length: 5 }, () =>
      budgeted!
        .chat({ max_completion_tokens: 100 }, { 'x-fake-delay-ms': '20000' })
        .catch(() => null),
    );
    await pause(300);
    installation.killGateway();
    await Promise.all(lost);
    await expect
      .poll(
        async () =>
          fetch(`${installation.gatewayUrl}/readyz`).then(
            ({ ok }) => ok,
            () => false,
          ),
        {
          timeout: 20_000,
        },
      )
      .toBe(true);
    const ratio = await budgeted.metric('farthing_budget_spent_ratio', { budget: 'hard' });
    const entries = await entriesOf();
    expect(entries.filter(({ outcome }) => outcome === 'interrupted')).toHaveLength(5);
    expect(ratio).toBeCloseTo(Number(formatUsd(spentBy(entries))) / 0.05, 9);
    expect(ratio).toBeGreaterThan(0.05);
    await exhaust(8, [installation.gatewayUrl], 2);
    expect(Number(formatUsd(spentBy(await entriesOf())))).toBeLessThanOrEqual(0.05);
  });

  test('stands on disk after a stop in order, as the books have it', async () => {
    budgeted = await startBudgeted([{ name: 'hard', limit: 10, window: 'total' }]);
    const { installation } = budgeted;
    for (let call = 0; call < 10; call++) await (await budgeted.chat()).text();
    const entries = await entriesOf();
    await installation.stopAll();
    const text = readFileSync(join(installation.dataDirectory, 'budgets', 'balances.json'), 'utf8');
    expect(text).toContain(String(spentBy(entries)));
  });
});

describe.skipIf(!hasRedis)('a budget that two gateways share through Redis', () => {
  test('is spent once, by both, and never overspent', async () => {
    const redis = await RedisServer.start();
    try {
      const limit = 0.4;
      const budgets = [{ name: 'shared', limit, window: 'total' }];
      const more = { redis: { url: redis.url, timeout_ms: 2_000 } };
      budgeted = await startBudgeted(budgets, { more });
      const { installation } = budgeted;
      const urls = [installation.gatewayUrl, await installation.startGatewayBeside()];
      const answered = await exhaust(32, urls, 4);
      const entries = await entriesOf();
      const spent = Number(formatUsd(spentBy(entries)));
      process.stdout.write(
        `two gateways on Redis, ${answered} calls answered, ${((spent / limit) * 100).toFixed(2)} % of the limit spent\n`,
      );
      expect(spent).toBeLessThanOrEqual(limit);
      expect(spent / limit).toBeGreaterThan(0.98);
    } finally {
      await redis.stop();
    }
  });
});
