import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallContext } from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventMessage } from '../support/event-stream-message.js';
import { startGatewayUnderTest, type GatewayUnderTest } from '../support/gateway.js';
import { startScriptedProvider, type ScriptedProvider } from '../support/scripted-provider.js';

let provider: ScriptedProvider;
let gateway: GatewayUnderTest;
beforeAll(async () => {
  provider = await startScriptedProvider();
  const base_url = provider.url;
  gateway = await startGatewayUnderTest({
    environment: { AZURE_KEY: 'azure-secret', BEDROCK_KEY: 'bedrock-secret' },
    providers: {
      azure: { base_url, api_key_env: 'AZURE_KEY' },
      'azure-zone': { base_url, price_as: 'azure', deployment_type: 'DataZoneStandard' },
      'grok-team': { base_url, price_as: 'xai' },
      bedrock: { base_url, api: 'bedrock', api_key_env: 'BEDROCK_KEY' },
      vertex: { base_url, api: 'gemini', location: 'europe-west1' },
      cohere: { base_url },
      mistral: { base_url },
      voyage: { base_url },
      unasked: { base_url, ask_for_usage: false },
    },
  });
});
afterAll(async () => {
  await gateway.close();
  await provider.close();
});

/** The entry of a call that gets this answer. */
async function call(
  path: string,
  answer: unknown,
  request: object = { model: 'x' },
  contentType = 'application/json',
) {
  provider.answer({ body: answer, contentType });
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const sent = Buffer.isBuffer(answer) ? answer : Buffer.from(JSON.stringify(answer));
  expect(Buffer.from(await response.arrayBuffer()).equals(sent)).toBe(true);
  return gateway.entryOf(response);
}

const chatUsage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 };

describe('Azure OpenAI', () => {
  const path = '/openai/deployments/chat-prod/chat/completions?api-version=2024-10-21';
  const answer = { id: 'c1', model: 'gpt-5-mini-2025-08-07', choices: [], usage: chatUsage };

  test('asks for a deployment, answers with a model, and has a header of its own for keys', async () => {
    const entry = await call(`/azure${path}`, answer, { messages: [] });
    expect(entry).toMatchObject({
      provider: 'azure',
      api: 'chat.completions',
      model_requested: 'chat-prod',
      model: 'gpt-5-mini-2025-08-07',
      cost: { status: 'priced', usd: '0.00045' },
    });
    expect(entry).not.toHaveProperty('context');
    expect(provider.last()).toMatchObject({ url: path, headers: { 'api-key': 'azure-secret' } });
    expect(provider.last().headers).not.toHaveProperty('authorization');
  });

  test('costs a tenth more in a data zone, which only the configuration knows', async () => {
    const entry = await call(`/azure-zone${path}`, answer, { messages: [] });
    expect(entry).toMatchObject({
      provider: 'azure-zone',
      cost: { status: 'priced', usd: '0.000495' },
      context: { deployment_type: 'DataZoneStandard' } satisfies CallContext,
    });
  });
});

test('a provider under another name is read by the rules of the one it is priced as', async () => {
  // xAI counts reasoning outside of the completion.
  const usage = {
    prompt_tokens: 100,
    completion_tokens: 10,
    completion_tokens_details: { reasoning_tokens: 90 },
  };
  const entry = await call('/grok-team/v1/chat/completions', { model: 'grok-4', usage });
  expect(entry).toMatchObject({ provider: 'grok-team', usage: { tokens: { output: 100 } } });
});

