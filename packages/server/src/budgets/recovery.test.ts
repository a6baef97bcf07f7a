import { appendFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import {
  admitCall,
  callTo,
  crashed,
  endCall,
  interruptedUsd,
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
const budgets = [
  { name: 'team', limit: 100, window: 'month' },
  { name: 'recent', limit: 100, window: 'rolling hour' },
];
const open = async (directory = newDirectory(), list: object[] = budgets, at = noon) => {
  const world = await openWorld(directory, { budgets: list }, undefined, at);
  worlds.push(world);
  return world;
};
/** Calls that cost 1, 10, 100 … picodollars, so that a sum tells which of them it has. */
const spend = async (world: World, usd: bigint) => {
  const call = callTo(world);
  endCall(world, call, await admitCall(world, call), usd);
};
const written = async ({ journal }: World) => {
  for (;;) {
    if (journal.journal.backlog === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};
const segments = (directory: string) => join(directory, 'journals', 'gateway');

describe('after a kill -9 the balances are exact', () => {
  test('with a snapshot that is older than the newest entries', async () => {
    const world = await open();
    await spend(world, 1n);
    await world.admissions.flush();
    await spend(world, 10n);
    await spend(world, 100n);
    await written(world);
    const again = await open(crashed(world.dataDirectory));
    expect(spentOf(again, 'team')).toBe('0.000000000111');
  });

  test('with entries in the snapshot whose lines come after it', async () => {
    const world = await open();
    await spend(world, 1n);
    await written(world);
    await spend(world, 10n);
    // The line of the second call waits to be written.
    expect(world.journal.journal.backlog).toBeGreaterThan(0);
    await world.admissions.flush();
    await written(world);
    await spend(world, 100n);
    await written(world);
    const again = await open(crashed(world.dataDirectory));
    expect(spentOf(again, 'team')).toBe('0.000000000111');
  });

  test('without a snapshot, from the entries of the windows that count', async () => {
    const world = await open();
    await spend(world, 1n);
    world.now += 2 * 3_600_000;
    await spend(world, 10n);
    await written(world);
    const copy = crashed(world.dataDirectory);
    rmSync(join(copy, 'budgets'), { recursive: true, force: true });
    const again = await open(copy, budgets, world.now);
    expect(spentOf(again, 'team')).toBe('0.000000000011');
    expect(spentOf(again, 'recent')).toBe('0.00000000001');
  });

  test('with a snapshot that is damaged', async () => {
    const world = await open();
    await spend(world, 11n);
    await written(world);
    await world.admissions.flush();
    const copy = crashed(world.dataDirectory);
    writeFileSync(join(copy, 'budgets/balances.json'), '{"version":1,"positions":{"gateway"');
    expect(spentOf(await open(copy), 'team')).toBe('0.000000000011');
  });

  test('with a last line that was written in part', async () => {
    const world = await open();
    await spend(world, 1n);
    await world.admissions.flush();
    await spend(world, 10n);
    await written(world);
    const copy = crashed(world.dataDirectory);
    const last = readdirSync(segments(copy))
      .filter((name) => name.endsWith('.jsonl'))
      .at(-1)!;
    appendFileSync(join(segments(copy), last), '{"type":"closed","entry":{"schema":1,"id":"to');
    expect(spentOf(await open(copy), 'team')).toBe('0.000000000011');
  });

  test('with calls that were open: they count as they are booked', async () => {
    const world = await open();
    await spend(world, 1n);
    await world.admissions.flush();
    await admitCall(world);
    await written(world);
    const again = await open(crashed(world.dataDirectory));
    expect(spentOf(again, 'team')).toBe(`0.00000${interruptedUsd + 1n}`);
    expect(again.admissions.statuses()[0]!.accounts[0]).toMatchObject({ held: '0' });
    await spend(again, 10n);
    await again.admissions.flush();
    await written(again);
    const third = await open(crashed(again.dataDirectory));
    expect(spentOf(third, 'team')).toBe(`0.00000${interruptedUsd + 11n}`);
  });

  test('with a budget that is new or has another window since', async () => {
    const world = await open();
    await spend(world, 1n);
    await world.admissions.flush();
    await spend(world, 10n);
    await written(world);
    const changed = [
      { name: 'team', limit: 100, window: 'day' },
      { name: 'each', scope: { user: '*' }, limit: 5 },
    ];
    const again = await open(crashed(world.dataDirectory), changed);
    expect(spentOf(again, 'team')).toBe('0.000000000011');
    expect(spentOf(again, 'each')).toBe('0.000000000011');
  });

  test('whenever snapshots were written and wherever it died', async () => {
    const step = fc.constantFrom('begin', 'end', 'write', 'snapshot');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const world = await open();
        const running: (() => void)[] = [];
        let sum = 0n;
        for (const what of steps) {
          if (what === 'begin') {
            const call = callTo(world);
            const admission = await admitCall(world, call);
            running.push(() => {
              const usd = 1n + sum;
              sum += usd;
              endCall(world, call, admission, usd);
            });
          } else if (what === 'end') running.pop()?.();
          else if (what === 'write') await written(world);
          else await world.admissions.flush();
        }
        await written(world);
        const expected = sum + BigInt(running.length) * interruptedUsd;
        const again = await open(crashed(world.dataDirectory));
        const committed = again.admissions.statuses()[0]!.accounts[0]?.spent ?? '0';
        expect(BigInt(Math.round(Number(committed) * 1e12))).toBe(expected);
      }),
      { numRuns: 12 },
    );
  });
});

test('apps that report their own calls are counted, imports and corrections are not', async () => {
  const world = await open();
  await spend(world, 1n);
  for (const [source, kind] of [
    ['sdk', 'call'],
    ['import:aider', 'call'],
    ['gateway', 'adjustment'],
  ] as const) {
    const call = callTo(world);
    const admission = await world.admissions.admit({ ...call, id: `${source} ${kind}` });
    void admission;
    world.journal.journal.closed({
      ...endCall(world, call, admission, 0n, { source: 'import:none' }),
      id: `${source} ${kind} booked`,
      source,
      kind,
      cost: { usd: '0.00000000001', status: 'priced', charges: [] },
    });
  }
  await written(world);
  const copy = crashed(world.dataDirectory);
  rmSync(join(copy, 'budgets'), { recursive: true, force: true });
  expect(spentOf(await open(copy), 'team')).toBe('0.000000000011');
});
