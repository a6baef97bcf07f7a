import { setTimeout as sleep } from 'node:timers/promises';
import {
  LeasedLedger,
  type AccountReference,
  type Amounts,
  type UnavailablePolicy,
} from '@farthing/core';
import { createClient } from '@redis/client';
import { afterEach, describe, expect, test } from 'vitest';
import { openRedisAuthority, type RedisAuthority } from './redis-authority.js';
import { hasRedis, RedisServer } from './redis-server.fixture.js';

const usd = (nano: number): Amounts => ({ usd: BigInt(nano) * 1_000n, tokens: 0n, calls: 1n });
const team: AccountReference = {
  key: 'team',
  budget: 'team',
  measure: 'usd',
  window: { unit: 'total', rolling: false },
  limit: 1_000_000n,
  soft: 1_000_000n,
  enforced: true,
};

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).toReversed()) await end();
});

async function server(...settings: string[]): Promise<RedisServer> {
  const started = await RedisServer.start(...settings);
  cleanUp.push(() => started.stop());
  return started;
}

/** One gateway. `skew` sets its clock wrong by so many milliseconds. */
function gateway(
  url: string,
  policy: UnavailablePolicy = { mode: 'closed' },
  { skew = 0, patienceMilliseconds = 500 } = {},
) {
  const authority: RedisAuthority = openRedisAuthority({
    url,
    patienceMilliseconds,
    timeoutMilliseconds: 200,
  });
  cleanUp.push(() => authority.close());
  const ledger = new LeasedLedger({
    authority,
    unavailable: () => policy,
    now: () => Date.now() + skew,
    sleep,
    denialMilliseconds: 0,
    retryMilliseconds: 20,
  });
  let calls = 0;
  const call = async (nano: number, accounts = [team]) => {
    const id = `${authority.gateway} ${(calls += 1)}`;
    const at = Date.now() + skew;
    const result = await ledger.reserve({ id, accounts, amounts: usd(nano), at });
    return { id, admitted: result.admitted };
  };
  /** Repeats a small call until Redis answers for it. */
  const untilAdmitted = async (nano: number) => {
    for (let attempt = 0; attempt < 400; attempt++) {
      const { admitted, id } = await call(nano);
      if (admitted) return id;
      await sleep(20);
    }
    throw new Error('no call was admitted');
  };
  return { ledger, authority, call, untilAdmitted };
}