describe('Bedrock', () => {
  const model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
  const path = (action: string) => `/bedrock/model/${encodeURIComponent(model)}/${action}`;
  const usage = { inputTokens: 1000, outputTokens: 100, totalTokens: 1100 };

  test('Converse is priced by the requested id, whose prefix decides', async () => {
    const entry = await call(path('converse'), { output: {}, usage, stopReason: 'end_turn' });
    expect(entry).toMatchObject({
      provider: 'bedrock',
      api: 'converse',
      model,
      stream: false,
      cost: { status: 'priced', usd: '0.00495' },
    });
    expect(provider.last().headers['authorization']).toBe('Bearer bedrock-secret');
    const global = await call(
      path('converse').replace('us.', 'global.'),
      { output: {}, usage },
      {},
    );
    expect(global.cost.usd).toBe('0.0045');
  });

  test('streams in frames of its own, plain and around the vendor’s events', async () => {
    const type = 'application/vnd.amazon.eventstream';
    const frames = Buffer.concat([
      eventMessage('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hello' } }),
      eventMessage('metadata', { usage, metrics: { latencyMs: 1 } }),
    ]);
    expect(await call(path('converse-stream'), frames, {}, type)).toMatchObject({
      api: 'converseStream',
      stream: true,
      outcome: 'ok',
      cost: { status: 'priced', usd: '0.00495' },
    });
    const own = [
      {
        type: 'message_start',
        message: {
          model: 'claude-sonnet-4-5-20250929',
          usage: { input_tokens: 1000, output_tokens: 1 },
        },
      },
      { type: 'message_delta', delta: {}, usage: { output_tokens: 100 } },
      { type: 'message_stop' },
    ].map((event) =>
      eventMessage('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') }),
    );
    const invoked = path('invoke-with-response-stream');
    expect(await call(invoked, Buffer.concat(own), {}, type)).toMatchObject({
      model,
      cost: { status: 'priced', usd: '0.00495' },
    });
  });

  test('InvokeModel answers in the vendor’s shape', async () => {
    const answer = { id: 'msg', usage: { input_tokens: 1000, output_tokens: 100 } };
    expect((await call(path('invoke'), answer)).cost.usd).toBe('0.00495');
  });

  test('what the gateway answers itself has Amazon’s shape', async () => {
    const response = await fetch(gateway.url + path('converse'), {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
    });
    expect(Object.keys((await response.json()) as object)).toEqual(['message']);
  });
});

describe('Vertex', () => {
  const path = (location: string, model: string) =>
    `/vertex/v1/projects/p/locations/${location}/publishers/${model}`;

  test('Claude costs a tenth more in a region than on the global endpoint', async () => {
    const answer = {
      id: 'msg',
      model: 'claude-sonnet-4-5-20250929',
      usage: { input_tokens: 1000, output_tokens: 100 },
    };
    const model = 'anthropic/models/claude-sonnet-4-5@20250929:rawPredict';
    const regional = await call(path('us-east5', model), answer, {});
    expect(regional).toMatchObject({
      api: 'messages',
      cost: { status: 'priced', usd: '0.00495' },
      context: { endpoint: 'vertex', location: 'us-east5' },
    });
    expect((await call(path('global', model), answer, {})).cost.usd).toBe('0.0045');
  });

  test('Gemini, with the configured location where the path names none', async () => {
    const answer = {
      modelVersion: 'gemini-2.5-flash',
      usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 10, totalTokenCount: 1010 },
    };
    const url = '/vertex/v1/publishers/google/models/gemini-2.5-flash:generateContent';
    expect(await call(url, answer, {})).toMatchObject({
      api: 'generateContent',
      cost: { status: 'priced' },
      context: { location: 'europe-west1' },
    });
  });

  test('embeddings state their tokens beside their numbers, however many those are', async () => {
    const values = Array.from({ length: 3_072 }, (_, index) => index / 3_073);
    const embeddings = [{ values, statistics: { tokenCount: 7, truncated: false } }];
    const url = path('us-east5', 'google/models/gemini-embedding-001:embedContent');
    expect((await call(url, { embeddings }, {})).usage?.tokens.input_uncached).toBe(7);
  });

  test('Imagen’s pictures are counted, so that a price can be added later', async () => {
    const bytesBase64Encoded = 'A'.repeat(50_000);
    const predictions = [{ bytesBase64Encoded }, { bytesBase64Encoded }];
    const url = path('us-east5', 'google/models/imagen-4.0-generate-001:predict');
    expect(await call(url, { predictions }, {})).toMatchObject({
      usage: { units: { images: 2 } },
      cost: { status: 'unknown_model' },
    });
  });
});

