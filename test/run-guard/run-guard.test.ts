import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IncidentList } from '@farthing/core';
import { Installation, pause } from '../support/farthing-process.js';
import { anthropicAgent, openaiAgent, type AgentOptions } from './agents.js';
import { startLoopingProvider, type LoopingProvider } from './looping-provider.js';

/** Seven turns alike are six repetitions: from then on it is provable where nothing is known of other runs. */
const provable = 7;

let provider: LoopingProvider;
let installation: Installation;
beforeAll(async () => {
  provider = await startLoopingProvider();
  const run_guard = {
    mode: 'stop',
    features: { watched: { mode: 'tell' }, bounded: { limits: { calls: 3 } } },
  };
  installation = await Installation.create(provider.url, { more: { run_guard } });
  await installation.start('up');
}, 30_000);
afterAll(async () => {
  await installation?.stopAll();
  await installation?.remove();
  await provider?.close();
});

const asked = (run: string, task: string, turns: number): AgentOptions => ({
  gatewayUrl: installation.gatewayUrl,
  run,
  task,
  turns,
});

/** One more call of a run: its status, and what it says. */
async function call(run: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${installation.gatewayUrl}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer sk-test',
      'content-type': 'application/json',
      'x-farthing-run': run,
      'x-farthing-feature': 'research',
      ...headers,
    },
    body: JSON.stringify({ model: 'gpt-4.1', messages: [{ role: 'user', content: 'Go on.' }] }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Until a call of the run gets this status. Fails after the time. */
async function until(run: string, status: number, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const { status: present } = await call(run);
    if (present === status) return;
    if (performance.now() > end) throw new Error(`still ${present} after ${milliseconds} ms`);
    await pause(20);
  }
}

/** What the control plane answers to an order, or to a question. */
async function api(path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${installation.controlUrl}/api/v1/${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  });
  return { status: response.status, body: await response.json() };
}

describe('a run that loops is stopped', () => {
  test('as an OpenAI client sees it: a refusal that it does not repeat, and can act upon', async () => {
    const before = provider.calls();
    const { turns, error } = await openaiAgent(asked('loop-1', 'A loop: find the invoices.', 40));
    expect(turns).toBeGreaterThanOrEqual(provable);
    expect(turns).toBeLessThanOrEqual(provable + 3);
    // Nothing was sent after the refusal: neither by the client nor by the gateway.
    expect(provider.calls() - before).toBe(turns);
    expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
    const { code, message, headers } = error as InstanceType<typeof OpenAI.PermissionDeniedError>;
    expect(code).toBe('run_stopped');
    expect(message).toMatch(
      /This run was stopped: it repeated itself 6 times in \d+ calls and spent \$0\.1\d \(limit: 6 repetitions\)\. Do not retry: /,
    );
    expect(message).toContain('(farthing runs release loop-1)');
    expect(headers!.get('x-farthing-refusal')).toBe('run_stopped');
    expect(headers!.get('x-should-retry')).toBe('false');
    expect(headers!.has('retry-after')).toBe(false);
  });

  test('as an Anthropic client sees it', async () => {
    const { turns, error } = await anthropicAgent(asked('loop-2', 'A loop: find invoices.', 40));
    expect(turns).toBeGreaterThanOrEqual(provable);
    expect(turns).toBeLessThanOrEqual(provable + 3);
    expect(error).toBeInstanceOf(Anthropic.PermissionDeniedError);
    expect((error as InstanceType<typeof Anthropic.PermissionDeniedError>).error).toMatchObject({
      error: {
        type: 'permission_error',
        code: 'run_stopped',
        message: expect.stringContaining('This run was stopped: it repeated itself 6 times'),
      },
    });
  });

  test('and others are not, however long they search', async () => {
    const { turns, error } = await openaiAgent(asked('healthy', 'Find all invoices.', 25));
    expect([turns, error]).toEqual([25, null]);
    const { turns: more } = await anthropicAgent(asked('healthy-2', 'Find all invoices.', 25));
    expect(more).toBe(25);
  });

  test('unless its feature is only to be told of: then its caller hears of it', async () => {
    const { turns, headers } = await openaiAgent({
      ...asked('told', 'A loop: find the invoices.', 12),
      headers: { 'x-farthing-feature': 'watched' },
    });
    expect(turns).toBe(12);
    expect(headers!.get('x-farthing-warning')).toContain('it repeated itself');
    const metrics = await (await fetch(`${installation.gatewayUrl}/metrics`)).text();
    expect(metrics).toContain('farthing_runs_judged_total{reason="repeats",done="told"} 1');
    expect(metrics).toContain('farthing_runs_judged_total{reason="repeats",done="stopped"} 2');
  });

  test('in the entries it stands how often each turn was said before', async () => {
    await installation.untilBooked();
    const repeats = (await installation.entries())
      .filter(({ tags }) => tags.run === 'loop-1')
      .sort((a, b) => a.started_at.localeCompare(b.started_at))
      .map((entry) => entry.repeats);
    expect(repeats.slice(0, provable)).toEqual([undefined, 0, 1, 2, 3, 4, 5]);
  });
});

