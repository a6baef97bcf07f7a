import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readBreakers } from './breakers-file.js';
import { budgetFiles } from './budget-files.js';
import {
  admitCall,
  callTo,
  endCall,
  newDirectory,
  noon,
  openWorld,
  removeDirectories,
  type World,
} from './budget-world.fixture.js';

const worlds: World[] = [];
const close = async (world: World) => {
  worlds.splice(worlds.indexOf(world), 1);
  await world.admissions.close();
  await world.journal.close();
};
afterEach(async () => {
  while (worlds.length > 0) await close(worlds[0]!);
  removeDirectories();
});

const minute = 60_000;
const breaker = {
  name: 'fast',
  scope: { agent: '*' },
  limit: 0.001,
  window: '10m',
  steps: ['throttle', 'block'],
  cool_down: '5m',
  probes: 2,
};
const open = async (directory = newDirectory(), at = noon, steps = breaker.steps) => {
  const world = await openWorld(directory, { breakers: [{ ...breaker, steps }] }, undefined, at);
  worlds.push(world);
  return world;
};
/** A call of an agent, that is too dear for the pace. */
const spend = async (world: World, agent = 'loop') => {
  const call = callTo(world, { tags: { agent } });
  const admission = await admitCall(world, call);
  if (admission.outcome === 'admitted') endCall(world, call, admission, 2_000_000_000n);
  return admission.outcome;
};
const order = (directory: string, line: object) => {
  const path = budgetFiles(directory).changes;
  mkdirSync(dirname(path), { recursive: true });
  const recorded = { recorded_at: new Date(noon).toISOString(), recorded_by: 'root' };
  appendFileSync(path, `${JSON.stringify({ ...recorded, ...line })}\n`);
};

test('a breaker that has tripped is tripped after a restart, for as long as it was to be', async () => {
  const first = await open();
  expect([await spend(first), await spend(first)]).toEqual(['admitted', 'refused']);
  await close(first);
  const second = await open(first.dataDirectory, noon + 4 * minute);
  expect(second.admissions.breakers()).toMatchObject([
    { rule: 'fast', state: 'tripped', step: 'throttle', since: noon, until: noon + 5 * minute },
  ]);
  expect([await spend(second), await spend(second, 'other')]).toEqual(['refused', 'admitted']);
  await close(second);
  // When its time is over, calls try whether the pace holds; here it does not.
  const third = await open(first.dataDirectory, noon + 6 * minute);
  expect([await spend(third), await spend(third)]).toEqual(['admitted', 'refused']);
  expect(third.admissions.breakers()).toContainEqual(
    expect.objectContaining({ state: 'tripped', until: noon + 16 * minute }),
  );
});

test('an order of a person is carried out once, however often gateways start', async () => {
  const directory = newDirectory();
  const trip = {
    id: 'a',
    do: 'trip',
    breaker: 'fast',
    key: 'fast\u001fagent=loop\u001ftotal\u001fusd',
  };
  const until = new Date(noon + 60 * minute).toISOString();
  order(directory, { ...trip, cause: 'it loops', until });
  for (let start = 0; start < 3; start++) {
    const world = await open(directory);
    expect(world.admissions.breakers()).toMatchObject([{ step: 'throttle', cause: 'it loops' }]);
    await close(world);
  }
  order(directory, { id: 'b', do: 'reset', breaker: 'fast' });
  expect((await open(directory)).admissions.breakers()).toEqual([]);
});

test('a rule that has fewer steps now, or is gone, is no stumbling block', async () => {
  const first = await open();
  await spend(first);
  order(first.dataDirectory, {
    id: 'c',
    do: 'trip',
    breaker: 'fast',
    cause: 'more',
    until: new Date(noon + minute).toISOString(),
  });
  await close(first);
  const second = await open(first.dataDirectory);
  expect(second.admissions.breakers()).toMatchObject([{ step: 'block' }]);
  await close(second);
  const third = await open(first.dataDirectory, noon, ['throttle']);
  expect(third.admissions.breakers()).toMatchObject([{ step: 'throttle' }]);
});

test('a file that cannot be read leaves all breakers closed', async () => {
  const directory = newDirectory();
  const path = budgetFiles(directory).breakers();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '{"breakers":[{"rule":"fa');
  const world = await open(directory);
  expect(await spend(world)).toBe('admitted');
  expect(readBreakers(dirname(path))).toEqual([]);
});
