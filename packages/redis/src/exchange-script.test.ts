import { setTimeout as sleep } from 'node:timers/promises';
import {
  SharedBalances,
  type AccountReference,
  type LeaseAuthority,
  type LeaseRequest,
} from '@farthing/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRedisAuthority, type RedisAuthority } from './redis-authority.js';
import { hasRedis, RedisServer } from './redis-server.fixture.js';

const sources = ['a', 'b', 'c'] as const;
const windows = [
  { window: { unit: 'day', rolling: false }, parts: [1_000, 1_001, 1_001] },
  { window: { unit: 'hour', rolling: true }, parts: [1_000, 1_001, 1_060] },
] as const;

/** What one gateway says of one account. Amounts are whole nano-USD, as Redis counts them. */
const statement = fc.record({
  window: fc.nat(1),
  part: fc.nat(2),
  spent: fc.nat(60),
  beyondBase: fc.option(fc.nat(60), { freq: 4 }),
  kept: fc.nat(40),
  want: fc.nat(80),
  share: fc.nat(100),
  floors: fc.array(fc.record({ source: fc.constantFrom(...sources), spent: fc.nat(80) }), {
    maxLength: 2,
  }),
});
const step = fc.record({
  source: fc.nat(2),
  /** The gateway is a new one: its journal's writer before is no more. */
  restart: fc.boolean(),
  statements: fc.array(statement, { maxLength: 3 }),
  /** The one before speaks once more. */
  ghost: fc.boolean(),
});

type Statement = typeof statement extends fc.Arbitrary<infer Value> ? Value : never;

describe.skipIf(!hasRedis)('the script in Redis', () => {
  let server: RedisServer;
  let run = 0;
  beforeAll(async () => (server = await RedisServer.start()));
  afterAll(() => server.stop());

  test('answers as its specification in memory does, to whatever gateways say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        run += 1;
        const patienceMilliseconds = 3_600_000;
        const memory = new SharedBalances({ now: Date.now, patienceMilliseconds, expiry: 'hold' });
        const opened: RedisAuthority[] = [];
        const open = async (source: string) => {
          const authority = openRedisAuthority({
            url: server.url,
            namespace: `run-${run}`,
            source,
            patienceMilliseconds,
            timeoutMilliseconds: 5_000,
          });
          opened.push(authority);
          while (!authority.link.isReady) await sleep(1);
          return [authority, memory.authority(authority.gateway, source)] as const;
        };
        const live = new Map<string, readonly [LeaseAuthority, LeaseAuthority]>();
        try {
          for (const { source: index, restart, statements, ghost } of steps) {
            const source = sources[index]!;
            const before = live.get(source);
            const isNew = restart || before === undefined;
            if (isNew) live.set(source, await open(source));
            const requests = statements.map(requestOf);
            const [redis, specification] = live.get(source)!;
            expect(await said(redis, requests)).toEqual(await said(specification, requests));
            if (!ghost || !isNew || before === undefined) continue;
            expect(await said(before[0], requests)).toEqual(await said(before[1], requests));
          }
        } finally {
          for (const authority of opened) await authority.close();
        }
      }),
      { numRuns: 40 },
    );
  }, 30_000);
});

async function said(authority: LeaseAuthority, requests: readonly LeaseRequest[]) {
  try {
    const { grants, gateways, granting } = await authority.exchange(requests);
    return { grants, gateways, granting };
  } catch {
    return 'refused';
  }
}

function requestOf({ window, part, spent, beyondBase, kept, want, share, floors }: Statement) {
  const nano = (amount: number) => BigInt(amount) * 1_000n;
  const account: AccountReference = {
    key: `account ${window} | with {braces}`,
    budget: 'test',
    measure: 'usd',
    window: windows[window]!.window,
    limit: nano(250),
    soft: nano(250),
    enforced: true,
  };
  const request: LeaseRequest = {
    account,
    part: windows[window]!.parts[part]!,
    // Where the journal is still being read, nothing is stated as spent.
    spent: beyondBase === null ? 0n : nano(spent + beyondBase),
    base: beyondBase === null ? null : nano(spent),
    kept: nano(kept),
    want: nano(want),
    atLeast: nano(Math.floor((want * share) / 100)),
    floors: floors.map((floor) => ({ source: floor.source, spent: nano(floor.spent) })),
  };
  return request;
}
