import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiFamily } from '@farthing/core';
import { expect, test } from 'vitest';
import { answerRefusal, type RefusedCall } from './budget-refusal.js';

const message = 'Budget "team" does not have enough left for this call.';
const blocked: RefusedCall = {
  id: 'call-1',
  refusal: { action: 'block', budget: 'team', message, retry_after_s: 90 },
};
const asking: RefusedCall = {
  id: 'call-1',
  refusal: {
    action: 'acknowledge',
    budget: 'team',
    message,
    retry_after_s: null,
    acknowledgement: { token: 'ack.1', expires_at: '2026-11-22T19:00:00.000Z' },
  },
};

async function answered(family: ApiFamily, refused: RefusedCall) {
  const server = createServer((_request, response: ServerResponse) =>
    answerRefusal(response, family, refused),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/`);
  const body = (await response.json()) as Record<string, unknown>;
  server.close();
  server.closeAllConnections();
  return { status: response.status, headers: response.headers, body };
}

test('OpenAI’s shape: a quota error that its client does not retry, with the time to wait', async () => {
  const { status, headers, body } = await answered('openai', blocked);
  expect(status).toBe(429);
  expect(headers.get('retry-after')).toBe('90');
  expect(headers.get('x-should-retry')).toBe('false');
  expect(headers.get('x-farthing-call-id')).toBe('call-1');
  expect(body).toEqual({
    error: {
      message: `${message} Why: farthing budgets why call-1`,
      type: 'budget_exceeded',
      param: null,
      code: 'insufficient_quota',
    },
  });
});

test('Anthropic’s, Gemini’s and Bedrock’s shapes', async () => {
  expect((await answered('anthropic', blocked)).body).toMatchObject({
    type: 'error',
    error: { type: 'rate_limit_error', message: expect.stringContaining('"team"') },
    request_id: 'call-1',
  });
  expect((await answered('gemini', blocked)).body).toMatchObject({
    error: { code: 429, status: 'RESOURCE_EXHAUSTED' },
  });
  expect((await answered('bedrock', blocked)).body).toMatchObject({
    message: expect.stringContaining('"team"'),
  });
});

test('a question to a person is a 402 with the token in header and body', async () => {
  for (const family of ['openai', 'anthropic', 'gemini', 'bedrock'] as const) {
    const { status, headers, body } = await answered(family, asking);
    expect(status).toBe(402);
    expect(headers.get('x-farthing-acknowledge')).toBe('ack.1');
    expect(headers.get('retry-after')).toBeNull();
    expect(JSON.stringify(body)).toContain('"acknowledge":"ack.1"');
  }
});

test('calls that are refused alike are each told their own id', async () => {
  for (const family of ['openai', 'anthropic', 'bedrock'] as const) {
    for (const id of ['call-1', 'call-2']) {
      const { body } = await answered(family, { ...blocked, id });
      const other = id === 'call-1' ? 'call-2' : 'call-1';
      expect(JSON.stringify(body)).toContain(`budgets why ${id}`);
      expect(JSON.stringify(body)).not.toContain(other);
    }
  }
});

const stopped: RefusedCall = {
  id: 'call-1',
  refusal: {
    action: 'block',
    budget: 'st-1',
    code: 'run_stopped',
    incident: 'in-1',
    until: '2026-11-22T19:00:00.000Z',
    message: 'This run was stopped: it repeated itself 6 times. Do not retry.',
    retry_after_s: null,
  },
};

test('a stopped run is status 403, which no client retries, with a code in each API’s place for it', async () => {
  const { status, headers, body } = await answered('openai', stopped);
  expect(status).toBe(403);
  expect(headers.get('x-should-retry')).toBe('false');
  expect(headers.has('retry-after')).toBe(false);
  expect(headers.get('x-farthing-refusal')).toBe('run_stopped');
  expect(headers.get('x-farthing-restriction')).toBe('st-1');
  expect(headers.get('x-farthing-until')).toBe('2026-11-22T19:00:00.000Z');
  expect(headers.get('x-farthing-incident')).toBe('in-1');
  expect(body).toMatchObject({ error: { code: 'run_stopped', type: 'farthing_error' } });
  expect((await answered('anthropic', stopped)).body).toMatchObject({
    error: { type: 'permission_error', code: 'run_stopped' },
  });
  expect((await answered('gemini', stopped)).body).toMatchObject({
    error: {
      code: 403,
      status: 'PERMISSION_DENIED',
      details: [{ reason: 'RUN_STOPPED', domain: 'farthing', metadata: { restriction: 'st-1' } }],
    },
  });
  expect((await answered('bedrock', stopped)).status).toBe(403);
});

test('a throttled call is status 429, as of any limit of rates', async () => {
  const refusal = { ...stopped.refusal, action: 'throttle', code: 'restricted' } as const;
  const { status, body } = await answered('openai', { id: 'call-1', refusal });
  expect(status).toBe(429);
  expect(body).toMatchObject({ error: { code: 'restricted' } });
});
