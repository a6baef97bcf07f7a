import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { usualModes, type Entry, type Incident } from '@farthing/core';
import {
  entryAt,
  history,
  noon,
  outputOf,
  type CallShape,
} from '../../../core/src/incidents/traffic.fixture.js';
import { startLedger, type Ledger } from '../ledger/index.js';
import { entryJournal } from '../processes/entry-journal.js';
import { openDuckDbStore } from '../store/duckdb/index.js';
import type { Store } from '../store/store.js';
import { AlertEngine } from './alert-engine.js';
import { IncidentLog } from './incident-log.js';

let directory: string;
let store: Store;
/** The clock of everybody here. */
let clock: number;
const told: string[] = [];
const log = {
  info: (_facts: object, message: string) => void told.push(message),
  warn: (_facts: object, message: string) => void told.push(message),
};

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'farthing-alerts-'));
  store = await openDuckDbStore({ directory: join(directory, 'store') });
  clock = noon;
  told.length = 0;
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const watchFile = () => join(directory, 'alerts', 'watch.jsonl.gz');

interface Running {
  engine: AlertEngine;
  ledger: Ledger;
  incidents: IncidentLog;
  stop(): Promise<void>;
}

async function start(changes: { snapshotMilliseconds?: number } = {}): Promise<Running> {
  const incidents = await IncidentLog.open(directory);
  const engine = new AlertEngine({
    dataDirectory: directory,
    store,
    settings: { modes: usualModes, rules: [] },
    incidents,
    log,
    onUpdate: () => undefined,
    now: () => new Date(clock),
    ...changes,
  });
  await engine.start();
  const ledger = startLedger({
    dataDirectory: directory,
    store,
    gatherMilliseconds: 1,
    onBooked: (_rows, _entries, batch) => engine.booked(batch),
  });
  return {
    engine,
    ledger,
    incidents,
    async stop() {
      await ledger.stop();
      await engine.stop();
    },
  };
}

async function append(entries: Entry[], name = 'gateway'): Promise<void> {
  const journal = entryJournal({ dataDirectory: directory, name, now: () => new Date(clock) });
  await journal.append(entries.map((entry) => ({ recorded_at: entry.ended_at, ...entry })));
  await journal.close();
}

/** Waits until all that is booked has been looked at. */
async function settled({ engine, ledger }: Running, entries: number): Promise<void> {
  await ledger.drain();
  await vi.waitFor(() => {
    expect(engine.status()).toMatchObject({ state: 'watching', behind: 0 });
    expect(engine.status().watchedUntil).toBeGreaterThanOrEqual(entries);
  }, 10_000);
}

const past = (): Entry[] => Array.from(history(2, 20), ({ at, shape }) => entryAt(at, shape));
const dearer = (index: number): CallShape => ({ output: outputOf(index, 850), template: 'v7' });
const live = (count: number, from = 0, shape = dearer): Entry[] =>
  Array.from({ length: count }, (_, index) =>
    entryAt(noon + (from + index + 1) * 6_000, shape(from + index)),
  );
const pages = ({ incidents }: Running): Incident[] =>
  [...incidents.all].filter(({ severity }) => severity === 'page');
const endOf = (entries: readonly Entry[]) => Date.parse(entries.at(-1)!.ended_at);

