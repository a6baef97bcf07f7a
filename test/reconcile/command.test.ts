import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, Reconciliation } from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { Installation } from '../support/farthing-process.js';
import { chat } from './direct-calls.js';
import { runTraffic, type Traffic } from './run-traffic.js';

const adminKey = 'sk-admin-that-nobody-may-keep';
let traffic: Traffic;
let provider: FakeProvider;
let farthing: Installation;
let files: string[];

beforeAll(async () => {
  process.env['OPENAI_ADMIN_KEY'] = adminKey;
  traffic = await runTraffic({ meddle: (gateway) => chat(gateway.provider.url, 12) });
  provider = await startFakeProvider({ seed: 'reconcile' });
  farthing = await Installation.create(provider.url);
  await farthing.start('ledger');
  const body = traffic.entries.map((entry) => JSON.stringify(entry)).join('\n');
  const posted = await fetch(`${farthing.controlUrl}/api/v1/entries`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  });
  expect(posted.status).toBe(202);
  await farthing.untilBooked();
  const usage = join(farthing.directory, 'usage.json');
  const costs = join(farthing.directory, 'costs.json');
  writeFileSync(usage, JSON.stringify(traffic.saved.usage));
  writeFileSync(costs, JSON.stringify(traffic.saved.costs));
  files = ['--usage', usage, '--costs', costs, '--fetched-at', '2026-10-22'];
}, 120_000);
afterAll(async () => {
  delete process.env['OPENAI_ADMIN_KEY'];
  await farthing.remove();
  await provider.close();
});

const october = ['--provider', 'openai', '--since', '2026-10-14', '--until', '2026-10-16'];
const reconcile = (...more: string[]) => farthing.run('reconcile', ...october, ...more);

describe('farthing reconcile', () => {
  test('compares saved reports through the control plane, and says first what it comes to', async () => {
    const { code, stdout, stderr } = await reconcile(...files);
    expect(stderr).toContain('Comparing with the ledger of the control plane');
    expect(code).toBe(0);
    const [verdict] = stdout.split('\n');
    expect(verdict).toMatch(
      /^For 2026-10-14 to 2026-10-15, openai bills \$0\.\d+ and the ledger has \$0\.\d+, \$0\.\d+ less \(\d+\.\d\d %\); mostly calls that never passed Farthing/,
    );
    expect(stdout).toContain('Attribution accuracy');
    expect(stdout).toContain('Next steps');
  });

  test('books the difference as adjusting entries, once', async () => {
    type Answer = Reconciliation & { booked: Entry[] };
    const first = JSON.parse((await reconcile(...files, '--book', '--json')).stdout) as Answer;
    expect(first.causes.map(({ cause }) => cause)).toEqual(['unrecorded_calls']);
    expect(first.booked.map(({ kind, model, cost }) => [kind, model, cost.usd])).toEqual([
      ['adjustment', 'gpt-4o', first.difference_usd],
    ]);
    await farthing.untilBooked();
    const second = JSON.parse((await reconcile(...files, '--book', '--json')).stdout) as Answer;
    expect(second).toMatchObject({ difference_usd: '0', unexplained_usd: '0', booked: [] });
    expect(second.causes.map(({ cause }) => cause).sort()).toEqual([
      'manual_adjustments',
      'unrecorded_calls',
    ]);
    // What was booked by hand does not make the calls recorded ones.
    expect(second.accuracy).toBe(first.accuracy);
  });

  test('keeps every result, and the control plane serves them by provider and day', async () => {
    const response = await fetch(`${farthing.controlUrl}/api/v1/reconciliations?provider=openai`);
    const { reconciliations, latest } = (await response.json()) as {
      reconciliations: Reconciliation[];
      latest: { provider: string; reconciliation_id: string; days: { day: string }[] }[];
    };
    expect(reconciliations).toHaveLength(3);
    expect(latest).toHaveLength(1);
    expect(latest[0]).toMatchObject({
      provider: 'openai',
      reconciliation_id: reconciliations[0]!.id,
    });
    expect(latest[0]!.days.map(({ day }) => day.slice(0, 10))).toEqual([
      '2026-10-14',
      '2026-10-15',
    ]);
  });

  test('fetches the reports itself, with the key of its environment', async () => {
    const fetched = await farthing.run(
      'reconcile',
      '--provider',
      'openai',
      '--since',
      'today',
      '--base-url',
      provider.url,
    );
    expect(fetched).toMatchObject({ code: 0 });
    expect(fetched.stdout).toMatch(/openai bills \$0\.00, and the ledger agrees/);
  });

  test('says which key is wrong and where to get the right one', async () => {
    process.env['OPENAI_ADMIN_KEY'] = 'sk-invalid';
    const refused = await farthing.run(
      'reconcile',
      '--provider',
      'openai',
      '--since',
      'today',
      '--base-url',
      provider.url,
    );
    process.env['OPENAI_ADMIN_KEY'] = '';
    const missing = await farthing.run('reconcile', '--provider', 'openai', '--since', 'today');
    process.env['OPENAI_ADMIN_KEY'] = adminKey;
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /openai answered 401 to the key in OPENAI_ADMIN_KEY.*sk-admin-…/,
    );
    expect(refused.stderr).not.toContain('sk-invalid');
    expect(missing.stderr).toMatch(
      /OPENAI_ADMIN_KEY is not set.*platform\.openai\.com.*--usage and --costs/,
    );
  });

  test('without a control plane reads the books itself, to the same result', async () => {
    await farthing.stopAll();
    const { code, stdout, stderr } = await reconcile(...files, '--json');
    expect(stderr).toContain('reading its store directly');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ difference_usd: '0', provider_costs: 'reported' });
  });

  test('keeps the admin key nowhere', () => {
    const kept = readdirSync(farthing.directory, { recursive: true, encoding: 'utf8' })
      .map((name) => join(farthing.directory, name))
      .filter((path) => statSync(path).isFile())
      .filter((path) => readFileSync(path).includes(adminKey));
    expect(kept).toEqual([]);
  });
});