test('a run beyond a limit of its feature is stopped, and is a page that names the limit', async () => {
  const once = async () => (await call('bounded-1', { 'x-farthing-feature': 'bounded' })).status;
  for (let index = 0; index < 4; index++) expect(await once()).toBe(200);
  await expect.poll(once).toBe(403);
  const listed = async () => {
    const { stdout } = await installation.run('incidents', 'list', '--all', '--json');
    const { incidents } = JSON.parse(stdout) as IncidentList;
    return incidents.filter(({ group }) => group['feature'] === 'bounded');
  };
  await expect.poll(listed, { timeout: 10_000, interval: 250 }).toHaveLength(1);
  expect(await listed()).toMatchObject([
    {
      cause: 'run',
      run: 'bounded-1',
      severity: 'page',
      findings: [{ text: expect.stringContaining('the limit of 3 calls that is configured') }],
    },
  ]);
});

describe('a stopped run', () => {
  test('stays stopped when its gateway is killed', async () => {
    installation.killGateway();
    await expect
      .poll(
        () =>
          call('loop-1').then(
            ({ status }) => status,
            () => 0,
          ),
        {
          timeout: 10_000,
        },
      )
      .toBe(403);
  });

  test('is listed with who, why and until when; released, it goes on, and is not stopped for the same', async () => {
    const { body } = await api('restrictions');
    expect(body).toMatchObject({
      stopped_runs: expect.arrayContaining([
        expect.objectContaining({
          run: 'loop-1',
          by: 'farthing',
          cause: expect.stringContaining('it repeated itself 6 times'),
        }),
      ]),
    });
    const { stdout } = await installation.run('runs', 'release', 'loop-1', '--note', 'it may');
    expect(stdout).toContain('Released run loop-1, by ');
    await until('loop-1', 200, 1_000);
    expect(JSON.stringify(await api('restrictions'))).not.toContain('loop-1');
  });

  test('by a person, over HTTP', async () => {
    const because = { cause: 'it is not needed any more', seconds: 600, by: 'ada' };
    const stopped = await api('runs/mine/stop', because);
    expect(stopped.body).toMatchObject({ run: 'mine', by: 'ada', incident: null });
    await until('mine', 403, 1_000);
    const { text } = await call('mine');
    expect(text).toContain('This run was stopped: it is not needed any more. Do not retry');
    expect((await api('runs/mine/release', { by: 'ada' })).status).toBe(200);
    await until('mine', 200, 1_000);
    expect((await api('runs/mine/release', { by: 'ada' })).status).toBe(404);
  });
});

describe('a restriction', () => {
  test('holds in a running gateway within a second, and until it is lifted', async () => {
    const cause = 'the index is being rebuilt';
    const made = await api('restrictions', { scope: { run: 'b_1' }, step: 'block', cause });
    const blocked = made.body as { id: string };
    await until('b_1', 403, 1_000);
    const { headers, text } = await call('b_1');
    expect(headers.get('x-farthing-refusal')).toBe('restricted');
    expect(headers.get('x-farthing-restriction')).toBe(blocked.id);
    expect(text).toContain('the index is being rebuilt');
    expect((await call('b_2')).status).toBe(200);
    expect((await api(`restrictions/${blocked.id}/lift`, {})).status).toBe(200);
    await until('b_1', 200, 1_000);
  });

  test('that throttles lets one call in so many pass', async () => {
    const order = { scope: { run: 't_1' }, step: 'throttle', one_in: 3, by: 'ada' };
    expect((await api('restrictions', order)).status).toBe(200);
    // The first of three passes.
    await until('t_1', 429, 1_000);
    const statuses: number[] = [];
    for (let index = 0; index < 9; index++) statuses.push((await call('t_1')).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(6);
  });

  test('that cannot be meant says what would be right', async () => {
    const { status, body } = await api('restrictions', { scope: {}, step: 'downgrade' });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(
      '`downgrade` must name at least two models, the dearest',
    );
  });
});
