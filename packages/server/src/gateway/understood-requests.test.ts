import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Admission, CallToAdmit, Entry, OpenedLine } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configSchema } from '../config/index.js';
import { startFakeProvider, type FakeProvider } from '../fake-provider/index.js';
import { estimatesOnly } from './estimates-only.js';
import { createGateway, type Gateway } from './gateway.js';
import { resolveProviders } from './providers.js';

const book = defaultPriceBook();
const key = { authorization: 'Bearer sk-fake-1234567890' };

let fake: FakeProvider;
let gateway: Gateway;
let url: string;
let asked: CallToAdmit[];
let opened: OpenedLine[];
let closed: Entry[];
/** What a budget would do to calls. */
let clampTo: number | undefined;

beforeEach(async () => {
  [asked, opened, closed, clampTo] = [[], [], [], undefined];
  fake = await startFakeProvider();
  const config = configSchema.parse({
    gateway: { port: 0, max_body_bytes: 100_000 },
    providers: {
      openai: { base_url: `${fake.url}/openai` },
      cohere: { base_url: `${fake.url}/cohere`, api: 'openai' },
    },
  });
  const estimates = estimatesOnly((question) => book.tokenPrices(question));
  gateway = createGateway({
    settings: config.gateway,
    providers: resolveProviders(config.providers, {}),
    journal: {
      failure: null,
      backlog: 0,
      opened: (line) => opened.push(line),
      closed: (entry) => closed.push(entry),
      isWritten: () => true,
      handedOver: () => Promise.resolve(),
    },
    price: book.price.bind(book),
    admissions: {
      ...estimates,
      admit: (call) => {
        asked.push(call);
        const admission = estimates.admit(call) as Admission;
        return clampTo === undefined ? admission : { ...admission, maxOutput: clampTo };
      },
    },
    protectTags: () => {},
    version: 'test',
  });
  ({ url } = await gateway.listen());
});
afterEach(async () => {
  await gateway.close(100);
  await fake.close();
});

async function post(path: string, body: Buffer | object, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...key, ...headers },
    body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body),
  });
  const text = await response.text();
  if (response.ok) await expect.poll(() => closed.length).toBe(opened.length);
  return { status: response.status, headers: response.headers, text };
}

describe('a compressed request', () => {
  const chat = Buffer.from(
    JSON.stringify({
      model: 'gpt-5-mini',
      max_completion_tokens: 200,
      metadata: { feature: 'search' },
      messages: [{ role: 'user', content: 'Why is the sky blue? '.repeat(50) }],
    }),
  );

  test.each([
    ['gzip', gzipSync(chat)],
    ['br', brotliCompressSync(chat)],
  ])('(%s) is understood, and goes out as it came', async (encoding, body) => {
    const { status } = await post('/openai/v1/chat/completions', body, {
      'content-encoding': encoding,
    });
    expect(status).toBe(200);
    expect(asked[0]!.shape).toMatchObject({
      model: 'gpt-5-mini',
      maxOutput: 200,
      textBytes: chat.length,
      tags: { feature: 'search' },
      mayClamp: true,
    });
    expect(closed[0]).toMatchObject({
      model_requested: 'gpt-5-mini',
      cost: { status: 'priced' },
      tags: { feature: 'search' },
    });
    const received = fake.received().at(-1)!;
    expect(received.headers['content-encoding']).toBe(encoding);
    expect(received.bodySha256).toBe(createHash('sha256').update(body).digest('hex'));
  });

  test('that is held to a limit goes out as it then reads, without its encoding', async () => {
    clampTo = 20;
    const { status } = await post('/openai/v1/chat/completions', gzipSync(chat), {
      'content-encoding': 'gzip',
    });
    expect(status).toBe(200);
    const received = fake.received().at(-1)!;
    expect(received.headers).not.toHaveProperty('content-encoding');
    expect(received.bodyBytes).toBeGreaterThan(500);
    expect(closed[0]!.usage!.tokens.output).toBeLessThanOrEqual(20);
  });

  test('that would become too large, or is none, is refused with the reason', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const bomb = gzipSync(Buffer.alloc(200_000, 0x20));
    const tooLarge = await post('/openai/v1/chat/completions', bomb, headers);
    expect(tooLarge.status).toBe(413);
    expect(tooLarge.text).toContain('gateway.max_body_bytes');
    const damaged = await post('/openai/v1/chat/completions', chat, headers);
    expect(damaged.status).toBe(400);
    expect(damaged.text).toContain('body_unreadable');
    expect(fake.received()).toEqual([]);
  });

  test('in an encoding that is not known here passes unread, and the caller is told', async () => {
    await post('/openai/v1/chat/completions', chat, { 'content-encoding': 'compress' });
    // Held for ten times its size, where the path names the model.
    expect(asked[0]!.shape).toMatchObject({
      model: '',
      mayClamp: false,
      textBytes: 10 * chat.length,
    });
    expect(fake.received().at(-1)!.headers['content-encoding']).toBe('compress');
  });
});

