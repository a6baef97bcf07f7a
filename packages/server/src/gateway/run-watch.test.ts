import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyTokens, entryEvent, entrySchema, type Entry, type Tags } from '@farthing/core';
import { afterEach, describe, expect, it } from 'vitest';
import { configSchema } from '../config/index.js';
import { openRunWatch, type OpenedRunWatch } from './open-run-watch.js';
import { readRequestFacts } from './request-facts.js';

const begin = Date.parse('2026-11-20T12:00:00Z');
const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

interface Stop {
  run: string;
  cause: string;
  until: number;
}

interface World {
  stops: Stop[];
  opened: OpenedRunWatch;
  path: string;
  now: number;
  /** A call of the run has ended, whose conversation ends in `said`. Returns its entry. */
  call(said: string | null, options?: Partial<Entry> & { tags?: Tags }): Entry;
}

function watching(settings: object, path?: string): World {
  const directory = mkdtempSync(join(tmpdir(), 'farthing-runs-'));
  directories.push(directory);
  const world: World = {
    stops: [],
    opened: undefined as never,
    path: path ?? join(directory, 'runs.json'),
    now: begin,
    call(said, options = {}) {
      const entry = entryOf(world.now, options);
      world.now += 5_000;
      const run = entry.tags.run ?? '';
      const length = (lengths.get(run) ?? 0) + 1;
      lengths.set(run, length);
      const turns = Array.from({ length }, () => ({ role: 'user', content: 'go on' }));
      const last = said === null ? [] : [{ role: 'assistant', content: said }];
      const body = Buffer.from(JSON.stringify({ messages: [...turns, ...last] }));
      const { scanned } = readRequestFacts(body);
      world.opened.watch.ended(entry, { body, elements: null, scanned });
      return entry;
    },
  };
  /** Of each run's conversation: a turn longer with each call. */
  const lengths = new Map<string, number>();
  world.opened = openRunWatch({
    settings: configSchema.parse({ run_guard: settings }).run_guard,
    secret: Buffer.from('a secret of the data directory'),
    path: world.path,
    stop: (order) => world.stops.push(order),
    onProblem: (error) => {
      throw error;
    },
    now: () => world.now,
  })!;
  return world;
}

function entryOf(at: number, { tags, ...rest }: Partial<Entry>): Entry {
  const time = new Date(at).toISOString();
  return {
    schema: entrySchema,
    event: entryEvent,
    id: crypto.randomUUID(),
    kind: 'call',
    source: 'gateway',
    started_at: time,
    ended_at: time,
    duration_ms: 0,
    provider: 'openai',
    api: 'chat.completions',
    stream: false,
    model_requested: 'gpt-4.1',
    model: 'gpt-4.1',
    outcome: 'ok',
    http_status: 200,
    attempt: 1,
    usage: {
      tokens: { ...emptyTokens(), input_uncached: 100, output: 10 },
      details: {},
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
    },
    cost: { usd: '0.0213', status: 'priced', charges: [] },
    tags: { feature: 'search', run: 'r_1', ...tags },
    ...rest,
  };
}

const looping = (turn: number) => `I will open page ${turn} of the list once more.`;

describe('a run that repeats itself', () => {
  it('is stopped for the time that is configured, and its cause says what it did', () => {
    const world = watching({ mode: 'stop', for: '30m' });
    for (let turn = 0; turn < 12; turn++) world.call(looping(turn));
    expect(world.stops).toEqual([
      {
        run: 'r_1',
        cause: 'it repeated itself 6 times in 7 calls and spent $0.15 (limit: 6 repetitions)',
        until: begin + 6 * 5_000 + 5_000 + 30 * 60_000,
      },
    ]);
  });

  it('is only told of, usually: to its own callers', () => {
    const world = watching({});
    for (let turn = 0; turn < 12; turn++) world.call(looping(turn));
    expect(world.stops).toEqual([]);
    const { watch } = world.opened;
    expect(watch.warning({ run: 'r_1' })).toContain('it repeated itself 6 times');
    expect(watch.warning({ run: 'r_2' })).toBeUndefined();
    expect(watch.warning({})).toBeUndefined();
  });

  it('is the session where calls have no run', () => {
    const world = watching({ mode: 'stop' });
    const tags = { run: undefined, session: 's_1' } as unknown as Tags;
    for (let turn = 0; turn < 12; turn++) world.call(looping(turn), { tags });
    expect(world.stops).toMatchObject([{ run: 's_1' }]);
  });

  it('says so in its entries', () => {
    const world = watching({});
    const repeats = [0, 1, 2].map((turn) => world.call(looping(turn)).repeats);
    expect(repeats).toEqual([0, 1, 2]);
    expect(world.call(null).repeats).toBeUndefined();
  });

  it('that a person released is stopped again when it has done so twice as often', () => {
    const world = watching({ mode: 'stop' });
    for (let turn = 0; turn < 8; turn++) world.call(looping(turn));
    world.opened.watch.released('r_1');
    expect(world.opened.watch.warning({ run: 'r_1' })).toBeUndefined();
    for (let turn = 8; turn < 13; turn++) world.call(looping(turn));
    expect(world.stops).toHaveLength(1);
    for (let turn = 13; turn < 30; turn++) world.call(looping(turn));
    expect(world.stops).toHaveLength(2);
  });

  it('is stopped once more when it goes on after its time', () => {
    const world = watching({ mode: 'stop', for: '1m' });
    for (let turn = 0; turn < 7; turn++) world.call(looping(turn));
    world.now += 60_000;
    for (let turn = 7; turn < 30; turn++) world.call(looping(turn));
    expect(world.stops).toHaveLength(2);
  });
});

