import type { AuditReport, DriftReport } from '@farthing/core';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { Installation } from '../support/farthing-process.js';

let provider: FakeProvider;
let installation: Installation;
let log = '';
beforeAll(async () => {
  provider = await startFakeProvider({ seed: 'drift' });
  installation = await Installation.create(provider.url, {
    more: { audit: { context_elements: ['kb'] } },
  });
  const child = await installation.start('up');
  child.stdout!.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const openai = new OpenAI({
    baseURL: `${installation.gatewayUrl}/openai/v1`,
    apiKey: 'sk-test',
    defaultHeaders: { 'x-farthing-feature': 'support' },
  });
  for (let call = 0; call < 30; call++) {
    await openai.chat.completions.create({
      model: 'gpt-5-mini',
      // Far below the 500 tokens that are expected of an answer of which nothing is known.
      max_completion_tokens: call < 20 ? 2_000 : 40,
      messages: [
        { role: 'system', content: 'You are terse. Answer in a word or two, never more.' },
        { role: 'user', content: `<kb>${'Invoices are due in 30 days. '.repeat(60)}</kb> When?` },
      ],
    });
  }
  await installation.untilBooked();
});
afterAll(async () => {
  await installation.stopAll();
  await installation.remove();
  await provider.close();
});

const get = async <Answer>(path: string): Promise<Answer> =>
  (await (await fetch(`${installation.controlUrl}${path}`)).json()) as Answer;

test('estimate and actual of the calls are added up as their entries have them', async () => {
  const { rows, threshold } = await get<DriftReport>('/api/v1/drift?since=1h');
  expect(threshold).toBe(0.3);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ group: { feature: 'support' }, calls: 30, compared_calls: 30 });
  const entries = await installation.entries();
  const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
  expect(rows[0]!.tokens.output).toEqual({
    estimated: sum(entries.map(({ estimate }) => estimate!.output_tokens)),
    actual: sum(entries.map(({ usage }) => usage!.tokens.output)),
  });
  const far = entries.filter(({ estimate, cost }) => {
    const expected = Number(estimate!.usd);
    return Math.abs(Number(cost.usd) - expected) > 0.3 * Math.max(expected, 0.0001);
  });
  expect(far.length).toBeGreaterThan(0);
  expect(rows[0]!.drifted_calls).toBe(far.length);
});

test('calls that drifted are marked in the list, and their feature is logged once', async () => {
  const { calls } = await get<{ calls: { cost_drift: number; estimated_usd: string }[] }>(
    '/api/v1/calls?limit=100',
  );
  const drifted = calls.filter(({ cost_drift: drift }) => Math.abs(drift) > 0.3);
  expect(drifted.length).toBeGreaterThan(0);
  const lines = log.split('\n').filter((line) => line.includes('COST_DRIFT'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('support');
  expect(lines[0]).toContain('estimated_usd');
  expect(lines[0]).toContain('cost_usd');
});

test('farthing drift says the same as the API', async () => {
  const { stdout } = await installation.run('drift', '--since', '1h', '--json');
  const fromCommand = (JSON.parse(stdout) as DriftReport).rows;
  const fromApi = (await get<DriftReport>('/api/v1/drift?since=1h')).rows;
  expect(fromCommand).toEqual(fromApi);
  const table = await installation.run('drift', '--since', '1h');
  expect(table.stdout).toMatch(/^Estimates against what was counted/);
  expect(table.stdout).toMatch(/support +30 /);
});

test('farthing audit names retrieved text as the largest lever, as the API does', async () => {
  const { rows } = await get<AuditReport>('/api/v1/audit?since=1h&by=feature,model');
  expect(rows[0]).toMatchObject({
    calls: 30,
    sources: [{ source: 'context' }, { source: 'system' }, { source: 'user' }],
    lever: { source: 'context' },
  });
  const tokens = (await installation.query({ measures: ['tokens_input'] })).rows[0]!;
  expect(rows[0]!.sources.reduce((sum, source) => sum + source.tokens, 0)).toBe(
    tokens['tokens_input'],
  );
  const { stdout } = await installation.run('audit', '--since', '1h');
  expect(stdout).toMatch(
    /Largest lever: Retrieved text and tool results are \d+ % of the input's cost: retrieve fewer/,
  );
  const { stdout: json } = await installation.run('audit', '--since', '1h', '--json');
  expect((JSON.parse(json) as AuditReport).rows[0]!.lever).toEqual(rows[0]!.lever);
});
