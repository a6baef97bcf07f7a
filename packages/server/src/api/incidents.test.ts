import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { usualModes, Watch, type Incident, type IncidentUpdate } from '@farthing/core';
import { callAt, history, noon, outputOf } from '../../../core/src/incidents/traffic.fixture.js';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { AlertDesk, IncidentLog, type ActionPort } from '../alerts/index.js';
import { alertSettings } from '../config/alert-settings.js';

let directory: string;
let books: TestBooks;
let watch: Watch;
let id: string;
const done: string[] = [];

/** Gateways that do what they are told. */
const actions: ActionPort = {
  async begin({ do: what, incident, seconds, by }) {
    done.push(`${what} ${JSON.stringify(incident.group)} ${seconds} s by ${by}`);
    return { scope: { ...incident.group }, until: '2026-03-10T13:00:00.000Z' };
  },
  async end({ do: what }, _incident, by) {
    done.push(`end ${what} by ${by}`);
  },
};

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'farthing-incidents-api-'));
  watch = new Watch({ modes: usualModes, rules: [] });
  for (const { at, shape } of history(2, 20)) watch.observe(callAt(at, shape), false, at);
  const incidents = await IncidentLog.open(directory);
  let now = noon;
  const desk = new AlertDesk({
    settings: alertSettings.parse({
      actions: [{ on: 'output', do: 'throttle', for: '30m' }],
      rules: [{ name: 'dear', rule: 'z_score' }],
    }),
    rules: [],
    incidents,
    engine: {
      status: () => ({
        state: 'watching',
        groups: watch.groups.size,
        progress: 1,
        behind: 0,
        watchedUntil: now,
        findings: new Map(),
        microseconds: null,
      }),
      problem: null,
      change(work) {
        const update = work(watch.book, now);
        incidents.keep(update.incident);
        return update.incident;
      },
    },
    actions,
    sinks: () => [],
    sinkProblem: () => null,
    trySink: async () => ({ ok: false, problem: 'nobody is there' }),
    dryRun: async () => {
      throw new Error('not asked for here');
    },
    now: () => new Date(now),
  });
  const updates: IncidentUpdate[] = [];
  for (let index = 0; index < 60; index++) {
    now += 6_000;
    updates.push(...watch.observe(callAt(now, { output: outputOf(index, 900) }), true, now));
  }
  for (const update of updates) {
    if (update.what !== 'refreshed') incidents.keep(update.incident);
    await desk.heed(update);
  }
  books = await openTestBooks({ alerts: desk });
  id = updates.find(({ what }) => what === 'opened')!.incident.id;
});

afterAll(async () => {
  await books?.close();
  rmSync(directory, { recursive: true, force: true });
});

const order = (what: string, body: unknown = {}) =>
  books.post(`/api/v1/incidents/${id}/${what}`, body);

describe('incidents over HTTP', () => {
  test('are listed by what is asked for, with how many wait', async () => {
    const list = async (query: string) => (await books.json(`/api/v1/incidents?${query}`)).body;
    const page = { id, cause: 'output', severity: 'page', group: { feature: 'search' } };
    expect(await list('state=active&severity=page')).toMatchObject({ incidents: [page], open: 1 });
    expect(await list('group=feature=search&cause=output')).toMatchObject({ incidents: [page] });
    for (const other of ['state=resolved', 'group=feature=other', 'since=2026-03-11']) {
      expect(await list(other)).toEqual({ incidents: [], open: 1 });
    }
  });

  test('mistakes name what would be right', async () => {
    expect(await books.json('/api/v1/incidents?group=search')).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_group' } },
    });
    expect(await books.json('/api/v1/incidents/inc_none')).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown_incident' } },
    });
    expect(await order('mute', { until: 'yesterday' })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_time' } },
    });
    expect(await order('actions', { do: 'break', for: '1s' })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_time' } },
    });
  });

  test('an action of the configuration waits for approval, and is reverted with its name', async () => {
    const { body } = await books.json(`/api/v1/incidents/${id}`);
    const [action] = (body as Incident).actions;
    expect(action).toMatchObject({ do: 'throttle', state: 'waiting', by: null });
    const path = `actions/${action!.id}`;
    const approved = await order(`${path}/approve`, { by: 'ada' });
    expect(approved.body['actions']).toMatchObject([{ state: 'in_force', by: 'ada' }]);
    expect(await order(`${path}/decline`, { by: 'ada' })).toMatchObject({ status: 400 });
    const reverted = await order(`${path}/revert`, { by: 'bo' });
    expect(reverted.body['actions']).toMatchObject([{ state: 'reverted', by: 'bo' }]);
    expect(done).toEqual(['throttle {"feature":"search"} 1800 s by ada', 'end throttle by bo']);
  });

  test('muted, nobody waits for it; resolved, nothing can be done about it', async () => {
    const open = async () => (await books.json('/api/v1/incidents')).body['open'];
    await order('mute', { by: 'ada', until: '2h' });
    expect(await open()).toBe(0);
    await order('unmute', { by: 'ada' });
    expect(await open()).toBe(1);
    const resolved = await order('resolve', { by: 'ada', note: 'meant' });
    expect(resolved.body).toMatchObject({ state: 'resolved', muted_until: null });
    expect(await order('acknowledge')).toMatchObject({ status: 400 });
    expect(await order('actions', { do: 'break', for: '1h' })).toMatchObject({ status: 400 });
  });

  test('what watches is told; a sink that fails says why', async () => {
    const { body } = await books.json('/api/v1/alerts');
    expect(body).toMatchObject({ state: 'watching', groups: 1, problem: null });
    expect(body['detectors']).toContainEqual(
      expect.objectContaining({ name: 'outlier', mode: 'record' }),
    );
    expect((await books.post('/api/v1/alerts/sinks/oncall/try', {})).body).toEqual({
      ok: false,
      problem: 'nobody is there',
    });
    const { body: refused } = await books.post('/api/v1/alerts/test', { rule: 'z_scor' });
    expect(refused['error'].message).toContain('Did you mean "z_score"?');
  });

  test('without anything that watches, all of it is unavailable', async () => {
    const bare = await openTestBooks();
    expect(await bare.json('/api/v1/incidents')).toMatchObject({
      status: 503,
      body: { error: { code: 'alerts_unavailable' } },
    });
    await bare.close();
  });
});
