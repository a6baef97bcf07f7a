import { appendFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { afterEach, describe, expect, test } from 'vitest';
import {
  admitCall,
  callTo,
  crashed,
  endCall,
  newDirectory,
  openWorld,
  removeDirectories,
  type World,
} from './budget-world.fixture.js';
import { budgetFiles } from './budget-files.js';
import { hasRedis, RedisServer } from '../../../redis/src/redis-server.fixture.js';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).toReversed()) await end();
  removeDirectories();
});

const startRedis = async (...settings: string[]) => {
  const server = await RedisServer.start(...settings);
  cleanUp.push(() => server.stop());
  return server;
};
const dollar = 1_000_000_000_000n;
const team = { name: 'team', limit: 1, window: 'total', hold: 'bound' };
const open = async (
  server: RedisServer | null,
  directory = newDirectory(),
  budgets: object[] = [team],
): Promise<World> => {
  const world = await openWorld(directory, {
    budgets,
    ...(server === null ? {} : { redis: { url: server.url, timeout_ms: 2_000 } }),
  });
  // Leases and patience go by real time.
  Object.defineProperty(world, 'now', { get: Date.now });
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await world.admissions.close();
    await world.journal.close();
  };
  cleanUp.push(close);
  return Object.assign(world, { close });
};
const close = (world: World) => (world as World & { close(): Promise<void> }).close();

/** One call of so many cents; waits until Redis answers. Tenths of a cent are held, and 0.3 cents. */
const spend = async (world: World, cents: number): Promise<void> => {
  for (let turn = 0; turn < 400; turn++) {
    const call = callTo(world);
    const admission = await admitCall(world, call);
    if (admission.outcome === 'admitted') {
      endCall(world, call, admission, (BigInt(cents) * dollar) / 100n);
      return;
    }
    await sleep(25);
  }
  throw new Error('no call was admitted');
};
/** What Redis has of a budget over all gateways, in cents. */
const counted = async (server: RedisServer, name = 'team'): Promise<number> => {
  const client = createClient({ url: server.url });
  await client.connect();
  const key = `farthing:{default}:account:${name}\u001ftotal\u001fusd`;
  const nano = Number(await client.hGet(key, 'c:0'));
  client.destroy();
  return nano / 1e7;
};
/** The same when all gateways have ended, and have told everything. */
const countedInTheEnd = async (server: RedisServer, worlds: readonly World[], name = 'team') => {
  for (const world of worlds) await close(world);
  return counted(server, name);
};
const change = (world: World, line: object) => {
  const path = budgetFiles(world.dataDirectory).changes;
  mkdirSync(dirname(path), { recursive: true });
  const recorded = { id: crypto.randomUUID(), recorded_at: new Date().toISOString() };
  appendFileSync(path, `${JSON.stringify({ ...recorded, recorded_by: 'test', ...line })}\n`);
};
const until = async (isSo: () => boolean | Promise<boolean>) => {
  for (let turn = 0; turn < 400; turn++) {
    if (await isSo()) return;
    await sleep(25);
  }
  throw new Error('it did not come to be so');
};
const isDefined = (world: World, name: string) =>
  world.admissions.statuses().some((one) => one.name === name);

describe.skipIf(!hasRedis)('budgets that gateways share', () => {
  test('count what was spent before they were set, once, on every gateway', async () => {
    const server = await startRedis();
    const worlds = [await open(server), await open(server)] as const;
    await spend(worlds[0], 20);
    await spend(worlds[1], 30);
    for (const world of worlds) {
      change(world, { do: 'set', budget: { ...team, name: 'late' } });
    }
    await until(() => worlds.every((world) => isDefined(world, 'late')));
    // Calls go on meanwhile.
    await Promise.all([spend(worlds[0], 1), spend(worlds[1], 2)]);
    await until(async () => (await counted(server, 'late')) >= 53);
    await spend(worlds[0], 4);
    await spend(worlds[1], 8);
    expect(await countedInTheEnd(server, worlds, 'late')).toBe(65);
    expect(await counted(server)).toBe(65);
  });

  test('count a gateway once that starts anew, properly or after a kill -9', async () => {
    const server = await startRedis();
    const first = await open(server);
    await spend(first, 10);
    await close(first);
    const second = await open(server, first.dataDirectory);
    await spend(second, 5);
    await second.admissions.flush();
    await spend(second, 2);
    await until(() => second.journal.journal.backlog === 0);
    const third = await open(server, crashed(second.dataDirectory));
    await spend(third, 1);
    expect(await countedInTheEnd(server, [third])).toBe(18);
  });

  test('have everything back that their journals know when Redis has lost its memory', async () => {
    const server = await startRedis();
    const worlds = [await open(server), await open(server)] as const;
    await spend(worlds[0], 20);
    await spend(worlds[1], 30);
    // No gateway lives that could tell.
    for (const world of worlds) await close(world);
    await server.kill();
    await server.start();
    const again = [
      await open(server, worlds[0].dataDirectory),
      await open(server, worlds[1].dataDirectory),
    ] as const;
    // It is noticed: nothing is granted until all have stated their figures.
    expect((await again[0].admissions.admit(callTo(again[0]))).outcome).toBe('refused');
    await spend(again[0], 1);
    await spend(again[1], 2);
    expect(await countedInTheEnd(server, again)).toBe(53);
  });

  test('go on where a gateway without Redis has left them', async () => {
    const alone = await open(null);
    await spend(alone, 25);
    await close(alone);
    const server = await startRedis();
    const world = await open(server, alone.dataDirectory);
    await spend(world, 5);
    expect(await countedInTheEnd(server, [world])).toBe(30);
  });

  test('count what apps report of themselves, once, also after a start without a snapshot', async () => {
    const server = await startRedis();
    const reporting = await open(null);
    await spend(reporting, 40);
    await close(reporting);
    const world = await open(server);
    await spend(world, 1);
    // The journal of an app, in the data directory of a gateway that runs.
    const copy = (to: World) =>
      cpSync(
        join(reporting.dataDirectory, 'journals', 'gateway'),
        join(to.dataDirectory, 'journals', 'app'),
        { recursive: true },
      );
    copy(world);
    await until(async () => (await counted(server)) >= 41);
    expect(await countedInTheEnd(server, [world])).toBe(41);
    // Also when the snapshot is gone.
    rmSync(budgetFiles(world.dataDirectory).balances());
    const again = await open(server, world.dataDirectory);
    await spend(again, 2);
    expect(await countedInTheEnd(server, [again])).toBe(43);
  });
});
