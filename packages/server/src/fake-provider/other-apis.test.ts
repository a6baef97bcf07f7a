import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeProvider, type FakeProvider } from './index.js';

const noon = Date.UTC(2026, 10, 20, 12, 0, 0);
let provider: FakeProvider;
let openai: OpenAI;
beforeAll(async () => {
  provider = await startFakeProvider({ seed: 'others', now: () => noon });
  openai = new OpenAI({ apiKey: 'sk-test', baseURL: `${provider.url}/v1`, maxRetries: 0 });
});
afterAll(() => provider.close());

// The reports are JSON of the vendor's shapes; each test looks at the fields it is about.
// oxlint-disable-next-line typescript/no-explicit-any
async function results(report: string, query = ''): Promise<any[]> {
  const response = await fetch(
    `${provider.url}/v1/organization/${report}?start_time=${noon / 1000}&bucket_width=1d${query}`,
    { headers: { authorization: 'Bearer sk-admin' } },
  );
  expect(response.status).toBe(200);
  const { data } = (await response.json()) as { data: { results: unknown[] }[] };
  return data.flatMap((bucket) => bucket.results);
}

const sound = (seconds: number) => toFile(Buffer.alloc(seconds * 32_000), 'talk.wav');

describe('the usage reports of', () => {
  test('images count pieces, by size and source where asked', async () => {
    await openai.images.generate({ model: 'dall-e-3', prompt: 'A coin', size: '1792x1024' });
    await openai.images.generate({ model: 'gpt-image-1', prompt: 'A coin', quality: 'low', n: 2 });
    const image = await toFile(Buffer.alloc(100), 'coin.png', { type: 'image/png' });
    await openai.images.edit({ model: 'gpt-image-1', image, prompt: 'Gold', quality: 'low' });
    expect(await results('usage/images')).toEqual([
      {
        object: 'organization.usage.images.result',
        images: 4,
        num_model_requests: 3,
        project_id: null,
        user_id: null,
        api_key_id: null,
        model: null,
        source: null,
        size: null,
      },
    ]);
    const grouped = await results('usage/images', '&group_by=source&group_by=size');
    expect(grouped.map(({ source, size, images }) => [source, size, images])).toEqual([
      ['image.generation', '1792x1024', 1],
      ['image.generation', '1024x1024', 2],
      ['image.edit', '1024x1024', 1],
    ]);
  });

  test('speech count characters, transcriptions seconds, moderations tokens', async () => {
    await openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Grüße 🙂' });
    await openai.audio.transcriptions.create({ model: 'whisper-1', file: await sound(3) });
    await openai.audio.transcriptions.create({ model: 'gpt-4o-transcribe', file: await sound(4) });
    await openai.moderations.create({ input: 'one two three' });
    expect(await results('usage/audio_speeches')).toMatchObject([
      { object: 'organization.usage.audio_speeches.result', characters: 7, num_model_requests: 1 },
    ]);
    expect(await results('usage/audio_transcriptions')).toMatchObject([{ seconds: 7 }]);
    expect(await results('usage/moderations')).toMatchObject([{ input_tokens: 3 }]);
    expect(await results('usage/completions')).toEqual([]);
  });
});

test('the cost report has a line for every kind that costs something', async () => {
  const lines = await results('costs', '&group_by=line_item');
  const byItem = Object.fromEntries(
    lines.map((line) => [line.line_item, [line.quantity, line.quantity_unit, line.amount.value]]),
  );
  expect(byItem).toMatchObject({
    'dall-e-3, images': [1, 'images', 0.08],
    'gpt-image-1, image input': [323, 'tokens', 0.00323],
    'gpt-image-1, image output': [816, 'tokens', 0.03264],
    'tts-1, characters': [7, 'characters', 0.000105],
    'whisper-1, audio seconds': [3, 'seconds', 0.0003],
    'gpt-4o-transcribe, audio input': [40, 'tokens', 0.00024],
  });
  // Pieces and seconds that are counted beside billed tokens have no line of their own.
  expect(Object.keys(byItem)).not.toContain('gpt-image-1, images');
  expect(Object.keys(byItem)).not.toContain('gpt-4o-transcribe, audio seconds');
});

test('the books show kinds of images and sound only where there are any', async () => {
  const lines = provider.books.report().lines;
  const lineOf = (model: string) => lines.find((line) => line.model === model)!;
  expect(lineOf('tts-1').tokens).toEqual({
    input_uncached: 0,
    cache_read: 0,
    cache_write: 0,
    cache_write_5m: 0,
    cache_write_1h: 0,
    output: 0,
    web_searches: 0,
    input_characters: 7,
  });
  expect(lineOf('whisper-1')).toMatchObject({ usd: '0.0003', api: 'audio_transcriptions' });
});

test('what the vendor refuses is refused, and costs nothing', async () => {
  const before = provider.books.report().totals.usd;
  const refused = [
    openai.images.generate({ model: 'dall-e-3', prompt: 'A coin', n: 2 }),
    openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'x'.repeat(4_097) }),
    openai.audio.speech.create({
      model: 'tts-1',
      voice: 'alloy',
      input: 'x',
      stream_format: 'sse',
    }),
    openai.audio.transcriptions.create({ model: 'whisper-1', file: undefined as never }),
  ];
  for (const call of refused) await expect(call).rejects.toMatchObject({ status: 400 });
  expect(provider.books.report().totals.usd).toBe(before);
});

describe('rerank', () => {
  const rerank = async (documents: string[], headers: Record<string, string> = {}) => {
    const response = await fetch(`${provider.url}/v2/rerank`, {
      method: 'POST',
      headers: { authorization: 'Bearer co', ...headers },
      body: JSON.stringify({ model: 'rerank-v3.5', query: 'farthing', documents, top_n: 2 }),
    });
    // oxlint-disable-next-line typescript/no-explicit-any
    return (await response.json()) as any;
  };

  test.each([
    [1, 'short', 1],
    [100, 'short', 1],
    [101, 'short', 2],
    // Documents of more than 500 tokens count as several.
    [60, 'word '.repeat(600), 2],
  ])('%i documents of "%.8s…" are %i searches', async (count, text, searches) => {
    const { results: ranked, meta } = await rerank(Array.from({ length: count }, () => text));
    expect(meta.billed_units).toEqual({ search_units: searches });
    expect(ranked).toHaveLength(Math.min(2, count));
  });

  test('errors are worded as Cohere words them', async () => {
    expect(await rerank([])).toEqual({
      id: expect.any(String),
      message: 'query and documents must not be empty',
    });
    expect(await rerank(['a'], { authorization: 'Bearer sk-invalid' })).toMatchObject({
      message: 'invalid api token',
    });
  });
});
