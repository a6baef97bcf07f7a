import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admission } from '@farthing/core';
import { afterEach, describe, expect, test } from 'vitest';
import { configSchema } from '../config/index.js';
import { hasRedis, RedisServer } from '../../../redis/src/redis-server.fixture.js';
import { BudgetDesk } from './budget-desk.js';
import {
  callTo,
  crashed,
  newDirectory,
  openWorld,
  removeDirectories,
  type World,
} from './budget-world.fixture.js';
import { readChangesText } from './changes.js';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).toReversed()) await end();
  removeDirectories();
});

/** A gateway without budgets and breakers. */
async function open(directory = newDirectory(), settings: { redis?: object } = {}): Promise<World> {
  const world = await openWorld(directory, settings);
  Object.defineProperty(world, 'now', { get: Date.now });
  cleanUp.push(async () => {
    await world.admissions.close();
    await world.journal.close();
  });
  return world;
}

const deskOf = (
  { dataDirectory }: Pick<World, 'dataDirectory'>,
  privacy: object = {},
  now = () => new Date(),
) =>
  new BudgetDesk({
    dataDirectory,
    config: configSchema.parse({ privacy }),
    tokenPrices: () => null,
    providerOf: () => null,
    now,
  });

const outcomeOf = (world: World, run = 'r_1') =>
  (world.admissions.admit(callTo(world, { tags: { run } })) as Admission).outcome;

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    if (isSo()) return;
    await sleep(10);
  }
  throw new Error('it did not come to be so');
}

const changesOf = ({ dataDirectory }: World) =>
  readChangesText(join(dataDirectory, 'budgets', 'changes.jsonl'));

describe('what a desk orders', () => {
  test('holds in a running gateway that has no budgets, and ends when it is taken back', async () => {
    const world = await open();
    const desk = deskOf(world);
    const { id } = await desk.restrict({ scope: { run: 'r_1' }, step: 'block' }, 'ada');
    await until(() => outcomeOf(world) === 'refused');
    expect(outcomeOf(world, 'r_2')).toBe('admitted');
    await desk.lift(id, 'ada', 'all is well');
    await until(() => outcomeOf(world) === 'admitted');
    await desk.stopRun('r_1', { cause: 'it loops', seconds: 60, incident: 'in-1' }, 'ada');
    await until(() => outcomeOf(world) === 'refused');
    await desk.releaseRun('r_1', 'ada');
    await until(() => outcomeOf(world) === 'admitted');
  });

  test('is listed with who, why and until when, also beside the budgets', async () => {
    const at = new Date();
    const desk = deskOf({ dataDirectory: newDirectory() }, {}, () => at);
    const order = { scope: { feature: 'search' }, step: 'throttle', note: 'see chat' } as const;
    const restriction = await desk.restrict(order, 'ada');
    expect(restriction).toMatchObject({
      scope: { feature: 'search' },
      step: 'throttle',
      one_in: 4,
      by: 'ada',
      cause: 'restricted by ada',
      note: 'see chat',
      incident: null,
    });
    const stopped = await desk.stopRun('r_1', {}, 'ada');
    expect(Date.parse(stopped.until) - Date.parse(stopped.since)).toBe(3_600_000);
    const list = { restrictions: [restriction], stopped_runs: [stopped] };
    expect(await desk.restrictions()).toEqual(list);
    expect(await desk.list()).toMatchObject(list);
  });

  test('means the pseudonym where who is meant is a person', async () => {
    const desk = deskOf({ dataDirectory: newDirectory() }, { personal: ['run'] });
    const { scope } = await desk.restrict({ scope: { user: 'ada' }, step: 'block' }, 'ops');
    expect(scope['user']).toMatch(/^u_/);
    const { run } = await desk.stopRun('ada-1', {}, 'ops');
    expect(run).not.toBe('ada-1');
    await desk.releaseRun('ada-1', 'ops');
    expect((await desk.restrictions()).stopped_runs).toEqual([]);
  });

  test('that is not in force cannot be taken back, and what cannot be meant is refused', async () => {
    const desk = deskOf({ dataDirectory: newDirectory() });
    await expect(desk.lift('re-9', 'ada')).rejects.toMatchObject({ code: 'unknown_restriction' });
    await expect(desk.releaseRun('r_9', 'ada')).rejects.toMatchObject({
      code: 'unknown_stopped_run',
    });
    const invalid = { code: 'invalid_restriction' };
    const step = 'slow' as 'block';
    await expect(desk.restrict({ scope: {}, step }, 'ada')).rejects.toMatchObject(invalid);
    await expect(desk.stopRun('r_1', { seconds: 0 }, 'ada')).rejects.toMatchObject(invalid);
    await expect(desk.stopRun('', {}, 'ada')).rejects.toMatchObject(invalid);
  });
});

describe('what a gateway orders by itself', () => {
  const stopped = (run: string) => ({ run, cause: 'it loops', until: Date.now() + 60_000 });

  test('holds from the next call on, and outlives it', async () => {
    const world = await open();
    world.admissions.stopRun(stopped('r_1'));
    expect(outcomeOf(world)).toBe('refused');
    await until(() => changesOf(world).includes('"r_1"'));
    const next = await open(crashed(world.dataDirectory));
    expect(outcomeOf(next)).toBe('refused');
    expect((await deskOf(next).restrictions()).stopped_runs).toMatchObject([
      { run: 'r_1', by: 'farthing', cause: 'it loops' },
    ]);
  });

  test('can be taken back by a person, and it hears of that', async () => {
    const world = await open();
    const released: string[] = [];
    world.admissions.onRelease((run) => released.push(run));
    for (const run of ['r_1', 'r_2']) world.admissions.stopRun(stopped(run));
    await until(() => changesOf(world).includes('"r_2"'));
    await deskOf(world).releaseRun('r_1', 'ada');
    await until(() => outcomeOf(world) === 'admitted');
    expect(released).toEqual(['r_1']);
    expect(outcomeOf(world, 'r_2')).toBe('refused');
  });
});

test('a line without an end, or about nothing, is told and left out', async () => {
  const world = await open();
  await deskOf(world).stopRun('r_1', {}, 'ada');
  const line = { recorded_at: new Date().toISOString(), recorded_by: 'ada', cause: 'x' };
  for (const broken of [
    { ...line, id: '1', do: 'stop_run', run: 'r_2' },
    { ...line, id: '2', do: 'restrict', step: 'block', until: '2999-01-01T00:00:00Z' },
    { ...line, id: '3', do: 'restrict', scope: {}, step: 'slow', until: '2999-01-01T00:00:00Z' },
  ]) {
    appendFileSync(
      join(world.dataDirectory, 'budgets', 'changes.jsonl'),
      `${JSON.stringify(broken)}\n`,
    );
  }
  const { problems } = await deskOf(world).list();
  expect(problems).toHaveLength(3);
  expect(outcomeOf(world, 'r_2')).toBe('admitted');
  await until(() => outcomeOf(world) === 'refused');
});

test.skipIf(!hasRedis)('a run that is stopped on one machine is stopped on all', async () => {
  const server = await RedisServer.start();
  cleanUp.push(() => server.stop());
  const worlds = [
    await open(newDirectory(), { redis: { url: server.url } }),
    await open(newDirectory(), { redis: { url: server.url } }),
  ];
  worlds[0]!.admissions.stopRun({ run: 'r_1', cause: 'it loops', until: Date.now() + 60_000 });
  await until(() => outcomeOf(worlds[1]!) === 'refused');
});