describe('a conversation that the provider keeps', () => {
  const respond = (more: object) =>
    post('/openai/v1/responses', { model: 'gpt-5-mini', input: 'And why?', ...more });

  test('counts as long as its last answer left it', async () => {
    const first = await respond({ input: 'Why is the sky blue? '.repeat(200) });
    const { id } = JSON.parse(first.text) as { id: string };
    const { tokens, details } = closed[0]!.usage!;
    await respond({ previous_response_id: id });
    const before = tokens.input_uncached + tokens.output - (details.reasoning ?? 0);
    expect(before).toBeGreaterThan(800);
    expect(asked.map(({ shape }) => shape.fileTokens)).toEqual([0, before]);
    expect(opened[1]!.estimate.input_tokens).toBeGreaterThan(before);
  });

  test('by its own id, as a name or as an object', async () => {
    await respond({ conversation: 'conv_1', input: 'word '.repeat(1_000) });
    await respond({ conversation: { id: 'conv_1' } });
    expect(asked[1]!.shape.fileTokens).toBeGreaterThan(1_000);
  });
});

describe('what is not priced by its tokens holds what its request says', () => {
  const heldBy = async (path: string, body: object) => {
    await post(path, body);
    const { shape, estimable } = asked.at(-1)!;
    return { estimable, usd: opened.at(-1)!.estimate.usd, shape };
  };

  test('images: their number, size and quality', async () => {
    const image = { model: 'dall-e-3', prompt: 'A stone', size: '1024x1792', quality: 'hd', n: 2 };
    expect(await heldBy('/openai/v1/images/generations', image)).toMatchObject({
      estimable: true,
      usd: '0.24',
      shape: { statedCost: 240_000_000_000n },
    });
    expect(opened[0]!.estimate).toMatchObject({ method: 'request', input_tokens: 0 });
    const tokens = { model: 'gpt-image-1', prompt: 'A stone', quality: 'low', size: '1024x1024' };
    const { usd } = await heldBy('/openai/v1/images/generations', tokens);
    // 272 tokens of image at $40 per million, and a little for the prompt.
    expect(Number(usd)).toBeGreaterThan(272 * 40e-6);
    expect(Number(usd)).toBeLessThan(272 * 40e-6 + 0.001);
  });

  test('speech: its characters', async () => {
    const speech = { model: 'tts-1', voice: 'alloy', input: 'x'.repeat(1_000) };
    expect(await heldBy('/openai/v1/audio/speech', speech)).toMatchObject({ usd: '0.015' });
  });

  test('documents to be ranked: searches of a hundred', async () => {
    const documents = Array.from({ length: 150 }, () => 'short');
    const rerank = { model: 'rerank-v3.5', query: 'which', documents };
    expect(await heldBy('/cohere/v2/rerank', rerank)).toMatchObject({ usd: '0.004' });
  });

  test('moderations are known to be free', async () => {
    const { estimable, usd } = await heldBy('/openai/v1/moderations', { input: 'Hello' });
    expect([estimable, usd]).toEqual([true, '0']);
  });

  test('sound: minutes by the size of its file, whatever the model', async () => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(240_000)]), 'a.mp3');
    form.append('model', 'whisper-1');
    const response = await fetch(`${url}/openai/v1/audio/transcriptions`, {
      method: 'POST',
      headers: key,
      body: form,
    });
    expect(response.status).toBe(200);
    await response.text();
    // 240 KB are a minute at 32 kbit/s; with the form around it, a second more.
    expect(Number(opened[0]!.estimate.usd)).toBeCloseTo(0.006, 3);
  });

  test('a model without a price holds nothing, as before', async () => {
    const image = { model: 'made-up-image', prompt: 'A stone' };
    const { shape } = await heldBy('/openai/v1/images/generations', image);
    expect(shape.statedCost).toBeUndefined();
    expect(opened[0]!.estimate.method).toBe('none');
  });
});
