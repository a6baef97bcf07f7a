import { controlPlaneBudgets, Farthing, memorySink, type Entry } from '@farthing/sdk';
import { journalSink } from '@farthing/sdk/journal';
import { redisBalances } from '@farthing/sdk/redis';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../packages/server/src/fake-provider/index.js';
import { hasRedis, RedisServer } from '../../packages/redis/src/redis-server.fixture.js';
import { startBudgeted, type Budgeted } from '../support/budgeted.js';
import { pause } from '../support/farthing-process.js';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).toReversed()) await end();
});

const url = (budgeted: Budgeted) => `${budgeted.provider.url}/v1/chat/completions`;
const request = {
  method: 'POST',
  headers: { authorization: 'Bearer sk-test', 'content-type': 'application/json' },
  body: JSON.stringify({
    model: 'gpt-5-mini',
    messages: [{ role: 'user', content: 'Say something about money.' }],
  }),
};
const spentBy = (entries: readonly Entry[]) =>
  entries.reduce((sum, { cost }) => sum + Number(cost.usd ?? 0), 0);

/** Calls until the budget has refused a few in a row. */
async function exhaust(call: () => Promise<Response>): Promise<number> {
  let answered = 0;
  for (let refused = 0; refused < 4;) {
    const response = await call();
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
  return answered;
}

async function start(limit: number) {
  const redis = await RedisServer.start();
  cleanUp.push(() => redis.stop());
  const budgets = [{ name: 'shared', limit, window: 'total' }];
  const budgeted = await startBudgeted(budgets, {
    more: { redis: { url: redis.url, namespace: 'acme', timeout_ms: 2_000 } },
  });
  cleanUp.push(() => budgeted.close());
  const balances = await redisBalances({
    url: redis.url,
    namespace: 'acme',
    timeoutMilliseconds: 2_000,
  });
  return { budgeted, budgets, balances };
}

describe.skipIf(!hasRedis)('a budget that an app and a gateway share through Redis', () => {
  test('is spent once, by both, and never exceeded, though the gateway reads the app’s entries', async () => {
    const limit = 0.2;
    const { budgeted, budgets, balances } = await start(limit);
    const sink = memorySink();
    const journal = await journalSink({ data: budgeted.installation.dataDirectory });
    const app = new Farthing({ sinks: [sink, journal], budgets, balances });
    cleanUp.push(() => app.close());
    const fetch = app.meterFetch({ provider: 'openai' });
    const callers = Array.from({ length: 16 }, (_, index) =>
      exhaust(index % 2 === 0 ? () => fetch(url(budgeted), request) : () => budgeted.chat()),
    );
    const answered = await Promise.all(callers);
    await budgeted.installation.untilBooked();
    const booked = await budgeted.installation.entries();
    const byGateway = spentBy(booked.filter(({ source }) => source === 'gateway'));
    const byApp = spentBy(sink.entries);
    const spent = byGateway + byApp;
    process.stdout.write(
      `an app and a gateway on Redis, ${answered.reduce((sum, one) => sum + one, 0)} calls answered, ${((spent / limit) * 100).toFixed(2)} % of the limit spent, ${((byApp / spent) * 100).toFixed(0)} % by the app\n`,
    );
    expect(sink.entries[0]!.tags.custom).toEqual({ shared_budgets: 'acme' });
    expect(byApp).toBeGreaterThan(0);
    expect(byGateway).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(limit);
    expect(spent / limit).toBeGreaterThan(0.95);
  });
});

test('an app takes its budgets from the control plane, and what is raised and paused there', async () => {
  const budgets = [{ name: 'few calls', limit: { calls: 2 }, window: 'day', hold: 'bound' }];
  const budgeted = await startBudgeted(budgets);
  cleanUp.push(() => budgeted.close());
  const { controlUrl } = budgeted.installation;
  const source = await controlPlaneBudgets({ url: controlUrl, refreshMilliseconds: 100 });
  cleanUp.push(async () => source.close());
  const fetchOf = () =>
    new Farthing({ sinks: [memorySink()], budgets: source }).meterFetch({ provider: 'openai' });
  const fetch = fetchOf();
  const status = async (own = fetch) => {
    const response = await own(url(budgeted), request);
    await response.text();
    return response.status;
  };
  const order = async (path: string, body: object) => {
    const response = await globalThis.fetch(`${controlUrl}/api/v1/budgets/few%20calls/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
  };
  const untilAdmitted = async () => {
    while ((await status()) !== 200) await pause(50);
  };
  expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
  await order('raise', { add: { calls: 1 } });
  await untilAdmitted();
  expect(await status()).toBe(429);
  await order('pause', {});
  await untilAdmitted();
  await order('resume', {});
  while ((await status()) === 200) await pause(50);
  // What restricts calls beside budgets holds here, too.
  const blocked = await globalThis.fetch(`${controlUrl}/api/v1/restrictions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ scope: { provider: 'openai' }, step: 'block', seconds: 2 }),
  });
  expect(blocked.status).toBe(200);
  while ((await status()) !== 403) await pause(50);
  // It ends by itself.
  while ((await status()) !== 429) await pause(50);
  // Balances in memory are each process's own, and what holds goes on without the control plane.
  await budgeted.installation.stopAll();
  const other = fetchOf();
  const statuses = [await status(other), await status(other), await status(other)];
  expect([...statuses, await status(other)]).toEqual([200, 200, 200, 429]);
});

test('an app that cannot ask for its budgets is told so when it starts', async () => {
  await expect(controlPlaneBudgets({ url: 'http://127.0.0.1:9' })).rejects.toThrow(
    'cannot be asked for its budgets',
  );
  await expect(controlPlaneBudgets({ url: 'nowhere' })).rejects.toThrow('FARTHING_URL');
});

test.skipIf(!hasRedis)(
  'an app ends when its work is done, and hands back what it had leased',
  async () => {
    const redis = await RedisServer.start();
    cleanUp.push(() => redis.stop());
    const provider = await startFakeProvider();
    cleanUp.push(() => provider.close());
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const file = fileURLToPath(new URL('redis-app.fixture.ts', import.meta.url));
    const run = async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--import', 'tsx', file, redis.url, provider.url],
        {
          cwd: root,
          env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.test.json') },
          timeout: 60_000,
        },
      );
      return stdout.trim();
    };
    expect(await run()).toBe('200 200 200');
    expect(await run()).toBe('200 200 429');
  },
);