describe('others', () => {
  test('Cohere’s chat and embed are billed by billed units', async () => {
    const billed_units = { input_tokens: 1000, output_tokens: 100 };
    const usage = { billed_units, tokens: { input_tokens: 1600, output_tokens: 130 } };
    const request = { model: 'command-a-03-2025' };
    expect(await call('/cohere/v2/chat', { id: 'c', message: {}, usage }, request)).toMatchObject({
      api: 'chat.v2',
      usage: { tokens: { input_uncached: 1000, output: 100 } },
      cost: { status: 'priced', usd: '0.0035' },
    });
    const events = Buffer.from(
      `event: message-start\ndata: {"type":"message-start","id":"c"}\n\nevent: message-end\ndata: ${JSON.stringify({ type: 'message-end', delta: { finish_reason: 'COMPLETE', usage } })}\n\n`,
    );
    const streamed = await call(
      '/cohere/v2/chat',
      events,
      { ...request, stream: true },
      'text/event-stream',
    );
    expect(streamed.cost.usd).toBe('0.0035');
    const embedded = await call(
      '/cohere/v2/embed',
      { embeddings: { float: [] }, meta: { billed_units: { input_tokens: 1000 } } },
      { model: 'embed-v4.0' },
    );
    expect(embedded).toMatchObject({ api: 'embed.v2', cost: { usd: '0.00012' } });
  });

  test('Mistral’s OCR by the page, Voyage’s rerank by the token', async () => {
    const pages = { pages: [], model: 'mistral-ocr-latest', usage_info: { pages_processed: 3 } };
    expect(await call('/mistral/v1/ocr', pages)).toMatchObject({
      api: 'ocr',
      cost: { status: 'priced', usd: '0.012' },
    });
    const ranked = { data: [], model: 'rerank-2.5', usage: { total_tokens: 1000 } };
    expect((await call('/voyage/v1/rerank', ranked)).cost).toMatchObject({ usd: '0.00005' });
  });

  test.each([
    ['/mistral/v1/chat/completions', false],
    ['/mistral/v1/fim/completions', false],
    ['/unasked/v1/chat/completions', false],
    ['/voyage/v1/chat/completions', true],
    ['/voyage/v1/completions', true],
  ])('streams of %s are asked for their usage: %s', async (path, asked) => {
    const answer = { model: 'codestral-latest', choices: [], usage: chatUsage };
    const entry = await call(path, answer, { model: 'codestral-latest', stream: true });
    expect(entry.usage?.tokens.output).toBe(100);
    const sent = JSON.parse(provider.last().body) as { stream_options?: unknown };
    expect(sent.stream_options).toEqual(asked ? { include_usage: true } : undefined);
  });

  test('long answers of speech recognition still tell their length', async () => {
    const segments = [{ text: 'word '.repeat(8_000) }];
    const entry = await call('/voyage/v1/audio/transcriptions', { duration: 61.5, segments });
    expect(entry.usage?.units['audio_seconds']).toBe(61.5);
  });
});

test('a form that is refused before it has arrived is answered all the same', async () => {
  const hasty = createServer((_incoming, response) => {
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end('{"error":{"code":"bad_key"}}');
  });
  await new Promise<void>((resolve) => hasty.listen(0, '127.0.0.1', resolve));
  const base_url = `http://127.0.0.1:${(hasty.address() as AddressInfo).port}`;
  const own = await startGatewayUnderTest({ providers: { hasty: { base_url } } });
  const answer = await new Promise<string>((resolve, reject) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b', authorization: 'x' };
    const upload = request(
      `${own.url}/hasty/v1/audio/transcriptions`,
      { method: 'POST', headers },
      (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve(`${response.statusCode} ${text}`));
      },
    );
    upload.on('error', reject);
    upload.end(Buffer.alloc(20_000_000, 'sound'));
  });
  expect(answer).toBe('401 {"error":{"code":"bad_key"}}');
  expect(await own.entries()).toMatchObject([
    { outcome: 'error', http_status: 401, error_type: 'bad_key', cost: { usd: '0' } },
  ]);
  await own.close();
  hasty.closeAllConnections();
  hasty.close();
});
