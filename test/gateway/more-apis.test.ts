import { parseUsd, formatUsd, type Entry } from '@farthing/core';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGatewayUnderTest, type GatewayUnderTest } from '../support/gateway.js';

let gateway: GatewayUnderTest;
let openai: OpenAI;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
  openai = new OpenAI({ baseURL: `${gateway.url}/openai/v1`, apiKey: 'sk-test', maxRetries: 0 });
});
afterAll(() => gateway.close());

/** One call's entry, and what the provider's own books took for it. */
async function booked(call: () => Promise<unknown>): Promise<{ entry: Entry; billed: Billed }> {
  const entries = (await gateway.entries()).length;
  const before = billing();
  await call();
  const added = (await gateway.entries()).slice(entries);
  expect(added).toHaveLength(1);
  const after = billing();
  const usd = formatUsd(parseUsd(after.usd) - parseUsd(before.usd));
  const tokens: Record<string, number> = {};
  for (const [kind, count] of Object.entries(after.tokens)) {
    const more = count - (before.tokens[kind] ?? 0);
    if (more > 0) tokens[kind] = more;
  }
  return { entry: added[0]!, billed: { usd, tokens } };
}

interface Billed {
  usd: string;
  tokens: Record<string, number>;
}

function billing(): Billed {
  const { usd, tokens } = gateway.provider.books.report().totals;
  return { usd, tokens: { ...tokens } };
}

const wave = (seconds: number) => toFile(Buffer.alloc(seconds * 32_000, 'sound\r\n--'), 'talk.wav');

describe('images', () => {
  test('of GPT image models cost what their tokens cost', async () => {
    const { entry, billed } = await booked(() =>
      openai.images.generate({ model: 'gpt-image-1', prompt: 'A small coin', quality: 'medium' }),
    );
    expect(entry).toMatchObject({
      api: 'images.generations',
      model: 'gpt-image-1',
      cost: { status: 'priced', usd: billed.usd },
      usage: {
        tokens: { input_uncached: billed.tokens['input_uncached'], output: 1_056 },
        details: { output_image: billed.tokens['output_image'] },
      },
    });
    expect(entry).not.toHaveProperty('context');
  });

  test('stream, and the last event tells', async () => {
    const { entry, billed } = await booked(async () => {
      const stream = await openai.images.generate({
        model: 'gpt-image-1-mini',
        prompt: 'A small coin',
        quality: 'low',
        stream: true,
        partial_images: 1,
      });
      for await (const event of stream) expect(event.type).toMatch(/^image_generation\./);
    });
    expect(entry).toMatchObject({ stream: true, cost: { status: 'priced', usd: billed.usd } });
  });

  test.each([
    { model: 'dall-e-3', size: '1792x1024', quality: 'hd' },
    { model: 'dall-e-2', size: '512x512', n: 3 },
    { model: 'dall-e-2', n: 2, response_format: 'b64_json' },
    { model: 'dall-e-3' },
  ] as const)('%o are billed by the piece, as the request asked for them', async (request) => {
    const { entry, billed } = await booked(() =>
      openai.images.generate({ prompt: 'A small coin', ...request }),
    );
    expect(entry.cost).toMatchObject({ status: 'priced', usd: billed.usd });
    expect(entry.usage?.units['images']).toBe(billed.tokens['images']);
    const { size, quality } = { size: undefined, quality: undefined, ...request };
    // What the answer does not say is kept, so that the call can be priced again as it was.
    expect(entry.context?.request?.size).toBe(size);
    expect(entry.context?.request?.quality).toBe(quality);
  });

  test('edited: a form with files passes, and its model and sizes are known', async () => {
    const image = await toFile(Buffer.alloc(90_000, 'png'), 'coin.png', { type: 'image/png' });
    const edit = await booked(() =>
      openai.images.edit({
        image: [image, image],
        prompt: 'Gold, not copper',
        model: 'gpt-image-1',
      }),
    );
    expect(edit.entry).toMatchObject({
      api: 'images.edits',
      model_requested: 'gpt-image-1',
      cost: { status: 'priced', usd: edit.billed.usd },
      usage: { details: { input_image: 646 } },
    });
    const variation = await booked(() =>
      openai.images.createVariation({ image, model: 'dall-e-2', n: 2, size: '256x256' }),
    );
    expect(variation.entry).toMatchObject({
      api: 'images',
      cost: { status: 'priced', usd: variation.billed.usd },
      usage: { units: { images: 2 } },
      context: { request: { size: '256x256' } },
    });
  });
});

