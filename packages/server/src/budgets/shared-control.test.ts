import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { afterEach, describe, expect, test } from 'vitest';
import { configSchema } from '../config/index.js';
import { loadSecret } from '../privacy/secret.js';
import { BudgetDesk } from './budget-desk.js';
import {
  callTo,
  newDirectory,
  openWorld,
  removeDirectories,
  type World,
} from './budget-world.fixture.js';
import { hasRedis, RedisServer } from '../../../redis/src/redis-server.fixture.js';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).toReversed()) await end();
  removeDirectories();
});

/** Two gateways on two machines: a data directory each, and the same secret. */
const openTwo = async (budgets: object[]) => {
  const server = await RedisServer.start();
  cleanUp.push(() => server.stop());
  const directories = [newDirectory(), newDirectory()] as const;
  loadSecret(directories[0]);
  copyFileSync(join(directories[0], 'secret'), join(directories[1], 'secret'));
  const open = async (directory: string): Promise<World> => {
    const world = await openWorld(directory, { budgets, redis: { url: server.url } });
    Object.defineProperty(world, 'now', { get: Date.now });
    cleanUp.push(async () => {
      await world.admissions.close();
      await world.journal.close();
    });
    return world;
  };
  return { server, worlds: [await open(directories[0]), await open(directories[1])] as const };
};
const deskOf = ({ dataDirectory }: World, budgets: object[] = []) =>
  new BudgetDesk({
    dataDirectory,
    config: configSchema.parse({ budgets }),
    tokenPrices: () => null,
    providerOf: () => null,
    now: () => new Date(),
  });
const until = async (isSo: () => boolean | Promise<boolean>) => {
  for (let turn = 0; turn < 400; turn++) {
    if (await isSo()) return;
    await sleep(25);
  }
  throw new Error('it did not come to be so');
};
const limitOf = (world: World, name: string) =>
  world.admissions.statuses().find((one) => one.name === name)?.limit.usd;

const request = (world: World, acknowledgement?: string) =>
  callTo(world, {
    fingerprint: () => 'the same request',
    ...(acknowledgement === undefined ? {} : { acknowledgement }),
  });
/** The token that a refusal comes with, once Redis answers. */
const refusedWith = async (world: World): Promise<string> => {
  let token: string | undefined;
  await until(async () => {
    const { refusal } = await world.admissions.admit(request(world));
    token = refusal?.acknowledgement?.token;
    return token !== undefined;
  });
  return token!;
};
const capped = [
  {
    name: 'dear',
    scope: { agent: 'support' },
    call: { max: 0.000001 },
    actions: ['acknowledge'],
  },
  { name: 'others', scope: { agent: 'other' }, limit: 5 },
];
/** Resolves when the gateways have spoken to Redis. */
const connected = async (worlds: readonly World[]) => {
  for (const world of worlds) {
    await until(async () => {
      const admission = await world.admissions.admit(callTo(world, { tags: { agent: 'other' } }));
      return admission.outcome === 'admitted';
    });
  }
};

describe.skipIf(!hasRedis)('on several machines that share budgets through Redis', () => {
  test('a budget that is set or raised on one of them is set and raised on all', async () => {
    const { worlds, server } = await openTwo([]);
    await deskOf(worlds[0]).set({ name: 'team', limit: 5, window: 'day' }, 'joe');
    await until(() => worlds.every((world) => limitOf(world, 'team') === '5'));
    await deskOf(worlds[1]).raise('team', { by: { usd: '2' } }, 'ada');
    await until(() => worlds.every((world) => limitOf(world, 'team') === '7'));
    // Also what is changed while Redis is away, and after it has forgotten everything.
    await server.kill();
    await deskOf(worlds[0]).pause('team', 'joe');
    await server.start();
    const isPaused = (world: World) => world.admissions.statuses()[0]!.paused;
    await until(() => worlds.every(isPaused));
    const { budgets } = await deskOf(worlds[1]).list();
    expect(budgets).toMatchObject([{ origin: { by: 'joe' }, raised: { by: 'ada' } }]);
  });

  test('a token counts once, whichever gateway it comes to', async () => {
    const { worlds } = await openTwo(capped);
    await connected(worlds);
    const token = await refusedWith(worlds[0]);
    const answers = await Promise.all(
      worlds.map((world) => world.admissions.admit(request(world, token))),
    );
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['admitted', 'refused']);
    const refused = answers.find(({ outcome }) => outcome === 'refused');
    expect(refused!.refusal!.message).toMatch(/it has been used already/);
  });

  test('a token that a call did not need counts later', async () => {
    const { worlds } = await openTwo(capped);
    await connected(worlds);
    const token = await refusedWith(worlds[0]);
    const other = callTo(worlds[0], { fingerprint: () => 'another', acknowledgement: token });
    expect((await worlds[0].admissions.admit(other)).refusal!.message).toMatch(/another request/);
    await until(
      async () =>
        (await worlds[1].admissions.admit(request(worlds[1], token))).outcome === 'admitted',
    );
  });

  test('a token does not count while Redis cannot be asked, and says so', async () => {
    const { worlds, server } = await openTwo(capped);
    await connected(worlds);
    const token = await refusedWith(worlds[0]);
    await server.kill();
    const { refusal } = await worlds[0].admissions.admit(request(worlds[0], token));
    expect(refusal!.message).toMatch(/Redis cannot be asked whether it has been used/);
  });

  test('one that was confirmed by hand passes there, and nowhere else', async () => {
    const { worlds, server } = await openTwo(capped);
    await connected(worlds);
    const token = await refusedWith(worlds[0]);
    await deskOf(worlds[0]).acknowledge(token, 'ada');
    // The gateway beside it tells the others.
    const client = createClient({ url: server.url });
    await client.connect();
    await until(async () => (await client.keys('*:acknowledged:*')).length === 1);
    client.destroy();
    expect(await worlds[1].admissions.admit(request(worlds[1], token))).toMatchObject({
      outcome: 'refused',
    });
    expect(await worlds[0].admissions.admit(request(worlds[0]))).toMatchObject({
      outcome: 'admitted',
    });
  });
});
