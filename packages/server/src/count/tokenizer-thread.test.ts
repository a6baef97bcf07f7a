import { afterEach, expect, test } from 'vitest';
import { countTexts, loadEncoding } from './count-texts.js';
import { TokenizerThread } from './tokenizer-thread.js';

let thread: TokenizerThread | undefined;
afterEach(() => thread?.close());

/** The real thread, from its source. */
const start = (deadline: number) =>
  (thread = new TokenizerThread({
    deadline,
    program: new URL('tokenizer-worker.fixture.mjs', import.meta.url),
  }));

test('counts as the published encodings do', async () => {
  const count = await loadEncoding('o200k_base');
  expect(countTexts(['hello world', 'antidisestablishmentarianism', ''], count)).toEqual({
    tokens: 2 + 6,
    isSampled: false,
  });
  const earlier = await loadEncoding('cl100k_base');
  expect(countTexts(['antidisestablishmentarianism'], earlier).tokens).toBe(6);
  // What ends a text for a model is seven tokens when somebody writes it.
  expect(count('<|endoftext|>')).toBe(7);
});

test('a letter held down, or base64, is counted in pieces: as many tokens, within one in a hundred', async () => {
  const count = await loadEncoding('o200k_base');
  const held = 'a'.repeat(4_096);
  const pieces = countTexts([held], count).tokens;
  const whole = count(held);
  expect(Math.abs(pieces - whole) / whole).toBeLessThan(0.01);
  // Seconds, were it counted as one word.
  expect(countTexts(['ab'.repeat(100_000)], count).tokens).toBeGreaterThan(10_000);
});

test('of a text beyond all contexts samples are counted', async () => {
  const count = await loadEncoding('o200k_base');
  const line = 'The quick brown fox jumps over the lazy dog. ';
  const text = line.repeat(Math.ceil(4_500_000 / line.length));
  const { tokens, isSampled } = countTexts([text], count);
  expect(isSampled).toBe(true);
  const exact = (text.length / line.length) * count(line);
  expect(Math.abs(tokens - exact) / exact).toBeLessThan(0.15);
});

test('the thread counts what is counted in place, also when many ask at once', async () => {
  const started = start(30_000);
  const texts = Array.from({ length: 10 }, (_, index) => 'word '.repeat(index + 1));
  const counts = await Promise.all(texts.map((text) => started.count([text], 'o200k_base')));
  const inPlace = await loadEncoding('o200k_base');
  expect(counts).toEqual(texts.map((text) => ({ tokens: inPlace(text), isSampled: false })));
});

test('a count that takes longer than its deadline is none, and the next one is made', async () => {
  start(1);
  expect(await thread!.count(['Even a short text waits for the thread.'], 'o200k_base')).toBeNull();
  start(30_000);
  expect(await thread!.count(['hello world'], 'o200k_base')).toMatchObject({ tokens: 2 });
});
