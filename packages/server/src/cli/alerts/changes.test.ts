import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { usualModes, Watch } from '@farthing/core';
import { callAt, history, noon, outputOf } from '../../../../core/src/incidents/traffic.fixture.js';
import { runCommand } from '../../../test-support/run-command.js';
import { AlertDesk, IncidentLog } from '../../alerts/index.js';
import { alertSettings } from '../../config/alert-settings.js';
import { incidentsCommand } from './incidents.js';

let dataDirectory: string;
let incidents: IncidentLog;
let desk: AlertDesk;
let watch: Watch;
let id: string;
const now = noon + 3_600_000;

beforeAll(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-incident-changes-'));
});
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

/** A page about a feature's output, with a throttle that waits for approval. */
beforeEach(async () => {
  watch = new Watch({ modes: usualModes, rules: [] });
  incidents = await IncidentLog.open(dataDirectory);
  desk = new AlertDesk({
    settings: alertSettings.parse({ actions: [{ on: 'output', do: 'throttle', for: '30m' }] }),
    rules: [],
    incidents,
    engine: {
      status: () => {
        throw new Error('not asked for here');
      },
      problem: null,
      change(work) {
        const { incident } = work(watch.book, now);
        incidents.keep(incident);
        return incident;
      },
    },
    actions: {
      begin: async ({ do: what, incident }) => ({
        scope: what === 'stop_run' ? { run: 'r_1' } : { ...incident.group },
        until: '2026-03-10T13:30:00.000Z',
      }),
      end: async () => {},
    },
    sinks: () => [],
    sinkProblem: () => null,
    trySink: async () => ({ ok: false, problem: 'not asked for here' }),
    dryRun: async () => {
      throw new Error('not asked for here');
    },
    now: () => new Date(now),
  });
  for (const { at, shape } of history(2, 20)) watch.observe(callAt(at, shape), false, at);
  for (let index = 0; index < 60; index++) {
    const at = noon + index * 6_000;
    const call = callAt(at, { output: outputOf(index, 900) });
    for (const update of watch.observe(call, true, at)) {
      if (update.what === 'refreshed') continue;
      incidents.keep(update.incident);
      await desk.heed(update);
    }
  }
  id = watch.book.incidents.find(({ cause }) => cause === 'output')!.id;
});

const run = (words: string[]) =>
  runCommand(incidentsCommand, words, {
    dataDirectory,
    now: () => new Date(now),
    openAlerts: async () => desk,
  });
const firstLine = async (...words: string[]) => (await run(words)).stdout.split('\n')[0];

describe('what was done is said first, and the incident follows', () => {
  test('acknowledged, with who', async () => {
    const { stdout } = await run(['acknowledge', id, '--note', 'looking at it']);
    const [first, blank, title] = stdout.split('\n');
    expect(first).toBe(`Acknowledged incident ${id}, by ada: it counts as looked after.`);
    expect([blank, title]).toEqual(['', incidents.get(id)!.title]);
  });

  test('muted, until when; unmuted; resolved', async () => {
    const until = new Date(now + 2 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    expect(await firstLine('mute', id, '--until', '2h')).toBe(
      `Muted incident ${id} until ${until} UTC, by ada: nobody is told of it meanwhile.`,
    );
    expect(await firstLine('unmute', id)).toBe(
      `Unmuted incident ${id}, by ada: people are told of it again.`,
    );
    expect(await firstLine('resolve', id)).toBe(`Resolved incident ${id}, by ada.`);
  });

  test('an action that waited, with what it does, for what and until when', async () => {
    const [action] = incidents.get(id)!.actions;
    const which = `action ${action!.id} (throttle feature=search) of incident ${id}`;
    expect(await firstLine('approve', id)).toBe(
      `Approved ${which}, by ada: it is in force until 2026-03-10 13:30:00 UTC.`,
    );
    expect(await firstLine('revert', id)).toBe(
      `Reverted ${which}, by ada: it is in force no more.`,
    );
  });

  test('one that was declined, and one that is asked for', async () => {
    const [action] = incidents.get(id)!.actions;
    expect(await firstLine('decline', id, action!.id)).toBe(
      `Declined action ${action!.id} (throttle feature=search) of incident ${id}, by ada: it is left undone.`,
    );
    expect(await firstLine('act', id, '--do', 'stop_run')).toMatch(
      new RegExp(
        `^Began action act_\\S+ \\(stop run r_1\\) of incident ${id} until 2026-03-10 13:30:00 UTC, by ada\\.$`,
      ),
    );
  });

  test('with --json it is the incident alone', async () => {
    const { stdout } = await run(['acknowledge', id, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ id, state: 'acknowledged' });
  });
});
