import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseUsd } from '../money.js';
import { readUsage } from '../usage/read-usage.js';
import { totalInput, type UsageReading } from '../usage/usage.js';
import { inputOf, outputOf, parts, spellings, type Parts } from './cases/spellings.js';
import { defaultPriceBook } from './snapshot/index.js';

describe.each(Object.entries(spellings))('%s', (_, { provider, api, spell }) => {
  test('the buckets are disjoint and add up to what was used', () => {
    fc.assert(
      fc.property(parts, (call) => {
        const reading = readUsage({ provider, api, payload: spell(call) });
        if (reading.status !== 'ok') throw new Error(reading.reason);
        const { tokens, details } = reading.usage;
        expect(totalInput(tokens)).toBe(inputOf(call));
        expect(tokens.output).toBe(outputOf(call));
        expect(tokens.cache_read).toBe(call.read);
        // Bedrock does not say how much of the output was reasoning.
        if (details.reasoning !== undefined) expect(details.reasoning).toBe(call.reasoning);
      }),
    );
  });
});

const book = defaultPriceBook();

function priceOf(
  provider: string,
  api: string,
  model: string,
  reading: UsageReading,
): { total: bigint; charges: bigint } {
  const at = '2026-02-01T12:00:00Z';
  const cost = book.price({ provider, api, model, at, reading });
  expect(cost.status).toBe('priced');
  const charges = cost.charges.reduce((sum, { amount_usd }) => sum + parseUsd(amount_usd), 0n);
  return { total: parseUsd(cost.usd ?? ''), charges };
}

const models = [
  ['anthropic', 'messages', 'claude-opus-4-5', 'Anthropic'],
  ['google', 'generateContent', 'gemini-2.5-flash', 'Gemini'],
  ['aws-bedrock', 'converse', 'us.anthropic.claude-opus-4-8', 'Bedrock Converse'],
  ['openai', 'responses', 'gpt-5', 'OpenAI responses'],
] as const;

describe.each(models)('%s %s %s', (provider, api, model, spelling) => {
  const read = (call: Parts) =>
    readUsage({ provider, api, payload: spellings[spelling]?.spell(call) });

  test('the cost is the sum of its charges', () => {
    fc.assert(
      fc.property(parts, (call) => {
        const { total, charges } = priceOf(provider, api, model, read(call));
        expect(charges).toBe(total);
      }),
    );
  });

  test('two calls cost what one call with the tokens of both costs', () => {
    fc.assert(
      fc.property(parts, parts, (first, second) => {
        const both = Object.fromEntries(
          Object.entries(first).map(([name, size]) => [name, size + second[name as keyof Parts]]),
        ) as unknown as Parts;
        const apart =
          priceOf(provider, api, model, read(first)).total +
          priceOf(provider, api, model, read(second)).total;
        expect(priceOf(provider, api, model, read(both)).total).toBe(apart);
      }),
    );
  });
});

describe('a session log', () => {
  const model = 'claude-sonnet-4-5';
  const spell = (call: Parts) => spellings['Anthropic']?.spell(call) ?? {};

  test('costs what its answers cost one by one, long ones included', () => {
    const long = fc.tuple(parts, fc.nat(400_000)).map(([call, plain]) => ({ ...call, plain }));
    fc.assert(
      fc.property(fc.array(long, { minLength: 1, maxLength: 8 }), (calls) => {
        const lines = calls.map((call, index) => ({
          requestId: `r${index}`,
          message: { id: `m${index}`, model, ...spell(call) },
        }));
        const session = readUsage({
          provider: 'anthropic',
          api: 'claude-code.jsonl',
          payload: { lines },
        });
        const apart = calls.map((call) =>
          readUsage({ provider: 'anthropic', api: 'messages', payload: spell(call) }),
        );
        const sum = apart
          .map((reading) => priceOf('anthropic', 'messages', model, reading).total)
          .reduce((total, cost) => total + cost, 0n);
        expect(priceOf('anthropic', 'claude-code.jsonl', model, session).total).toBe(sum);
      }),
    );
  });
});

