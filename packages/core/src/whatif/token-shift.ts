import { claudeVersion } from '../estimate/count/model-version.js';
import { bareName, tokenizerFamily } from '../estimate/count/tokenizer-family.js';
import type { ModelName } from '../pricing/model-prices.js';
import { canonicalProvider } from '../usage/providers.js';

/** By how much the tokens of a text change with the tokenizer: 1.2 is a fifth more. */
export interface TokenShift {
  low: number;
  expected: number;
  high: number;
}

/** The same tokenizer: counts stay what they are. */
export const sameTokens: TokenShift = { low: 1, expected: 1, high: 1 };

interface Vocabulary extends TokenShift {
  /** Models with the same name split text alike. */
  name: string;
}

/** As good as o200k_base, and with some tokens less around each message. */
const leastElsewhere = 0.95;

/**
 * Tokens for each of o200k_base, the least likely, usual and most likely.
 *
 * - cl100k_base: counted with both. English, code and JSON 1.00 to 1.02; German, Russian and Japanese up to
 *   1.45 (Hindi 3.3 lies outside).
 * - Claude, Gemini and others: the usual factor is the one that estimates count with
 *   ({@link tokenizerFamily}), whose sources are stated there. Makers' vocabularies of this size differ
 *   by up to a quarter on English and code. Anthropic states 1 to 1.35 for the step to Opus 4.7.
 */
function vocabularyOf({ provider, model }: ModelName): Vocabulary {
  const { encoding, factor, own } = tokenizerFamily(provider, model);
  if (own) {
    return encoding === 'cl100k_base'
      ? { name: encoding, low: 1, expected: 1.01, high: 1.45 }
      : { name: encoding, ...sameTokens };
  }
  const claude = claudeVersion(bareName(model));
  if (claude !== null || canonicalProvider(provider) === 'anthropic') {
    const isLater = claude === null || claude >= 4.7;
    return isLater
      ? { name: 'claude from 4.7', low: leastElsewhere, expected: factor, high: 1.5 }
      : { name: 'claude', low: leastElsewhere, expected: factor, high: 1.25 };
  }
  return { name: makerOf(model), low: leastElsewhere, expected: factor, high: 1.3 };
}

/** `gemini-2.5-pro` and `gemini-2.5-flash` share a maker, and what it trains its tokenizers on. */
function makerOf(model: string): string {
  const name = bareName(model);
  const [word = name] = name.split(/[-_.:\d]/, 1);
  const maker = word === '' ? name : word;
  return mistral.has(maker) ? 'mistral' : maker;
}

const mistral = new Set(['mistral', 'ministral', 'mixtral', 'codestral', 'magistral', 'devstral']);

/** What the tokens of one model's calls come to on another; exactly 1 where both split text alike. */
export function tokenShift(from: ModelName, to: ModelName): TokenShift {
  const [source, target] = [vocabularyOf(from), vocabularyOf(to)];
  if (source.name === target.name) return sameTokens;
  return {
    low: target.low / source.high,
    expected: target.expected / source.expected,
    high: target.high / source.low,
  };
}

export function isSame({ low, high }: TokenShift): boolean {
  return low === 1 && high === 1;
}
