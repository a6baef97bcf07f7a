import type { Encoding } from '@farthing/core';

/** Counts the tokens of one text. */
export type CountTokens = (text: string) => number;

export interface TextCount {
  tokens: number;
  /** Whether only a part of a very long text was counted and the rest assumed to be like it. */
  isSampled: boolean;
}

/** More characters than any model reads: of longer texts, parts in even distances are counted. */
const mostCharacters = 4_000_000;
const sampleLength = 50_000;

/** The encoder of an encoding; loading its vocabulary takes some 50 ms, once. */
export async function loadEncoding(encoding: Encoding): Promise<CountTokens> {
  const { countTokens } =
    encoding === 'cl100k_base'
      ? await import('gpt-tokenizer/encoding/cl100k_base')
      : await import('gpt-tokenizer/encoding/o200k_base');
  // Names of special tokens in a text are text: nobody ends a prompt by writing about it.
  const asText = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };
  return (text) => countTokens(text, asText);
}

/** Counts texts one by one, as they stand in a request. */
export function countTexts(texts: readonly string[], count: CountTokens): TextCount {
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  if (characters > mostCharacters) return countSamples(texts, characters, count);
  let tokens = 0;
  for (const text of texts) tokens += countPieces(text, count);
  return { tokens, isSampled: false };
}

function countSamples(texts: readonly string[], characters: number, count: CountTokens): TextCount {
  const whole = texts.join('\n');
  const samples = Math.floor(mostCharacters / sampleLength);
  const step = Math.floor(whole.length / samples);
  let tokens = 0;
  for (let sample = 0; sample < samples; sample++) {
    tokens += countPieces(whole.slice(sample * step, sample * step + sampleLength), count);
  }
  return {
    tokens: Math.ceil((tokens * characters) / (samples * sampleLength)),
    isSampled: true,
  };
}

/** A word, or a gap, of this many characters is none: pairing its characters takes their square. */
const longestRun = 256;
const longRuns = new RegExp(`\\S{${longestRun + 1},}|\\s{${longestRun + 1},}`, 'g');

/**
 * Counts a text in which runs without a break (base64, a letter held down) are cut into pieces. Each cut
 * costs a token at most; without them 100,000 times the same letter take ten seconds.
 */
function countPieces(text: string, count: CountTokens): number {
  let tokens = 0;
  let from = 0;
  for (const { index, 0: run } of text.matchAll(longRuns)) {
    if (index > from) tokens += count(text.slice(from, index));
    for (let at = 0; at < run.length; at += longestRun) {
      tokens += count(run.slice(at, at + longestRun));
    }
    from = index + run.length;
  }
  return from < text.length ? tokens + count(text.slice(from)) : tokens;
}
