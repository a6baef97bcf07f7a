import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import {
  admitCall,
  callTo,
  crashed,
  endCall,
  newDirectory,
  noon,
  openWorld,
  removeDirectories,
  spentOf,
  type World,
} from './budget-world.fixture.js';

const worlds: World[] = [];
afterEach(async () => {
  for (const { admissions, journal } of worlds.splice(0)) {
    await admissions.close();
    await journal.close();
  }
  removeDirectories();
});
const open = async (
  directory = newDirectory(),
  budgets: object[] = [{ name: 'team', limit: 100 }],
) => {
  const world = await openWorld(directory, { budgets });
  worlds.push(world);
  return world;
};

/** Books one item of a batch's results, as a gateway does that relays them. */
const book = async (world: World, item: string, usd: bigint) => {
  const hash = createHash('sha256').update(item).digest('hex');
  const id = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  const call = callTo(world, { id });
  const admission = await world.admissions.admit({
    ...call,
    id: `like ${id}`,
    tags: { agent: 'x' },
  });
  // The same entry as of a call, without having been one.
  const scratch = { ...world, journal: { journal: { closed() {} } }, admissions: { ended() {} } };
  const entry = endCall(scratch as unknown as World, call, admission, usd);
  world.journal.journal.closed(entry);
  world.admissions.booked!(entry);
};
const written = async ({ journal }: World) => {
  while (journal.journal.backlog > 0) await new Promise((resolve) => setTimeout(resolve, 2));
};
const budgets = [{ name: 'team', scope: { agent: 'support' }, limit: 100 }];

describe('results of a batch', () => {
  test('count when they are booked, each item once', async () => {
    const world = await open(newDirectory(), budgets);
    await book(world, 'a', 1n);
    await book(world, 'b', 10n);
    await book(world, 'a', 1n);
    expect(spentOf(world, 'team')).toBe('0.000000000011');
  });

  test.each([
    ['a snapshot that has them', true],
    ['a snapshot that lacks them', false],
  ])('count once when they are fetched again after a crash with %s', async (_, snapshot) => {
    const world = await open(newDirectory(), budgets);
    const call = callTo(world);
    endCall(world, call, await admitCall(world, call), 100n);
    await world.admissions.flush();
    await book(world, 'a', 1n);
    await book(world, 'a', 1n);
    await written(world);
    if (snapshot) await world.admissions.flush();
    const again = await open(crashed(world.dataDirectory), budgets);
    expect(spentOf(again, 'team')).toBe('0.000000000101');
    await book(again, 'a', 1n);
    await book(again, 'b', 10n);
    expect(spentOf(again, 'team')).toBe('0.000000000111');
  });

  test('refuse the next call when they have used the budget up', async () => {
    const world = await open(newDirectory(), [{ name: 'team', limit: 1, window: 'total' }]);
    await book(world, 'a', 2_000_000_000_000n);
    expect(await world.admissions.admit(callTo(world))).toMatchObject({ outcome: 'refused' });
  });

  test('count in the window of their batch', async () => {
    const world = await open(newDirectory(), [{ ...budgets[0], window: 'day' }]);
    world.now = noon - 24 * 3_600_000;
    await book(world, 'yesterday', 1n);
    world.now = noon;
    await book(world, 'today', 10n);
    expect(spentOf(world, 'team')).toBe('0.00000000001');
  });
});

test('keys are named as soon as a budget asks for them', async () => {
  expect((await open()).admissions.goesByKeys()).toBe(false);
  const world = await open(newDirectory(), [{ name: 'each key', scope: { key: '*' }, limit: 1 }]);
  expect(world.admissions.goesByKeys()).toBe(true);
});