describe('sound', () => {
  test.each(['whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe'])(
    'heard by %s costs what the answer states',
    async (model) => {
      const { entry, billed } = await booked(async () =>
        openai.audio.transcriptions.create({ file: await wave(7), model, prompt: 'Money talk' }),
      );
      expect(entry).toMatchObject({
        api: 'audio.transcriptions',
        model,
        model_requested: model,
        stream: false,
        cost: { status: 'priced', usd: billed.usd },
      });
      expect(billed.tokens['audio_seconds']).toBe(7);
    },
  );

  test('transcribed as a stream', async () => {
    const { entry, billed } = await booked(async () => {
      const stream = await openai.audio.transcriptions.create({
        file: await wave(3),
        model: 'gpt-4o-transcribe',
        stream: true,
      });
      for await (const event of stream) expect(event.type).toMatch(/^transcript\./);
    });
    expect(entry).toMatchObject({ stream: true, cost: { status: 'priced', usd: billed.usd } });
    expect(entry.usage?.tokens.output).toBe(billed.tokens['output']);
  });

  test('as plain text says nothing of its length: the cost is unknown, not 0', async () => {
    const { entry } = await booked(async () =>
      openai.audio.transcriptions.create({
        file: await wave(2),
        model: 'whisper-1',
        response_format: 'text',
      }),
    );
    expect(entry).toMatchObject({ outcome: 'ok', cost: { usd: null, status: 'no_usage' } });
  });

  test('translated, with the length in the answer', async () => {
    const { entry, billed } = await booked(async () =>
      openai.audio.translations.create({
        file: await wave(61),
        model: 'whisper-1',
        response_format: 'verbose_json',
      }),
    );
    expect(entry).toMatchObject({
      api: 'audio.translations',
      cost: { status: 'priced', usd: billed.usd },
      usage: { units: { audio_seconds: 61 } },
    });
  });

  test('spoken by the character: the text is counted and forgotten', async () => {
    const input = 'Grüße! 🙂 Every farthing counts.';
    const { entry, billed } = await booked(async () => {
      const answer = await openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input });
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
    });
    expect(entry).toMatchObject({
      api: 'audio.speech',
      model: 'tts-1',
      cost: { status: 'priced', usd: billed.usd },
      usage: { units: { input_characters: billed.tokens['input_characters'] } },
    });
    expect(JSON.stringify(entry)).not.toContain('farthing counts');
  });

  test('spoken by tokens: known from events, unknown from sound alone', async () => {
    const speak = (stream_format?: 'sse') => async () => {
      const answer = await openai.audio.speech.create({
        model: 'gpt-4o-mini-tts',
        voice: 'alloy',
        input: 'Every farthing counts.',
        ...(stream_format === undefined ? {} : { stream_format }),
      });
      await answer.arrayBuffer();
    };
    const events = await booked(speak('sse'));
    expect(events.entry).toMatchObject({
      stream: true,
      cost: { status: 'priced', usd: events.billed.usd },
    });
    const sound = await booked(speak());
    expect(sound.entry.cost).toMatchObject({ usd: null, status: 'unknown_model' });
  });
});

