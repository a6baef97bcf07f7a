import { createStreamFold } from '@farthing/core';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { EventReader, WithholdingReader } from './event-reader.js';

const call = { provider: 'openai', api: 'chat.completions' };
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const event = (rest: object, end = '\n\n') =>
  `data: ${JSON.stringify({ id: 'c1', model: 'gpt-5-mini', choices: [{}], ...rest })}${end}`;
const encode = (text: string) => new TextEncoder().encode(text);

/** Cuts bytes at these places, whatever their order. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [0, ...cuts.map((cut) => cut % bytes.length), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.slice(at[index], end));
}

describe.each(['\n\n', '\r\n\r\n'])('a stream with blank lines %j', (end) => {
  const text =
    event({ choices: [{ delta: { content: 'é' } }], usage: null }, end) +
    event({ choices: [{ delta: { content: 'x'.repeat(50) } }] }, end) +
    event({ choices: [], usage }, end) +
    `data: [DONE]${end}`;
  const whole = () => {
    const reader = new EventReader(createStreamFold(call));
    reader.push(encode(text));
    return reader.finish();
  };

  test('is read the same wherever it is cut', () => {
    expect(whole().reading).toMatchObject({ status: 'ok', usage: { tokens: { output: 5 } } });
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (cuts) => {
        const reader = new EventReader(createStreamFold(call));
        for (const piece of pieces(encode(text), cuts)) reader.push(piece);
        expect(reader.finish()).toEqual(whole());
      }),
      { numRuns: 200 },
    );
  });

  test('is withheld its usage the same, cut at every byte', () => {
    const bytes = encode(text);
    const reader = new WithholdingReader(createStreamFold(call));
    const out: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at++) {
      const forward = reader.push(bytes.slice(at, at + 1));
      if (forward !== null) out.push(forward);
    }
    const rest = reader.flush();
    if (rest !== null) out.push(rest);
    const seen = Buffer.concat(out).toString();
    expect(seen).not.toContain('usage');
    expect(seen).toContain(`"content":"é"`);
    expect(seen.endsWith(`data: [DONE]${end}`)).toBe(true);
    expect(reader.finish()).toEqual(whole());
  });
});

test('an event of many chunks is looked at once, not once with each chunk', () => {
  const reader = new EventReader(createStreamFold(call));
  const large = encode(event({ image: 'a'.repeat(1_000_000) }));
  const spy = vi.spyOn(Uint8Array.prototype, 'indexOf');
  for (let at = 0; at < large.length; at += 1_000) reader.push(large.slice(at, at + 1_000));
  const looks = spy.mock.calls.map(
    ([, from = 0], index) => (spy.mock.contexts[index] as Uint8Array).length - from,
  );
  spy.mockRestore();
  const total = looks.reduce((sum, length) => sum + length, 0);
  expect(total).toBeLessThan(large.length * 2);
});
