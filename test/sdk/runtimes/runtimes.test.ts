import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseUsd, type Entry } from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  keyIdOf,
  startFakeProvider,
  type FakeProvider,
} from '../../../packages/server/src/fake-provider/index.js';
import { Installation } from '../../support/farthing-process.js';
import { installSdk, type InstalledSdk } from '../installed-sdk.js';
import { programOf, runProgram, workOf } from './runtime.js';

const isMissing = (runtime: string) => {
  const missing = programOf(runtime) === undefined;
  if (missing) console.warn(`Skipped: the SDK in ${runtime} (npm install --global ${runtime})`);
  return missing;
};

let sdk: InstalledSdk;
let provider: FakeProvider;
let farthing: Installation;

beforeAll(async () => {
  sdk = await installSdk();
  const here = fileURLToPath(new URL('.', import.meta.url));
  for (const file of ['app.mjs', 'process.mjs', 'worker.mjs', 'ending.mjs']) {
    await cp(join(here, file), join(sdk.project, file));
  }
  provider = await startFakeProvider({ seed: 'runtimes' });
  farthing = await Installation.create(provider.url);
  await farthing.start('up');
});
afterAll(async () => {
  await farthing?.stopAll();
  await farthing?.remove();
  await provider?.close();
  await sdk?.remove();
});

/** What an entry says but for what differs from call to call. */
const facts = ({ tags, provider: by, model, outcome, cost, stream }: Entry) =>
  [
    tags.feature,
    tags.agent ?? '-',
    tags.user === undefined ? '-' : 'pseudonym',
    tags.tenant ?? '-',
    by,
    model,
    outcome,
    stream ? 'streamed' : 'whole',
    cost.status,
  ].join(' ');

const expected = [
  ...Array.from({ length: 10 }, (_, index) => [
    `nested-${index} - - acme openai gpt-5-mini-2025-08-07 ok whole priced`,
    `nested-${index} agent-${index} pseudonym acme openai gpt-5-mini-2025-08-07 ok whole priced`,
  ]).flat(),
  'left - - acme openai gpt-5-mini-2025-08-07 aborted streamed partial',
  'recorded - - - anthropic claude-sonnet-4-5 ok whole priced',
  'refused - - acme openai gpt-5-mini error whole not_billed',
  'run - - - farthing  unmetered whole not_billed',
  'run - - - tools search ok whole priced',
  'run - - acme openai gpt-5-mini-2025-08-07 ok whole priced',
  'streamed - - acme openai gpt-5-mini-2025-08-07 ok streamed priced',
].toSorted();

const costOf = (entries: readonly Entry[]) =>
  entries.reduce((sum, { cost }) => sum + parseUsd(cost.usd!), 0n);

describe.each(['node', 'bun', 'deno', 'workerd'] as const)('in %s', (runtime) => {
  test.skipIf(isMissing(runtime))('calls are booked as they are in every runtime', async () => {
    const around = { project: sdk.project, provider: provider.url, control: farthing.controlUrl };
    const { chunks, entries } = await workOf(runtime, around);
    expect(chunks).toBeGreaterThan(1);
    expect(entries.map(facts).toSorted()).toEqual(expected);

    const own = entries.filter(
      ({ provider: by, outcome }) => by === 'openai' && outcome !== 'aborted',
    );
    const bill = provider.books.report(keyIdOf('openai', `sk-${runtime}`)).totals;
    expect(costOf(own)).toBe(parseUsd(bill.usd));

    await farthing.untilBooked();
    // When they became known stands in the books alone.
    const booked = (await farthing.entries())
      .filter(({ tags }) => tags.environment === runtime)
      .map(({ recorded_at: _recorded, ...entry }) => entry as Entry);
    const byId = (left: Entry, right: Entry) => (left.id < right.id ? -1 : 1);
    expect(booked.toSorted(byId)).toEqual(entries.toSorted(byId));
  });
});

describe.each(['node', 'bun', 'deno'] as const)('at the end of a process of %s', (runtime) => {
  const skipped = isMissing(runtime);
  const bookedOf = async (name: string) => {
    await farthing.untilBooked();
    return (await farthing.entries()).filter(({ tags }) => tags.environment === name).length;
  };

  test.skipIf(skipped)('what waits is sent, and what is in the journal is kept', async () => {
    const [sent, kept] = [`${runtime} sent`, `${runtime} kept`];
    await runProgram(runtime, 'ending.mjs', sdk.project, {
      NAME: sent,
      CONTROL: farthing.controlUrl,
    });
    await runProgram(runtime, 'ending.mjs', sdk.project, {
      NAME: kept,
      DATA: farthing.dataDirectory,
    });
    expect([await bookedOf(sent), await bookedOf(kept)]).toEqual([150, 150]);
  });

  test.skipIf(skipped)('what nobody takes is spooled, and the next process sends it', async () => {
    const NAME = `${runtime} spooled`;
    const SPOOL = join(sdk.project, `spool-${runtime}`);
    const nobody = { NAME, SPOOL, CONTROL: 'http://127.0.0.1:1' };
    await runProgram(runtime, 'ending.mjs', sdk.project, nobody);
    expect(await bookedOf(NAME)).toBe(0);
    const somebody = { NAME, SPOOL, CONTROL: farthing.controlUrl };
    await runProgram(runtime, 'ending.mjs', sdk.project, somebody);
    expect(await bookedOf(NAME)).toBe(300);
  });
});