describe('the rest of OpenAI’s API', () => {
  test('moderations are free, which is a price', async () => {
    const { entry, billed } = await booked(() => openai.moderations.create({ input: 'Be nice' }));
    expect(billed.usd).toBe('0');
    expect(entry).toMatchObject({
      api: 'moderations',
      model: 'omni-moderation-latest',
      cost: { status: 'priced', usd: '0' },
    });
  });

  test('completions, plain and streamed without asking for usage', async () => {
    const request = { model: 'gpt-3.5-turbo-instruct', prompt: 'A farthing is', max_tokens: 20 };
    const plain = await booked(() => openai.completions.create(request));
    expect(plain.entry).toMatchObject({
      api: 'completions',
      cost: { status: 'priced', usd: plain.billed.usd },
    });
    const streamed = await booked(async () => {
      const stream = await openai.completions.create({ ...request, stream: true });
      for await (const chunk of stream) {
        expect(chunk).not.toHaveProperty('usage');
        expect(chunk.choices).toHaveLength(1);
      }
    });
    expect(streamed.entry).toMatchObject({
      stream: true,
      cost: { status: 'priced', usd: streamed.billed.usd },
    });
  });
});

describe('search', () => {
  test.each(['/cohere/v2/rerank', '/cohere/v1/rerank'])(
    '%s costs by search units',
    async (path) => {
      const documents = Array.from({ length: 150 }, (_, index) => `Document ${index} on coins`);
      const { entry, billed } = await booked(() =>
        fetch(gateway.url + path, {
          method: 'POST',
          headers: { authorization: 'Bearer co-test', 'content-type': 'application/json' },
          body: JSON.stringify({ model: 'rerank-v3.5', query: 'farthing', documents }),
        }).then((response) => response.json()),
      );
      expect(entry).toMatchObject({
        provider: 'cohere',
        model: 'rerank-v3.5',
        cost: { status: 'priced', usd: billed.usd },
        usage: { units: { search_units: 2 } },
      });
    },
  );
});

describe('a form on its way', () => {
  test('reaches the provider byte for byte, with the length that the client announced', async () => {
    const bytes = (await wave(40)) as File;
    await openai.audio.transcriptions.create({ file: bytes, model: 'whisper-1' });
    const received = gateway.provider.received().at(-1)!;
    expect(received.path).toBe('/v1/audio/transcriptions');
    expect(received.bodyBytes).toBeGreaterThan(40 * 32_000);
    const form = new Response(
      Buffer.concat([
        Buffer.from(
          '--b\r\ncontent-disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n',
        ),
        Buffer.alloc(64_000, 7),
        Buffer.from('\r\n--b--\r\n'),
      ]),
    );
    const body = Buffer.from(await form.arrayBuffer());
    const headers = {
      authorization: 'Bearer sk-test',
      'content-type': 'multipart/form-data; boundary=b',
    };
    const send = (base: string) =>
      fetch(`${base}/v1/audio/transcriptions`, { method: 'POST', headers, body });
    await (await send(gateway.provider.url)).text();
    const direct = gateway.provider.received().at(-1)!;
    const through = await send(`${gateway.url}/openai`);
    const relayed = gateway.provider.received().at(-1)!;
    expect(relayed.bodySha256).toBe(direct.bodySha256);
    expect(relayed.headers['content-length']).toBe(direct.headers['content-length']);
    expect((await gateway.entryOf(through)).model_requested).toBe('whisper-1');
  });

  test('that the client gives up is booked as aborted, at an unknown cost', async () => {
    const before = (await gateway.entries()).length;
    const leaving = new AbortController();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(
          Buffer.from(
            '--b\r\ncontent-disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--b\r\n',
          ),
        );
        setTimeout(() => leaving.abort(), 50);
      },
    });
    await fetch(`${gateway.url}/openai/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { authorization: 'Bearer x', 'content-type': 'multipart/form-data; boundary=b' },
      body,
      duplex: 'half',
      signal: leaving.signal,
    } as RequestInit).catch(() => {});
    const entry = (await gateway.entries()).slice(before)[0]!;
    expect(entry).toMatchObject({
      outcome: 'aborted',
      model_requested: 'whisper-1',
      cost: { usd: null, status: 'no_usage' },
    });
  });
});
