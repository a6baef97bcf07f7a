import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AlertOverview, DryRun, Entry, Incident, IncidentList } from '@farthing/core';
import {
  entryAt,
  history,
  outputOf,
  type CallShape,
} from '../../packages/core/src/incidents/traffic.fixture.js';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { entryJournal } from '../../packages/server/src/processes/entry-journal.js';
import { Installation, pause } from '../support/farthing-process.js';

const minute = 60_000;
const hour = 60 * minute;

/** As the provider names it in its answers. */
const model = 'gpt-5-2025-08-07';

/** gpt-5 at $10 per million tokens of output: about $0.02, $0.002 and $0.1 a call. */
const assistant = (index: number): CallShape => ({
  feature: 'assistant',
  model,
  input: 100,
  output: outputOf(index, 2_000),
  template: 'a1',
});
const digest = (index: number): CallShape => ({
  feature: 'digest',
  model,
  input: 100,
  output: outputOf(index, 200),
});
const bulk = (index: number): CallShape => ({
  feature: 'bulk',
  model,
  input: 100,
  output: outputOf(index, 10_000),
});

let provider: FakeProvider;
let installation: Installation;
let control: ChildProcess;

beforeAll(async () => {
  provider = await startFakeProvider({ seed: 'alerts' });
  installation = await Installation.create(provider.url);
  const until = Date.now() - 10 * minute;
  const past = [assistant, digest, bulk]
    .flatMap((shape) => [...history(2, 12, shape, until)])
    .map(({ at, shape }) => entryAt(at, shape))
    .sort((a, b) => a.started_at.localeCompare(b.started_at));
  const journal = entryJournal({ dataDirectory: installation.dataDirectory, name: 'past' });
  await journal.append(past.map((entry) => ({ ...entry, recorded_at: entry.ended_at })));
  await journal.close();
  await installation.start('gateway');
  control = await installation.start('ledger');
  await eventually(async () => (await get<AlertOverview>('alerts')).state === 'watching');
}, 60_000);

afterAll(async () => {
  await installation?.remove();
  await provider?.close();
});

async function get<Body>(path: string): Promise<Body> {
  const response = await fetch(`${installation.controlUrl}/api/v1/${path}`);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Body;
}

async function post<Body>(path: string, body: unknown): Promise<Body> {
  const response = await fetch(`${installation.controlUrl}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Body;
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await holds().catch(() => false)) return;
    await pause(25);
  }
  throw new Error('it did not come to that');
}

const incidents = async (query: string): Promise<Incident[]> =>
  (await get<IncidentList>(`incidents?${query}`)).incidents;

/** Waits until everything that was sent has been looked at. */
async function looked(): Promise<void> {
  await installation.untilBooked();
  await eventually(async () => {
    const { state, behind } = await get<AlertOverview>('alerts');
    return state === 'watching' && behind === 0;
  });
}

/** A call through the gateway, whose answer has so many tokens. */
async function call(feature: string, outputTokens: number): Promise<void> {
  const response = await fetch(`${installation.gatewayUrl}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer sk-test',
      'content-type': 'application/json',
      'x-farthing-feature': feature,
      'x-farthing-template-version': 'a1',
      'x-fake-input-tokens': '100',
      'x-fake-output-tokens': String(outputTokens),
    },
    body: JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hi' }] }),
  });
  await response.text();
  expect(response.status).toBe(200);
}

/** Calls of the last minutes as an app reports them, six seconds apart: ten a minute. */
function reported(shape: (index: number) => CallShape, from: number, count: number, start: number) {
  return Array.from({ length: count }, (_, index) =>
    entryAt(start + (from + index) * 6_000, shape(from + index)),
  );
}

const send = (entries: Entry[]) => post('entries', entries);

describe('the whole product', () => {
  test('a call of $0.12 among those of $0.02 is recorded; repeated, it is a page within ten', async () => {
    for (const index of [0, 1, 2]) await call('assistant', outputOf(index, 2_000));
    await call('assistant', 12_000);
    await eventually(async () => (await incidents('group=feature=assistant')).length > 0);
    expect(await incidents('group=feature=assistant')).toMatchObject([
      { cause: 'outlier', severity: 'record', size: null },
    ]);
    for (let count = 0; count < 10; count++) await call('assistant', 12_000);
    const page = 'group=feature=assistant&severity=page';
    await eventually(async () => (await incidents(page)).length > 0);
    const [incident] = (await incidents(page)) as [Incident];
    expect(incident).toMatchObject({
      cause: 'output',
      state: 'open',
      group: { feature: 'assistant' },
      title: expect.stringMatching(/^assistant: output per call is \d\.\d times what it was$/),
    });
    expect(incident.findings[0]!.calls).toBeLessThanOrEqual(10);
    expect((await get<AlertOverview>('alerts')).least_page_usd).toBe('1');
    expect(Number(incident.size!.above_usd)).toBeLessThan(2);
    const { open } = await get<IncidentList>('incidents?state=active');
    expect(open).toBe(1);
  });

  test('ten times as much for a feature of 2 % of spend is told in five minutes; a kill in the middle changes nothing', async () => {
    const start = Date.now() - 5 * minute;
    const grown = (index: number) => ({ ...digest(index), output: outputOf(index, 2_000) });
    await send(reported(bulk, 0, 48, start));
    await send(reported(grown, 0, 3, start));
    await looked();
    await installation.kill(control, 'SIGKILL');
    control = await installation.start('ledger');
    await looked();
    await send(reported(grown, 3, 45, start));
    await eventually(
      async () => (await incidents('group=feature=digest&severity=page')).length > 0,
    );
    await looked();
    const [incident, ...others] = await incidents('group=feature=digest&severity=page');
    expect(others).toEqual([]);
    const [first] = incident!.findings;
    expect(Date.parse(first!.at) - start).toBeLessThan(5 * minute);
    expect(Date.parse(incident!.since)).toBeGreaterThanOrEqual(start);
    expect(await incidents('group=feature=bulk&severity=page')).toEqual([]);
  });

  test('history that is sent in afterwards pages nobody', async () => {
    const start = Date.now() - 20 * hour;
    const shape = (index: number) => ({ ...bulk(index), output: 90_000 });
    await send(reported(shape, 0, 200, start));
    await looked();
    expect(await incidents('group=feature=bulk&severity=page')).toEqual([]);
  });

  test('people acknowledge and resolve, on the command line as well, and it is on record', async () => {
    const [incident] = (await incidents('severity=page&group=feature=digest')) as [Incident];
    const shown = await installation.run('incidents', 'acknowledge', incident.id, '--note', 'mine');
    expect(shown.stdout).toContain('acknowledged by');
    await post(`incidents/${incident.id}/resolve`, { by: 'ada', note: 'it is meant' });
    const after = await get<Incident>(`incidents/${incident.id}`);
    expect(after).toMatchObject({ state: 'resolved', resolved_at: expect.any(String) });
    expect(after.history.slice(-2)).toMatchObject([
      { what: 'acknowledged', note: 'mine' },
      { what: 'resolved', by: 'ada', note: 'it is meant' },
    ]);
    const metrics = await (await fetch(`${installation.controlUrl}/metrics`)).text();
    expect(metrics).toMatch(/farthing_incidents_open\{severity="page",cause="output"\} 1/);
  });

  test('a rule is tried on what is booked', async () => {
    const run = await post<DryRun>('alerts/test', { rule: 'detectors', since: '1d' });
    expect(run.pages).toBeGreaterThanOrEqual(1);
    expect(run.top.map(({ group }) => group)).toContainEqual({ feature: 'digest' });
  });
});