describe('alerts on the stream of booked calls', () => {
  test('the first start learns from what is booked, tells nothing of it, and then watches', async () => {
    const entries = past();
    await append([...entries, ...live(60)]);
    const first = startLedger({ dataDirectory: directory, store, gatherMilliseconds: 1 });
    await first.drain();
    await first.stop();
    clock = noon + 60 * 6_000;
    const running = await start();
    await settled(running, endOf(entries));
    expect(pages(running)).toEqual([]);
    expect(running.engine.status()).toMatchObject({ groups: 1, progress: 1 });
    expect(told).toContain('alerts watch what is booked');
    const more = live(100, 60);
    clock = endOf(more);
    await append(more);
    await settled(running, endOf(more));
    expect(pages(running)).toMatchObject([{ group: { feature: 'search' }, state: 'open' }]);
    await running.stop();
  });

  test('killed in the middle, it comes to the same incidents, and looks at nothing twice', async () => {
    const entries = past();
    await append(entries);
    const running = await start({ snapshotMilliseconds: 0 });
    await settled(running, endOf(entries));
    const begun = live(25);
    clock = endOf(begun);
    await append(begun);
    await settled(running, endOf(begun));
    await running.stop();
    const snapshot = readFileSync(watchFile());

    // As it goes on undisturbed …
    const rest = live(40, 25);
    clock = endOf(rest);
    const undisturbed = await start();
    await append(rest);
    await settled(undisturbed, endOf(rest));
    await undisturbed.stop();
    const expected = pages(undisturbed);
    expect(expected).toMatchObject([{ state: 'open' }]);

    // … and as if it had been killed before it wrote down anything of that.
    writeFileSync(watchFile(), snapshot);
    appendFileSync(join(directory, 'alerts', 'incidents.jsonl'), '{"id":"inc_torn","ver');
    const again = await start();
    await settled(again, endOf(rest));
    const found = pages(again);
    expect(found.map(({ id, version, calls, cause }) => ({ id, version, calls, cause }))).toEqual(
      expected.map(({ id, version, calls, cause }) => ({ id, version, calls, cause })),
    );
    await again.stop();
  });

  test('history that is read in later makes no incident', async () => {
    const entries = past();
    await append(entries);
    const running = await start();
    await settled(running, endOf(entries));
    clock = noon + 26 * 3_600_000;
    // An import of yesterday's calls, dearer than all before: it becomes known today.
    const imported = live(300).map((entry) => ({
      ...entry,
      recorded_at: new Date(clock).toISOString(),
    }));
    await append(imported, 'control');
    await settled(running, endOf(imported));
    expect([...running.incidents.all]).toEqual([]);
    await running.stop();
  });

  test('who is forgotten is gone from incidents and from what was learnt, which goes on', async () => {
    const [before, after] = ['u_1f0c2a9be7d84421', 'u_77aa01c3d9e2b5f6'];
    const named = (feature: string) => (index: number) => ({ ...dearer(index), feature });
    const entries = Array.from(history(2, 20), ({ at, shape }) =>
      entryAt(at, { ...shape, feature: before }),
    );
    await append(entries);
    const running = await start();
    await settled(running, endOf(entries));
    const dear = live(60, 0, named(before));
    clock = endOf(dear);
    await append(dear);
    await settled(running, endOf(dear));
    const [{ id }] = pages(running) as [Incident];
    await running.engine.rename([before], after);
    expect(running.incidents.get(id)).toMatchObject({ group: { feature: after } });
    expect(gunzipSync(readFileSync(watchFile())).toString()).not.toContain(before);
    const more = live(60, 60, named(after));
    clock = endOf(more);
    await append(more);
    await settled(running, endOf(more));
    expect(pages(running).map((each) => each.id)).toEqual([id]);
    await running.stop();
    expect(gunzipSync(readFileSync(watchFile())).toString()).not.toContain(before);
  });

  test('what was decided by hand survives a restart', async () => {
    const entries = past();
    const dear = live(60);
    await append(entries);
    const running = await start();
    await settled(running, endOf(entries));
    clock = endOf(dear);
    await append(dear);
    await settled(running, endOf(dear));
    const [{ id }] = pages(running) as [Incident];
    running.engine.change((book, now) => book.acknowledge(id, 'ada', 'on it', now));
    await running.stop();
    const next = await start();
    expect(next.incidents.get(id)).toMatchObject({
      state: 'acknowledged',
      history: expect.arrayContaining([
        expect.objectContaining({ what: 'acknowledged', by: 'ada', note: 'on it' }),
      ]),
    });
    await next.stop();
  });

  test('what was learnt and cannot be used is learnt anew', async () => {
    await append(past());
    const running = await start();
    await settled(running, noon - 4 * 60_000);
    await running.stop();
    writeFileSync(watchFile(), readFileSync(watchFile()).subarray(0, 200));
    const next = await start();
    await settled(next, noon - 4 * 60_000);
    expect(told).toContain(
      'what alerts had learnt cannot be used: they learn anew from the journals',
    );
    expect(next.engine.status().groups).toBe(1);
    await next.stop();
  });
});