describe.skipIf(!hasRedis)('a budget on Redis', () => {
  test('is one budget for all gateways', async () => {
    const { url } = await server();
    const [one, two] = [gateway(url), gateway(url)];
    await one.untilAdmitted(100);
    await two.untilAdmitted(100);
    let spent = 200;
    for (let round = 0; round < 60; round++) {
      const { admitted } = await (round % 2 === 0 ? one : two).call(20);
      if (admitted) spent += 20;
    }
    expect(spent).toBe(1_000);
  });

  test('spends the lease it has while Redis is gone, then refuses', async () => {
    const redis = await server();
    const { untilAdmitted, call } = gateway(redis.url);
    await untilAdmitted(100);
    await redis.kill();
    let admitted = 0;
    for (let attempt = 0; attempt < 30; attempt++) if ((await call(100)).admitted) admitted += 1;
    // Half of what remained was leased beside the first call.
    expect(admitted).toBeGreaterThan(0);
    expect(admitted).toBeLessThanOrEqual(4);
  });

  test('goes on under its allowance, or without a limit, where that is the policy', async () => {
    const redis = await server();
    await redis.kill();
    const allowing = gateway(redis.url, { mode: 'allowance', amounts: { usd: 250_000n } });
    const results = [];
    for (let round = 0; round < 4; round++) results.push((await allowing.call(100)).admitted);
    expect(results).toEqual([true, true, false, false]);
    const open = gateway(redis.url, { mode: 'open' });
    for (let round = 0; round < 20; round++) expect((await open.call(100)).admitted).toBe(true);
  });

  test('has all its spending back after Redis has lost its memory', async () => {
    const redis = await server();
    const [one, two] = [gateway(redis.url), gateway(redis.url)];
    const first = await one.untilAdmitted(300);
    const second = await two.untilAdmitted(300);
    one.ledger.settle(first, usd(300));
    two.ledger.settle(second, usd(300));
    await redis.kill();
    await redis.start();
    await Promise.all([settled(one.ledger), settled(two.ledger)]);
    let admitted = 0;
    for (let attempt = 0; attempt < 20; attempt++) if ((await one.call(50)).admitted) admitted += 1;
    expect(admitted).toBe(8);
  });

  test('keeps its promises while Redis hangs, and after it goes on', async () => {
    const redis = await server();
    const { untilAdmitted, call, ledger } = gateway(
      redis.url,
      { mode: 'closed' },
      { patienceMilliseconds: 10_000 },
    );
    const id = await untilAdmitted(100);
    redis.pause();
    let admitted = 100;
    for (let attempt = 0; attempt < 12; attempt++) if ((await call(100)).admitted) admitted += 100;
    redis.resume();
    ledger.settle(id, usd(100));
    await settled(ledger);
    for (let attempt = 0; attempt < 30; attempt++) if ((await call(50)).admitted) admitted += 50;
    expect(admitted).toBe(1_000);
  });

  test('survives a failover to a replica that lacks the latest spending', async () => {
    const [first, replica] = [await server(), await server()];
    const admin = createClient({ url: replica.url });
    admin.on('error', () => {});
    await admin.connect();
    cleanUp.push(async () => admin.destroy());
    await admin.sendCommand(['REPLICAOF', '127.0.0.1', String(first.port)]);
    const one = gateway(first.url);
    const id = await one.untilAdmitted(100);
    await sleep(300);
    // From here on the replica hears nothing any more.
    await admin.sendCommand(['REPLICAOF', 'NO', 'ONE']);
    one.ledger.settle(id, usd(100));
    const late = await one.untilAdmitted(500);
    one.ledger.settle(late, usd(500));
    await settled(one.ledger);
    // The gateway is led to the new server, as a proxy or a DNS name does it.
    await first.kill();
    const moved = await leadTo(first, replica);
    await settled(one.ledger);
    let admitted = 0;
    for (let attempt = 0; attempt < 20; attempt++) if ((await one.call(50)).admitted) admitted += 1;
    expect(admitted).toBe(8);
    await moved();
  });

  test('counts in the windows of Redis, however wrong the clock of a gateway is', async () => {
    const { url } = await server();
    const minute = { ...team, key: 'minute', window: { unit: 'hour', rolling: false } } as const;
    const right = gateway(url);
    const wrong = gateway(url, { mode: 'closed' }, { skew: 3 * 3_600_000 });
    await right.untilAdmitted(1);
    await wrong.untilAdmitted(1);
    expect((await right.call(600, [minute])).admitted).toBe(true);
    expect((await wrong.call(600, [minute])).admitted).toBe(false);
    expect((await wrong.call(400, [minute])).admitted).toBe(true);
  });

  test('books what a dead gateway kept, one patience after it was last heard of', async () => {
    const { url } = await server();
    const dying = gateway(url);
    await dying.untilAdmitted(100);
    const heir = gateway(url);
    await sleep(700);
    // Without it, half of the budget would be lent out for ever.
    let admitted = 0;
    for (let attempt = 0; attempt < 40; attempt++) {
      if ((await heir.call(50)).admitted) admitted += 50;
      if (attempt % 10 === 0) await heir.ledger.maintain();
    }
    expect(admitted).toBeGreaterThanOrEqual(400);
    expect(admitted).toBeLessThanOrEqual(900);
  });
});

test.skipIf(!hasRedis)('a gateway whose journal another one writes says what to do', async () => {
  const { url } = await server();
  const states: unknown[] = [];
  const open = () => {
    const onState = (...state: unknown[]) => void states.push(state);
    const authority = openRedisAuthority({
      url,
      source: 'copied',
      timeoutMilliseconds: 500,
      onState,
    });
    cleanUp.push(() => authority.close());
    return authority;
  };
  const answered = async ({ exchange }: RedisAuthority) => {
    for (let attempt = 0; attempt < 200; attempt++) {
      try {
        return await exchange([]);
      } catch (error) {
        if (!String(error).includes('cannot be reached')) throw error;
        await sleep(20);
      }
    }
    throw new Error('Redis did not answer');
  };
  const first = open();
  await answered(first);
  await answered(open());
  await expect(answered(first)).rejects.toThrow('delete its file budgets/name');
  await expect(answered(first)).rejects.toThrow();
  expect(states).toEqual([['lost', expect.stringContaining('"copied"')]]);
});

/** A gateway states its figures about once a second; here more often, until Redis has heard and grants again. */
async function settled(ledger: LeasedLedger): Promise<void> {
  for (let round = 0; round < 30; round++) {
    await ledger.maintain();
    await sleep(40);
  }
}

/** Lets the port of a dead server lead to another one. */
async function leadTo(dead: RedisServer, alive: RedisServer): Promise<() => Promise<void>> {
  const { createServer, connect } = await import('node:net');
  const relay = createServer((incoming) => {
    const outgoing = connect(alive.port, '127.0.0.1');
    incoming.pipe(outgoing).pipe(incoming);
    for (const socket of [incoming, outgoing]) socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => relay.listen(dead.port, '127.0.0.1', resolve));
  const close = async () => void relay.close();
  cleanUp.push(close);
  return close;
}
