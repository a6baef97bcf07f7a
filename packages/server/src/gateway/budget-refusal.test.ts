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
