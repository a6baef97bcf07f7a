import { setTimeout as sleep } from 'node:timers/promises';
import { Escrow, LeasedLedger, SharedBalances, type LeaseAuthority } from '@farthing/core';
import { describeBudgetLedger } from './conformance.js';
import { openRedisAuthority } from '@farthing/redis';
import { RedisCluster } from '../../../redis/src/redis-cluster.fixture.js';
import { hasRedis, RedisServer } from '../../../redis/src/redis-server.fixture.js';

function leased(authority: LeaseAuthority): LeasedLedger {
  return new LeasedLedger({
    authority,
    unavailable: () => ({ mode: 'closed' }),
    now: Date.now,
    sleep,
    // The laws ask again at once.
    denialMilliseconds: 0,
    recallMilliseconds: 1,
  });
}

describeBudgetLedger('in memory', async () => ({ ledger: new Escrow(), close: async () => {} }));

describeBudgetLedger('leased from balances in memory', async () => {
  const shared = new SharedBalances({ now: Date.now, patienceMilliseconds: 3_000, expiry: 'hold' });
  return { ledger: leased(shared.authority('one')), close: async () => {} };
});

describeBudgetLedger(
  'leased from Redis',
  async () => {
    const server = await RedisServer.start();
    return onRedis(server.url, () => server.stop());
  },
  !hasRedis,
);

describeBudgetLedger(
  'leased from a Redis Cluster',
  async () => {
    const cluster = await RedisCluster.start();
    return onRedis(cluster.url, () => cluster.stop());
  },
  !hasRedis,
);

async function onRedis(url: string, stop: () => Promise<void>) {
  const authority = openRedisAuthority({ url, timeoutMilliseconds: 2_000 });
  await connected(authority);
  return {
    ledger: leased(authority),
    async close() {
      await authority.close();
      await stop();
    },
  };
}

async function connected(authority: LeaseAuthority): Promise<void> {
  for (;;) {
    try {
      await authority.exchange([]);
      return;
    } catch {
      await sleep(20);
    }
  }
}