describe('ceilings', () => {
  it.each([
    [{ cost_usd: '0.10' }, 'it spent $0.11 in 5 calls (limit: $0.10)'],
    [{ calls: 3 }, 'it made 4 calls and spent $0.0852 (limit: 3 calls)'],
    [
      { usd_per_minute: 0.05 },
      'it spent more than $0.0500 within a minute, and $0.0639 in all in 3 calls',
    ],
    [
      { repeats: 1 },
      'it repeated itself 2 times in 3 calls and spent $0.0639 (limit: 1 repetition)',
    ],
    [{ depth: 2 }, 'it is nested more than 2 levels deep, and spent $0.0213 in 1 call'],
  ])('of %j hold whatever other runs do', (limits, cause) => {
    const world = watching({ mode: 'stop', limits });
    const isDeep = 'depth' in limits;
    for (let turn = 0; turn < 6; turn++) {
      const said = 'repeats' in limits ? looping(turn) : null;
      world.call(said, isDeep ? { tags: { custom: { depth: '3' } } } : {});
    }
    expect(world.stops).toMatchObject([{ run: 'r_1', cause }]);
  });

  it('and modes may differ by feature', () => {
    const world = watching({
      limits: { calls: 3 },
      features: { search: { mode: 'stop', limits: { calls: 5 } }, chat: { mode: 'off' } },
    });
    for (let turn = 0; turn < 8; turn++) {
      world.call(null);
      world.call(null, { tags: { run: 'r_2', feature: 'chat' } });
      world.call(null, { tags: { run: 'r_3', feature: 'mail' } });
    }
    expect(world.stops).toMatchObject([{ run: 'r_1', cause: expect.stringContaining('6 calls') }]);
    expect(world.opened.watch.warning({ run: 'r_2' })).toBeUndefined();
    expect(world.opened.watch.warning({ run: 'r_3' })).toContain('it made 4 calls');
  });

  it.each([
    [{ limits: { cost_usd: 0 } }, 'above 0'],
    [{ limits: { calls: 0.5 } }, 'calls'],
    [{ for: '10s' }, 'a minute or more'],
    [{ mode: 'kill' }, 'mode'],
  ])('that cannot be meant are refused: %j', (settings, message) => {
    const { error } = configSchema.safeParse({ run_guard: settings });
    expect(JSON.stringify(error?.issues)).toContain(message);
  });
});

it('says that it is at least so much where the cost of calls is not known', () => {
  const world = watching({ mode: 'stop', limits: { calls: 2 } });
  world.call(null, { cost: { usd: null, status: 'unknown_model', charges: [] } });
  for (let turn = 0; turn < 3; turn++) world.call(null);
  expect(world.stops[0]!.cause).toBe('it made 3 calls and spent at least $0.0426 (limit: 2 calls)');
});

it('does not count what the provider did not bill: an outage is no loop', () => {
  const world = watching({ mode: 'stop', limits: { calls: 2 } });
  const cost = { usd: '0', status: 'not_billed', charges: [] } as const;
  for (let turn = 0; turn < 9; turn++) world.call(null, { cost: { ...cost, charges: [] } });
  expect(world.stops).toEqual([]);
});

it('knows after a start what it knew before', async () => {
  const world = watching({ mode: 'stop', limits: { cost_usd: '0.10' } });
  for (let turn = 0; turn < 4; turn++) world.call(null);
  await world.opened.close();
  const next = watching({ mode: 'stop', limits: { cost_usd: '0.10' } }, world.path);
  next.now = world.now;
  next.call(null);
  expect(next.stops).toMatchObject([{ cause: 'it spent $0.11 in 5 calls (limit: $0.10)' }]);
  await next.opened.close();
});

it('begins anew where what it knew cannot be read', () => {
  const world = watching({}, join(tmpdir(), 'farthing', 'nowhere', 'runs.json'));
  expect(world.call(looping(1)).repeats).toBe(0);
});

it('looks at nothing where it is off', () => {
  const { run_guard: settings } = configSchema.parse({ run_guard: { mode: 'off' } });
  const options = { settings, secret: Buffer.alloc(0), path: '', stop() {}, onProblem() {} };
  expect(openRunWatch(options)).toBeNull();
});

it('keeps a bounded number of runs stopped: each is a line of a file', () => {
  const world = watching({ mode: 'stop', for: '1h', limits: { calls: 1 } });
  const stopRuns = (name: string) => {
    for (let run = 0; run < 1_005; run++) {
      world.now -= 10_000;
      for (let turn = 0; turn < 2; turn++) world.call(null, { tags: { run: `${name}-${run}` } });
    }
  };
  stopRuns('first');
  expect(world.stops).toHaveLength(1_000);
  // Told of it is all the same.
  expect(world.opened.watch.warning({ run: 'first-1004' })).toContain('it made 2 calls');
  world.now += 3_600_000;
  stopRuns('later');
  expect(world.stops).toHaveLength(2_000);
});
