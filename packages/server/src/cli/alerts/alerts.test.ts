import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { usualModes, Watch, type Incident } from '@farthing/core';
import {
  callAt,
  entryAt,
  history,
  noon,
  outputOf,
} from '../../../../core/src/incidents/traffic.fixture.js';
import { runCommand } from '../../../test-support/run-command.js';
import { IncidentLog } from '../../alerts/index.js';
import { entryJournal } from '../../processes/entry-journal.js';
import { alertsCommand } from './alerts.js';
import { incidentsCommand } from './incidents.js';

let dataDirectory: string;
let incident: Incident;
const now = () => new Date(noon + 3_600_000);

beforeAll(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-alerts-cli-'));
  const past = [...history(2, 20)].map(({ at, shape }) => ({ at, shape, judged: false }));
  const dear = Array.from({ length: 60 }, (_, index) => ({
    at: noon + index * 6_000,
    shape: { output: outputOf(index, 900), template: 'v7' },
    judged: true,
  }));
  const watch = new Watch({ modes: usualModes, rules: [] });
  const log = await IncidentLog.open(dataDirectory);
  for (const { at, shape, judged } of [...past, ...dear]) {
    watch.observe(callAt(at, shape), judged, at);
  }
  watch.tick(now().getTime());
  for (const each of watch.book.incidents) log.keep(each);
  await log.flush();
  incident = watch.book.incidents.find(({ severity }) => severity === 'page')!;
  const journal = entryJournal({ dataDirectory, name: 'past' });
  await journal.append(
    [...past, ...dear].map(({ at, shape }) => {
      const entry = entryAt(at, shape);
      return { ...entry, recorded_at: entry.ended_at };
    }),
  );
  await journal.close();
});
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

const incidents = (words: string | string[]) =>
  runCommand(incidentsCommand, words, { dataDirectory, now });
const alerts = (words: string | string[]) =>
  runCommand(alertsCommand, words, { dataDirectory, now });

describe('farthing incidents, while no control plane runs', () => {
  test('lists what is on disk, and shows all of one', async () => {
    const { stdout } = await incidents('');
    expect(stdout).toMatch(
      new RegExp(`^${incident.id} +page +open .* search: output per call is`, 'm'),
    );
    // Piped, nothing is cut.
    expect(stdout).toContain(incident.title);
    expect(stdout).toContain('1 page waits for somebody.');
    const shown = (await incidents(['show', incident.id])).stdout;
    expect(shown).toContain('tokens) since 12:0');
    expect(shown).toContain('Compare template version v7 with v6');
    const json = (await incidents(['list', '--all', '--json'])).stdout;
    expect(JSON.parse(json).incidents.map(({ id }: Incident) => id)).toContain(incident.id);
  });

  test('says so where there is none', async () => {
    expect((await incidents('--group feature=other')).stdout).toMatch(/^No incident is open\./);
  });

  test('changes need the control plane, which is said', async () => {
    const { stderr, exitCode } = await incidents(['acknowledge', incident.id]);
    expect(stderr).toContain('start "farthing up"');
    expect(exitCode).not.toBe(0);
  });
});

describe('farthing alerts', () => {
  test('lists detectors and rules with their modes', async () => {
    const { stdout } = await alerts('');
    expect(stdout).toContain('No control plane runs for this data directory');
    expect(stdout).toMatch(/^output +page +Output per call/m);
    expect(stdout).toMatch(/^volume +record/m);
    expect(stdout).toContain('Growth pages once it costs $1.00 above normal, so far and within');
  });

  test('tests the detectors, and a plain rule, on what has been', async () => {
    const detectors = await alerts('test --since 1d --json');
    expect(JSON.parse(detectors.stdout)).toMatchObject({
      rule: 'detectors',
      groups: 1,
      pages: 1,
      top: [{ group: { feature: 'search' }, causes: expect.arrayContaining(['output']) }],
    });
    const plain = JSON.parse((await alerts('test --rule z_score --since 1d --json')).stdout);
    expect(plain).toMatchObject({ rule: 'z_score', mode: 'record', pages: 0 });
    expect(plain.findings).toBeGreaterThan(0);
    expect(plain.top[0].examples.length).toBeGreaterThan(0);
  });

  test('a rule that needs a threshold says which', async () => {
    const { stderr } = await alerts('test --rule fixed_cap');
    expect(stderr).toMatch(/no usual thresholds.*`limit` must be a number above 0/);
  });
});
