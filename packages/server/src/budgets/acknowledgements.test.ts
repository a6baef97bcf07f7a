import { afterEach, describe, expect, test } from 'vitest';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rotateKey } from '../privacy/key-ring.js';
import { loadSecret } from '../privacy/secret.js';
import { acknowledgeMilliseconds, Acknowledgements } from './acknowledgements.js';
import {
  callTo,
  newDirectory,
  openWorld,
  removeDirectories,
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

const dear = { limit: 0.0001, actions: ['acknowledge'] };
const open = async (...budgets: object[]) => {
  const world = await openWorld(newDirectory(), {
    budgets: budgets.length === 0 ? [{ name: 'dear', ...dear }] : budgets,
  });
  worlds.push(world);
  return world;
};
const send = (world: World, acknowledgement?: string, request = 'this request') =>
  world.admissions.admit(callTo(world, { acknowledgement, fingerprint: () => request }));
const token = async (world: World, request?: string) =>
  (await send(world, undefined, request)).refusal!.acknowledgement!.token;
const byHand = ({ dataDirectory, now }: World) =>
  new Acknowledgements({
    directory: join(dataDirectory, 'budgets/acknowledged'),
    secret: () => loadSecret(dataDirectory),
    now: () => now,
  });

describe('a call that needs a person', () => {
  test('is refused with a token, passes with it, once', async () => {
    const world = await open();
    const refused = await send(world);
    expect(refused.refusal).toMatchObject({
      action: 'acknowledge',
      acknowledgement: { expires_at: new Date(world.now + acknowledgeMilliseconds).toISOString() },
    });
    const given = refused.refusal!.acknowledgement!.token;
    expect(await send(world, given)).toMatchObject({ outcome: 'admitted' });
    expect(await send(world, given)).toMatchObject({
      outcome: 'refused',
      refusal: { message: expect.stringMatching(/it has been used already/) },
    });
  });

  test('passes once when it is confirmed by hand, without a header', async () => {
    const world = await open();
    byHand(world).confirm(await token(world), 'ada');
    expect(await send(world, undefined, 'another')).toMatchObject({ outcome: 'refused' });
    expect(await send(world)).toMatchObject({ outcome: 'admitted' });
    expect(await send(world)).toMatchObject({ outcome: 'refused' });
  });

  test('needs one confirmation for all budgets that ask for it', async () => {
    const world = await open({ name: 'one', ...dear }, { name: 'two', scope: {}, ...dear });
    const first = await send(world);
    const second = await send(world, first.refusal!.acknowledgement!.token);
    const last =
      second.outcome === 'admitted'
        ? second
        : await send(world, second.refusal!.acknowledgement!.token);
    expect(last).toMatchObject({ outcome: 'admitted' });
  });

  test('keeps its confirmation when something else refuses it', async () => {
    const world = await open({ name: 'dear', ...dear }, { name: 'shut', limit: 0.0001 });
    const hand = byHand(world);
    const given = hand.issue(['dear'], 'this request').token;
    expect(await send(world, given)).toMatchObject({ refusal: { budget: 'shut' } });
    expect(hand.use(given, 'this request')).toMatchObject({ budgets: ['dear'] });
  });
});

describe('a token does not count', () => {
  const reasonOf = async (world: World, given: string, request?: string) =>
    (await send(world, given, request)).refusal?.message;

  test('when it is forged', async () => {
    const world = await open();
    const [claims, signature] = (await token(world)).split('.') as [string, string];
    const wide = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()), e: 1e15 }),
    ).toString('base64url');
    for (const forged of [`${wide}.${signature}`, `${claims}.`, claims, 'x.y', '', '…']) {
      expect(await reasonOf(world, forged)).toMatch(/it was not given by this Farthing/);
    }
  });

  test('when its time is over', async () => {
    const world = await open();
    const given = await token(world);
    world.now += acknowledgeMilliseconds;
    expect(await reasonOf(world, given)).toMatch(/its time is over/);
  });

  test('from before the key was changed; those given out since can be confirmed', async () => {
    const world = await open();
    const before = await token(world);
    rotateKey(world.dataDirectory, { destroyOld: false, now: new Date(world.now) });
    world.now += 2_000;
    expect(await reasonOf(world, before)).toMatch(/it was not given by this Farthing/);
    byHand(world).confirm(await token(world), 'ada');
    expect(await send(world)).toMatchObject({ outcome: 'admitted' });
  });

  test('for another request', async () => {
    const world = await open();
    expect(await reasonOf(world, await token(world), 'another')).toMatch(/for another request/);
  });

  test('for another budget', async () => {
    const world = await open();
    const other = byHand(world).issue(['other'], 'this request').token;
    expect(await send(world, other)).toMatchObject({ outcome: 'refused' });
  });

  test('of another data directory', async () => {
    const [one, two] = [await open(), await open()];
    expect(await reasonOf(two, await token(one))).toMatch(/not given by this Farthing/);
  });

  test('when the disk cannot keep track of it; the call is answered all the same', async () => {
    const world = await open();
    const given = await token(world);
    mkdirSync(join(world.dataDirectory, 'budgets'), { recursive: true });
    writeFileSync(join(world.dataDirectory, 'budgets/acknowledged'), 'a file in the way');
    expect(await reasonOf(world, given)).toMatch(/cannot keep track of it at the moment/);
  });

  test('twice by hand', async () => {
    const world = await open();
    const given = await token(world);
    byHand(world).confirm(given, 'ada');
    expect(() => byHand(world).confirm(given, 'ada')).toThrow(/it has been used already/);
    expect(() => byHand(world).confirm('x', 'ada')).toThrow(/not given by this Farthing/);
  });
});
