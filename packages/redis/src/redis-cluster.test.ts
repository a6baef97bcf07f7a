import { setTimeout as sleep } from 'node:timers/promises';
import { LeasedLedger, type AccountReference, type Amounts } from '@farthing/core';
import { afterEach, describe, expect, test } from 'vitest';
import { openRedisAuthority } from './redis-authority.js';
import { RedisCluster } from './redis-cluster.fixture.js';
import { hasRedis } from './redis-server.fixture.js';

const usd = (nano: number): Amounts => ({ usd: BigInt(nano) * 1_000n, tokens: 0n, calls: 1n });
const account = (key: string): AccountReference => ({
  key,
  budget: key,
  measure: 'usd',
  window: { unit: 'day', rolling: false },
  limit: 1_000_000n,
  soft: 1_000_000n,
  enforced: true,
});

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).toReversed()) await end();
});

function gateway(url: string) {
  const authority = openRedisAuthority({
    url,
    namespace: 'acme',
    patienceMilliseconds: 1_000,
    timeoutMilliseconds: 400,
  });
  cleanUp.push(() => authority.close());
  const ledger = new LeasedLedger({
    authority,
    unavailable: () => ({ mode: 'closed' }),
    now: Date.now,
    sleep,
    denialMilliseconds: 0,
    retryMilliseconds: 20,
  });
  const heart = setInterval(() => void ledger.maintain(), 100);
  cleanUp.push(async () => clearInterval(heart));
  let calls = 0;
  /** A call that costs what it held. */
  const call = async (nano: number, accounts: AccountReference[]) => {
    const id = `${authority.gateway} ${(calls += 1)}`;
    const { admitted } = await ledger.reserve({ id, accounts, amounts: usd(nano), at: Date.now() });
    if (admitted) ledger.settle(id, usd(nano));
    return admitted;
  };
  const untilAdmitted = async (nano: number, accounts: AccountReference[]) => {
    for (let attempt = 0; attempt < 800; attempt++) {
      if (await call(nano, accounts)) return;
      await sleep(20);
    }
    throw new Error('no call was admitted');
  };
  return { ledger, call, untilAdmitted };
}

describe.skipIf(!hasRedis)('budgets on a Redis Cluster', () => {
  test('hold over several levels at once, for all gateways, and through a failover', async () => {
    const cluster = await RedisCluster.start('farthing:{acme}:state');
    cleanUp.push(() => cluster.stop());
    const levels = [account('org'), account('team with spaces, {braces} and ünïcode')];
    const gateways = [gateway(cluster.url), gateway(cluster.url)] as const;
    for (const { untilAdmitted } of gateways) await untilAdmitted(100, levels);
    await cluster.killMasterOf('farthing:{acme}:state');
    // Both state their figures to the new master before it grants anything.
    for (const { untilAdmitted } of gateways) await untilAdmitted(1, levels);
    let spent = 202;
    for (let round = 0; round < 200; round++) {
      if (await gateways[round % 2]!.call(9, levels)) spent += 9;
    }
    expect(spent).toBeLessThanOrEqual(1_000);
    expect(spent).toBeGreaterThan(990);
  }, 30_000);

  test('a wrong name of the cluster is said, not guessed', () => {
    expect(() => openRedisAuthority({ url: 'redis://a:1,nowhere' })).toThrow(
      '"nowhere" is no Redis URL',
    );
  });
});
