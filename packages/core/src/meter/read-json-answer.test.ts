import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keptOfAnswer, readJsonAnswer, readParsedAnswer } from './read-json-answer.js';
import { JsonText, parseRange, scanJsonObject } from './scan-json.js';

const call = { provider: 'openai', api: 'chat.completions' };
const chat = {
  id: 'c1',
  model: 'gpt-5-mini',
  choices: [{ message: { content: 'word '.repeat(10) } }],
  usage: {
    prompt_tokens: 9,
    completion_tokens: 5,
    total_tokens: 14,
    prompt_tokens_details: { cached_tokens: 4 },
  },
};

describe('an answer', () => {
  test.each([
    ['short', chat],
    ['long', { ...chat, choices: [{ message: { content: 'word '.repeat(10_000) } }] }],
    ['an error', { error: { code: 'rate_limit_exceeded', message: 'secret' } }],
    ['no object', 7],
  ])('%s: is read the same from its text, parsed, and from what was kept of it', (_name, given) => {
    const read = readJsonAnswer(new JsonText(JSON.stringify(given)), call);
    expect(readParsedAnswer(given, call)).toEqual(read);
    expect(readParsedAnswer(keptOfAnswer(given, call.api), call)).toEqual(read);
  });

  const tokens = { input_tokens: 9, output_tokens: 5, total_tokens: 14 };
  const found = { candidatesTokenCount: 5, promptTokenCount: 9, totalTokenCount: 14 };
  const search = { content: { parts: [] }, groundingMetadata: { webSearchQueries: ['a', 'b'] } };
  test.each([
    [
      'which search was offered',
      'responses',
      {
        model: 'gpt-4.1',
        usage: tokens,
        tools: [{ type: 'web_search_preview', user_location: {} }],
        output: [{ type: 'web_search_call', action: { type: 'search' } }],
      },
    ],
    [
      'that pictures were annotated',
      'ocr',
      {
        model: 'mistral-ocr-latest',
        usage_info: { pages_processed: 2 },
        pages: [{ markdown: 'text', images: [{ image_annotation: '{}' }] }, { markdown: 'text' }],
      },
    ],
    [
      'that it was searched',
      'generateContent',
      { usageMetadata: found, candidates: [search, { finishReason: 'STOP' }] },
    ],
  ])('says %s, however long it is and whatever is kept of it', (_what, api, answer) => {
    const provider = { responses: 'openai', ocr: 'mistral', generateContent: 'gemini' }[api]!;
    const own = { provider, api };
    const read = readParsedAnswer(answer, own);
    expect(read.reading.status).toBe('ok');
    const long = { ...answer, text: 'word '.repeat(10_000) };
    expect(readJsonAnswer(new JsonText(JSON.stringify(long)), own)).toEqual(read);
    expect(readParsedAnswer(keptOfAnswer(answer, api), own)).toEqual(read);
    expect(JSON.stringify(keptOfAnswer(answer, api))).not.toContain('text');
  });

  test('that is a list of chunks is a stream (Gemini without alt=sse)', () => {
    const chunk = { usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 } };
    const last = { usageMetadata: found, candidates: [{ finishReason: 'STOP' }] };
    const { reading } = readJsonAnswer(new JsonText(JSON.stringify([chunk, last])), {
      provider: 'gemini',
      api: 'streamGenerateContent',
    });
    expect(reading).toMatchObject({ status: 'ok', usage: { tokens: { output: 5 } } });
  });

  test('of images is known by how many there are', () => {
    const images = { created: 1, data: [{ b64_json: 'a'.repeat(99) }, { b64_json: 'b' }] };
    const ofImages = { provider: 'openai', api: 'images.generations' };
    const kept = keptOfAnswer(images, ofImages.api);
    expect(kept).toEqual({ created: 1, data: [{}, {}] });
    expect(readParsedAnswer(kept, ofImages)).toEqual(
      readJsonAnswer(new JsonText(JSON.stringify(images)), ofImages),
    );
  });

  test('stays as it was, whatever its caller does with it; nothing of its text is kept', () => {
    const given = structuredClone(chat);
    const kept = keptOfAnswer(given, call.api);
    given.usage.prompt_tokens_details.cached_tokens = 9;
    given.usage.prompt_tokens = 0;
    expect(kept).toEqual({ id: chat.id, model: chat.model, usage: chat.usage });
  });

  test('that is nested without end is kept all the same', () => {
    const deep = JSON.parse(`{"usage":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`) as unknown;
    expect(keptOfAnswer(deep, call.api)).toHaveProperty('usage.a.a.a');
  });
});

test('the scanner finds in a text what JSON.parse finds', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[a-z_]{1,6}$/), fc.jsonValue()),
      fc.nat(4),
      (object, indent) => {
        const json = new JsonText(JSON.stringify(object, null, indent));
        const { values } = scanJsonObject(json, new Set(Object.keys(object)))!;
        const found = [...values].map(([key, range]) => [key, parseRange(json, range)]);
        expect(Object.fromEntries(found)).toEqual(JSON.parse(JSON.stringify(object)));
      },
    ),
  );
});

test('long lists of numbers are passed over, and what stands behind them is found', () => {
  const embedding = Array.from({ length: 2_000 }, (_, index) => index / 7 - 100);
  const json = new JsonText(JSON.stringify({ data: [{ embedding }], model: 'm' }));
  const scanned = scanJsonObject(json, new Set(['model']))!;
  expect(parseRange(json, scanned.values.get('model'))).toBe('m');
  expect(scanJsonObject(new JsonText('{"a":[1,2'), new Set(['a']))).toBeNull();
});
