import { createStreamFold } from '@farthing/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StreamTap, WithholdingTap } from './stream-tap.js';

const chunk = (content: string, extra = '') =>
  `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-5-mini-2025-08-07","choices":[{"index":0,"delta":{"content":${JSON.stringify(content)}},"finish_reason":null}]${extra}}\n\n`;
const usageChunk =
  'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-5-mini-2025-08-07","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}\n\n';
const done = 'data: [DONE]\n\n';
const words = ['Hello', ' "usage":null', ' wörld 🚀'];
const direct = words.map((word) => chunk(word)).join('') + done;
const withUsage = words.map((word) => chunk(word, ',"usage":null')).join('') + usageChunk + done;
const fold = () => createStreamFold({ provider: 'openai', api: 'chat.completions' });

/** Feeds `text` cut at the given byte offsets. */
function feed(tap: StreamTap | WithholdingTap, text: string, cuts: number[]): string {
  const bytes = Buffer.from(text);
  const offsets = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].sort(
    (a, b) => a - b,
  );
  const out: Buffer[] = [];
  for (let index = 1; index < offsets.length; index++) {
    const forward = tap.push(bytes.subarray(offsets[index - 1], offsets[index]));
    if (forward !== null) out.push(forward);
  }
  const rest = tap.flush();
  if (rest !== null) out.push(rest);
  return Buffer.concat(out).toString();
}

describe('a stream whose usage the gateway asked for', () => {
  test('reaches the caller as the direct one would, however it is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000)), (cuts) => {
        const tap = new WithholdingTap(fold());
        expect(feed(tap, withUsage, cuts)).toBe(direct);
        const { reading } = tap.finish();
        expect(reading).toMatchObject({
          status: 'ok',
          usage: { tokens: { input_uncached: 12, output: 3 } },
        });
      }),
    );
  });
});

describe('a stream that carries its usage', () => {
  test('passes unchanged and is read, however it is cut into chunks, with LF or CRLF', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000)), fc.boolean(), (cuts, crlf) => {
        const text = crlf ? withUsage.replaceAll('\n', '\r\n') : withUsage;
        const tap = new StreamTap(fold());
        expect(feed(tap, text, cuts)).toBe(text);
        expect(tap.finish().reading).toMatchObject({
          status: 'ok',
          model: 'gpt-5-mini-2025-08-07',
          usage: { tokens: { input_uncached: 12, output: 3 } },
        });
      }),
    );
  });

  test('and breaks off, tells the model and about how many tokens went by', () => {
    const tap = new StreamTap(fold());
    feed(tap, words.map((word) => chunk(word)).join(''), []);
    const { reading, seenTokens } = tap.finish();
    expect(reading).toMatchObject({ status: 'no_usage', model: 'gpt-5-mini-2025-08-07' });
    expect(seenTokens).toBe(8);
  });

  test('and ends with an error event, tells its type', () => {
    const tap = new StreamTap(createStreamFold({ provider: 'anthropic', api: 'messages' }));
    feed(
      tap,
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"secret"}}\n\n',
      [],
    );
    expect(tap.finish().errorType).toBe('overloaded_error');
  });
});
