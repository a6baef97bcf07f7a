import { gzipSync } from 'node:zlib';
import type { Entry } from '@farthing/core';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGatewayUnderTest, type GatewayUnderTest } from '../support/gateway.js';
import { startScriptedProvider, type ScriptedProvider } from '../support/scripted-provider.js';

let provider: ScriptedProvider;
let gateway: GatewayUnderTest;
beforeAll(async () => {
  provider = await startScriptedProvider();
  const base_url = provider.url;
  gateway = await startGatewayUnderTest({
    providers: { openai: { base_url }, anthropic: { base_url, api: 'anthropic' } },
  });
});
afterAll(async () => {
  await gateway.close();
  await provider.close();
});

const answered = Date.UTC(2026, 10, 19, 8, 30) / 1_000;
const usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 };
const line = (custom_id: string, body: object, status_code = 200) => ({
  id: `batch_req_${custom_id}`,
  custom_id,
  response: { status_code, request_id: `req_${custom_id}`, body },
  error: null,
});
const completion = (id: string) => ({
  id,
  object: 'chat.completion',
  created: answered,
  model: 'gpt-5-mini-2025-08-07',
  choices: [],
  usage,
});
const jsonLines = (lines: object[]) =>
  Buffer.from(lines.map((item) => `${JSON.stringify(item)}\n`).join(''));

/** Answers a file's content, or a batch's results, and otherwise its description. */
function serve(content: Buffer, description: object) {
  provider.answer((url) =>
    /\/(content|results)$/.test(url)
      ? { body: content, contentType: 'application/octet-stream' }
      : { body: description },
  );
}

/** The entries that fetching results adds, the fetch itself apart, once there are `count`. */
async function itemsOf(path: string, count: number, headers: Record<string, string> = {}) {
  const before = (await gateway.entries()).length;
  const response = await fetch(gateway.url + path, { headers: { authorization: 'x', ...headers } });
  const body = Buffer.from(await response.arrayBuffer());
  let added: Entry[] = [];
  for (let attempt = 0; attempt < 100; attempt++) {
    added = (await gateway.entries()).slice(before);
    if (added.length > count) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const fetched = added.find((entry) => entry.id === response.headers.get('x-farthing-call-id'));
  return { body, fetched, items: added.filter((entry) => entry !== fetched) };
}

describe('results of a batch', () => {
  test('are booked item by item, at the batch tier and at their own time', async () => {
    const content = jsonLines([
      line('a', completion('chatcmpl-1')),
      line('b', {
        id: 'resp_1',
        object: 'response',
        created_at: answered,
        model: 'gpt-5-2025-08-07',
        usage: { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 },
      }),
      line('c', { error: { type: 'invalid_request_error', code: 'context_length' } }, 400),
    ]);
    serve(content, { id: 'file-1', created_at: answered + 60 });
    const openai = new OpenAI({ baseURL: `${gateway.url}/openai/v1`, apiKey: 'sk-test' });
    const before = (await gateway.entries()).length;
    const file = await openai.files.content('file-1');
    expect(Buffer.from(await file.arrayBuffer()).equals(content)).toBe(true);
    let added: Entry[] = [];
    while (added.length < 4) added = (await gateway.entries()).slice(before);
    const items = added.filter((entry) => entry.api !== 'unmetered');
    expect(items).toHaveLength(3);
    expect(items[0]).toMatchObject({
      provider: 'openai',
      api: 'chat.completions',
      model: 'gpt-5-mini-2025-08-07',
      response_id: 'chatcmpl-1',
      outcome: 'ok',
      started_at: '2026-11-19T08:30:00.000Z',
      // Half of 1,000 × $0.25 and 100 × $2 per million.
      cost: { status: 'priced', usd: '0.000225' },
      context: { batch: true },
    });
    expect(items[0]!.recorded_at! > items[0]!.started_at).toBe(true);
    expect(items[1]).toMatchObject({ api: 'responses', cost: { usd: '0.001125' } });
    expect(items[2]).toMatchObject({
      outcome: 'error',
      http_status: 400,
      error_type: 'context_length',
      cost: { usd: '0', status: 'not_billed' },
    });
  });

  test('that are fetched again have the same ids and times: the ledger books them once', async () => {
    const content = jsonLines([line('a', completion('chatcmpl-1'))]);
    serve(content, {});
    const first = await itemsOf('/openai/v1/files/file-2/content', 1);
    const second = await itemsOf('/openai/v1/files/file-2/content', 1);
    const other = await itemsOf('/openai/v1/files/file-3/content', 1);
    const identity = ({ items }: { items: Entry[] }) =>
      items.map(({ id, started_at, cost }) => [id, started_at, cost.usd]);
    expect(first.items).toHaveLength(1);
    expect(identity(second)).toEqual(identity(first));
    expect(identity(other)).not.toEqual(identity(first));
  });

  test('without times of their own have that of their batch, for which the provider is asked', async () => {
    const succeeded = {
      type: 'succeeded',
      message: {
        id: 'msg_1',
        type: 'message',
        model: 'claude-haiku-4-5-20251001',
        usage: { input_tokens: 1000, output_tokens: 100 },
      },
    };
    const content = jsonLines([
      { custom_id: 'a', result: succeeded },
      { custom_id: 'b', result: { type: 'expired' } },
    ]);
    serve(content, { id: 'msgbatch_1', created_at: '2026-11-18T10:00:00Z' });
    const { items, body } = await itemsOf('/anthropic/v1/messages/batches/msgbatch_1/results', 2, {
      'x-farthing-feature': 'digest',
    });
    expect(body.equals(content)).toBe(true);
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({
      api: 'messages',
      started_at: '2026-11-18T10:00:00.000Z',
      cost: { status: 'priced', usd: '0.00075' },
      tags: { feature: 'digest' },
    });
    expect(items[1]).toMatchObject({ outcome: 'error', error_type: 'expired', cost: { usd: '0' } });
    expect(provider.last()).toMatchObject({
      url: '/v1/messages/batches/msgbatch_1',
      headers: { authorization: 'x' },
    });
  });

  test('are left for the next time when the provider does not say', async () => {
    const vectors = { object: 'list', data: [], model: 'text-embedding-3-small', usage };
    serve(jsonLines([line('a', vectors)]), { error: 'gone' });
    expect((await itemsOf('/openai/v1/files/file-4/content', 0)).items).toEqual([]);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toContain('farthing_unbooked_batch_items_total 1');
    serve(jsonLines([line('a', vectors)]), { created_at: answered });
    expect((await itemsOf('/openai/v1/files/file-4/content', 1)).items).toMatchObject([
      { api: 'embeddings', started_at: '2026-11-19T08:30:00.000Z' },
    ]);
  });
});

test.each([
  [
    'what a batch is made of',
    jsonLines([{ custom_id: 'a', method: 'POST', url: '/v1', body: {} }]),
  ],
  ['training data', jsonLines([{ messages: [] }, line('a', completion('chatcmpl-9'))])],
  ['a picture', Buffer.from('\x89PNG\r\n{"custom_id":"a","response":{}}\n', 'latin1')],
  ['compressed bytes that are no answer’s encoding', gzipSync('{}')],
])('%s passes through like any other file', async (_name, content) => {
  serve(content, { created_at: answered });
  const { body, items, fetched } = await itemsOf('/openai/v1/files/file-5/content', 0);
  expect(body.equals(content)).toBe(true);
  expect(items).toEqual([]);
  expect(fetched).toMatchObject({ outcome: 'unmetered', cost: { status: 'not_billed' } });
});
