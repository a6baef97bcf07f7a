import type { Entry } from '@farthing/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { sampleEntry } from '../store/conformance/batches.js';

let books: TestBooks;

const at = (minute: number, second = 0): Pick<Entry, 'started_at'> => ({
  started_at: `2026-03-01T10:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}.000Z`,
});

const cost = (usd: string): Entry['cost'] => ({ ...sampleEntry().cost, usd, charges: [] });

/** As the SDK's `meterTool` books a use of a tool. */
const tool = (name: string, changes: Partial<Entry>): Entry =>
  sampleEntry({
    provider: 'tools',
    api: 'tool',
    model: name,
    model_requested: name,
    usage: null,
    ...changes,
  });

/** As the SDK's `outcome` books what became of a run. */
const outcome = (run: string, success: boolean, minute: number): Entry =>
  sampleEntry({
    ...at(minute),
    provider: 'farthing',
    api: 'outcome',
    model: null,
    model_requested: null,
    outcome: 'unmetered',
    usage: null,
    cost: { usd: '0', status: 'not_billed', reason: 'the outcome of a run', charges: [] },
    tags: { run, custom: { outcome: success ? 'success' : 'failure', score: '0.9' } },
  });

const research = { feature: 'research', agent: 'reader', session: 's_1' };

beforeAll(async () => {
  books = await openTestBooks({ now: () => new Date('2026-03-02T00:00:00.000Z') });
  const planner = { kind: 'agent' as const, name: 'planner', span: 'p1' };
  const searcher = { kind: 'tool' as const, name: 'search', span: 't1' };
  await books.book([
    // A run by tags: a model that is called twice, and a tool.
    sampleEntry({ ...at(1), cost: cost('0.02'), tags: { ...research, run: 'r_1' } }),
    tool('web_search', { ...at(2), cost: cost('0.01'), tags: { ...research, run: 'r_1' } }),
    sampleEntry({ ...at(3), cost: cost('0.03'), tags: { ...research, run: 'r_1' } }),
    outcome('r_1', true, 50),
    // One that searched more and failed; what became of it was said twice, and the last word holds.
    sampleEntry({ ...at(10), cost: cost('0.05'), tags: { ...research, run: 'r_2' } }),
    ...Array.from({ length: 4 }, (_, index) =>
      tool('web_search', {
        ...at(11, index),
        cost: cost('0.01'),
        tags: { ...research, run: 'r_2' },
      }),
    ),
    outcome('r_2', true, 51),
    outcome('r_2', false, 52),
    // One that telemetry told: an agent, a tool below it, and a call in that.
    sampleEntry({
      ...at(20),
      cost: cost('0.5'),
      span: { trace: 't', span: 'c1', parent: 't1', path: [planner, searcher] },
      tags: { feature: 'planning', run: 'r_3', trace: 't' },
    }),
    // Its sibling was booked before the spans above it were known.
    sampleEntry({
      ...at(21),
      cost: cost('0.25'),
      span: { trace: 't', span: 'c2', parent: 't1' },
      tags: { feature: 'planning', run: 'r_3', trace: 't' },
    }),
    // And one of no run.
    sampleEntry({ ...at(30), cost: cost('9'), tags: { feature: 'chat', session: 's_2' } }),
  ]);
});
afterAll(() => books.close());

test('runs, dearest first, with what became of them; outcomes are no calls', async () => {
  const { body } = await books.json('/api/v1/runs?since=24h');
  expect(body['rows']).toMatchObject([
    { id: 'r_3', calls: 2, cost_usd: '0.75', feature: 'planning', outcome: null },
    { id: 'r_2', calls: 5, cost_usd: '0.09', agent: 'reader', outcome: 'failure' },
    { id: 'r_1', calls: 3, cost_usd: '0.06', outcome: 'success' },
  ]);
  expect(body['totals']).toMatchObject({ runs: 3, calls: 10, cost_usd: '0.9', judged: 2 });
  expect(body['frame'].calls).toBe(11);
});

test('failures are paid for, too: what a success costs by feature', async () => {
  const { body } = await books.json('/api/v1/runs?since=24h&by=feature');
  const groups = body['groups'] as { group: { feature: string } }[];
  expect(groups.find(({ group }) => group.feature === 'research')).toMatchObject({
    runs: 2,
    judged: 2,
    successes: 1,
    success_rate: 0.5,
    cost_per_run_usd: '0.075',
    cost_per_success_usd: '0.15',
  });
  expect(groups.find(({ group }) => group.feature === 'planning')).toMatchObject({
    judged: 0,
    success_rate: null,
    cost_per_success_usd: null,
  });
});

test('a run is a tree whose repeated steps are one', async () => {
  const { body } = await books.json('/api/v1/runs/r_2');
  expect(body['run']).toMatchObject({
    kind: 'run',
    calls: 5,
    cost_usd: '0.09',
    outcome: { outcome: 'failure', score: 0.9 },
  });
  expect(body['tree']).toMatchObject([
    {
      kind: 'agent',
      name: 'reader',
      calls: 5,
      children: [
        { kind: 'call', calls: 1, cost_usd: '0.05' },
        { kind: 'tool', name: 'web_search', calls: 4, cost_usd: '0.04' },
      ],
    },
  ]);
  expect(body['steps'].at(-1).cumulative_share).toBe(1);
});

test('calls stand below the agents and tools of their trace, also those booked too early', async () => {
  for (const id of ['r_3', 't']) {
    const { body } = await books.json(`/api/v1/runs/${id}`);
    expect(body['tree']).toMatchObject([
      {
        name: 'planner',
        children: [{ kind: 'tool', name: 'search', children: [{ kind: 'call', calls: 2 }] }],
      },
    ]);
  }
});

test('two runs beside each other: the step that differs, and by what', async () => {
  const { body } = await books.json('/api/v1/runs/r_2?against=r_1');
  expect(body['comparison']).toMatchObject({
    change_usd: '0.03',
    steps: [
      { name: 'web_search', cause: 'calls', calls: 4, calls_before: 1, change_usd: '0.03' },
      { change_usd: '0' },
    ],
  });
  expect(body['summary']).toContain('r_2 cost $0.0300 more than r_1');
});

test('a session is a tree of its runs; sessions are listed with what one costs by segment', async () => {
  const { body } = await books.json('/api/v1/runs/s_1');
  expect(body['run']).toMatchObject({ kind: 'session', calls: 8, cost_usd: '0.15' });
  expect(body['tree'].map(({ name }: { name: string }) => name)).toEqual(['run r_1', 'run r_2']);
  const sessions = await books.json('/api/v1/sessions?since=24h');
  expect(sessions.body['rows']).toMatchObject([
    { id: 's_2', cost_usd: '9' },
    { id: 's_1', calls: 8 },
  ]);
  expect(sessions.body['totals']).toMatchObject({ runs: 2, cost_per_run_usd: '4.575' });
});

test('what is not there says so', async () => {
  const { status, body } = await books.json('/api/v1/runs/r_9');
  expect(status).toBe(404);
  expect(body['error'].message).toContain('farthing runs');
  const empty = await books.json('/api/v1/runs?since=2025-01-01&until=2025-01-02');
  expect(empty.body).toMatchObject({ rows: [], groups: [], totals: { runs: 0 } });
  expect(empty.body['summary']).toContain('No calls in this window');
  expect(JSON.stringify(empty.body)).not.toMatch(/NaN|Infinity/);
  expect((await books.json('/api/v1/runs?order=oldest')).status).toBe(400);
});
