import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import {
  callTo,
  endCall,
  newDirectory,
  openWorld,
  removeDirectories,
  type World,
} from './budget-world.fixture.js';
import { presentBalances } from './present-balances.js';
import { hasRedis, RedisServer } from '../../../redis/src/redis-server.fixture.js';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).toReversed()) await end();
  removeDirectories();
});

const started = async () => {
  const server = await RedisServer.start();
  cleanUp.push(() => server.stop());
  return server;
};
const open = async (server: RedisServer, budget: object): Promise<World> => {
  const world = await openWorld(newDirectory(), {
    budgets: [{ name: 'team', window: 'total', hold: 'bound', ...budget }],
    redis: { url: server.url, timeout_ms: 2_000 },
  });
  // Leases and patience go by real time.
  Object.defineProperty(world, 'now', { get: Date.now });
  cleanUp.push(async () => {
    await world.admissions.close();
    await world.journal.close();
  });
  return world;
};
/** Tries until Redis answers for the first call. */
const connected = async (world: World) => {
  for (let turn = 0; turn < 200; turn++) {
    const call = callTo(world);
    const admission = await world.admissions.admit(call);
    if (admission.outcome === 'admitted') return endCall(world, call, admission, 0n);
    await sleep(25);
  }
  throw new Error('Redis did not answer');
};
/** Calls that hold $0.003 each and cost as much. */
const spend = async (worlds: World[], count: number) => {
  let admitted = 0;
  for (let turn = 0; turn < count; turn++) {
    const world = worlds[turn % worlds.length]!;
    const call = callTo(world);
    const admission = await world.admissions.admit(call);
    if (admission.outcome === 'refused') continue;
    endCall(world, call, admission, 3_000_000_000n);
    admitted += 1;
  }
  return admitted;
};

describe.skipIf(!hasRedis)('gateways that share their budgets through Redis', () => {
  test('spend a limit once, between them', async () => {
    const server = await started();
    const worlds = [await open(server, { limit: 0.3 }), await open(server, { limit: 0.3 })];
    for (const world of worlds) await connected(world);
    expect(await spend(worlds, 300)).toBe(100);
  });

  test('mostly decide at once: on leases', async () => {
    const server = await started();
    const world = await open(server, { limit: 100 });
    await connected(world);
    await spend([world], 5);
    expect(world.admissions.admit(callTo(world))).not.toBeInstanceOf(Promise);
  });

  test('go by each budget’s own policy when Redis is gone', async () => {
    const server = await started();
    const closed = await open(server, { limit: 0.3 });
    const allowing = await open(server, { limit: 0.3, unavailable: { allowance: 0.006 } });
    const careless = await open(server, { limit: 0.3, unavailable: 'open' });
    for (const world of [closed, allowing, careless]) await connected(world);
    await spend([closed, allowing, careless], 300);
    await server.kill();
    await sleep(150);
    expect(await spend([closed], 10)).toBe(0);
    expect(await spend([allowing], 10)).toBe(2);
    expect(await spend([careless], 10)).toBe(10);
  });

  test('show what they last heard of the balances', async () => {
    const server = await started();
    const world = await open(server, { limit: 0.3 });
    await connected(world);
    await spend([world], 10);
    await world.admissions.flush();
    expect(world.admissions.statuses()[0]!.accounts[0]).toMatchObject({ spent: '0.03' });
    const present = await presentBalances(world.dataDirectory, [], Date.now());
    expect(present).toMatchObject({ live: true, shared: true });
    expect(present.accounts).toHaveLength(1);
  });

  test('that have no calls go on showing what others spend', async () => {
    const server = await started();
    const [busy, idle] = [await open(server, { limit: 0.3 }), await open(server, { limit: 0.3 })];
    for (const world of [busy, idle]) await connected(world);
    await idle.admissions.flush();
    await spend([busy], 10);
    const seen = async () => {
      const { accounts } = await presentBalances(idle.dataDirectory, [], Date.now());
      const [part] = accounts[0]!.parts;
      return [part!.committed, part!.reserved];
    };
    await expect.poll(seen, { timeout: 15_000 }).toEqual([30_000_000_000n, 0n]);
  });
});