describe('a realtime session', () => {
  const size = fc.nat(20_000);
  const answer = fc
    .record({ text: size, audio: size, cached: size, output: size, told: fc.boolean() })
    .map(({ text, audio, cached: wanted, output, told }) => {
      const cached = Math.min(wanted, text + audio);
      const cachedAudio = Math.min(audio, cached >> 1);
      const split = {
        text_tokens: cached - cachedAudio,
        audio_tokens: cachedAudio,
      };
      return {
        input_tokens: text + audio,
        output_tokens: output,
        total_tokens: text + audio + output,
        input_token_details: {
          text_tokens: text,
          audio_tokens: audio,
          cached_tokens: cached,
          ...(told ? { cached_tokens_details: split } : {}),
        },
        output_token_details: { audio_tokens: output >> 1, text_tokens: output - (output >> 1) },
      };
    });

  test('costs what its answers cost one by one, whether or not each tells what was cached', () => {
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 6 }), (answers) => {
        const events = answers.map((usage, index) => ({
          type: 'response.done',
          response: { id: `resp_${index}`, usage },
        }));
        const totalOf = (payload: unknown) =>
          priceOf(
            'openai',
            'realtime',
            'gpt-realtime-mini',
            readUsage({ provider: 'openai', api: 'realtime', payload }),
          ).total;
        const apart = events.map(totalOf).reduce((total, cost) => total + cost, 0n);
        expect(totalOf({ events })).toBe(apart);
      }),
    );
  });
});

describe('a stream gives the plain result, wherever it is cut into events', () => {
  const filler = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });

  test('OpenAI chat: any number of content chunks before the usage', () => {
    fc.assert(
      fc.property(parts, filler, (call, texts) => {
        const plain = { model: 'gpt-5', ...spellings['OpenAI chat']?.spell(call) };
        const events = [
          ...texts.map((content) => ({
            model: 'gpt-5',
            choices: [{ index: 0, delta: { content }, finish_reason: null }],
            usage: null,
          })),
          { ...plain, choices: [] },
        ];
        const request = { provider: 'openai', api: 'chat.completions' };
        expect(readUsage({ ...request, payload: { events } })).toEqual(
          readUsage({ ...request, payload: plain }),
        );
      }),
    );
  });

  test('Anthropic: any number of cumulative deltas', () => {
    const request = { provider: 'anthropic', api: 'messages' };
    fc.assert(
      fc.property(parts, fc.array(fc.nat(1000), { maxLength: 8 }), (call, steps) => {
        const plain = { id: 'm', model: 'claude-opus-4-5', ...spellings['Anthropic']?.spell(call) };
        const { usage } = plain as unknown as { usage: Record<string, unknown> };
        const events = [
          { type: 'message_start', message: { ...plain, usage: { ...usage, output_tokens: 1 } } },
          ...steps.map((output_tokens) => ({ type: 'message_delta', usage: { output_tokens } })),
          { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage },
          { type: 'message_stop' },
        ];
        const streamed = readUsage({ ...request, payload: { events } });
        // The placeholder is small; details are only known at the end.
        if (outputOf(call) > 0 || call.reasoning === 0) {
          expect(streamed).toEqual(readUsage({ ...request, payload: plain }));
        }
      }),
    );
  });

  test('Gemini: any number of cumulative chunks', () => {
    const request = { provider: 'google', api: 'generateContent' };
    fc.assert(
      fc.property(parts, fc.array(parts, { maxLength: 8 }), (call, earlier) => {
        const chunk = (state: Parts) => ({
          modelVersion: 'gemini-2.5-flash',
          ...spellings['Gemini']?.spell(state),
        });
        const events = [...earlier, call].map(chunk);
        expect(readUsage({ ...request, payload: { events } })).toEqual(
          readUsage({ ...request, payload: chunk(call) }),
        );
      }),
    );
  });
});
