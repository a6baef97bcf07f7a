import { parseUsdRounded, type Picodollars } from '../money.js';
import type { Measure, QueryRow } from '../report/query.js';

/** Token kinds that have a price of their own. */
export const tokenKinds = [
  'input_uncached',
  'cache_read',
  'cache_write',
  'cache_write_5m',
  'cache_write_1h',
  'output',
] as const;
export type TokenKind = (typeof tokenKinds)[number];
export type TokenSums = Record<TokenKind, number>;

/** What a group of calls used and what it was booked at. */
export interface UsageSums {
  calls: number;
  /** Calls whose cost is unknown. */
  unpriced: number;
  /** Input that was written with a stated time to live stands under that alone. */
  tokens: TokenSums;
  reasoning: number;
  /** Null where no call has a cost. */
  cost: Picodollars | null;
  /** Of it, what is no token: searches, images, and what a stated cost differs from the charges. */
  other: Picodollars;
}

export const usageMeasures: readonly Measure[] = [
  'calls',
  'unpriced_calls',
  'cost',
  'cost_other',
  'tokens_input_uncached',
  'tokens_cache_read',
  'tokens_cache_write',
  'tokens_cache_write_5m',
  'tokens_cache_write_1h',
  'tokens_output',
  'tokens_reasoning',
];

/** A row of the store that was asked for {@link usageMeasures}. */
export function readUsage(row: QueryRow): UsageSums {
  const count = (name: Measure) => Number(row[name] ?? 0);
  const money = (name: Measure) => parseUsdRounded(String(row[name] ?? '0'));
  const [fiveMinutes, oneHour] = [count('tokens_cache_write_5m'), count('tokens_cache_write_1h')];
  return {
    calls: count('calls'),
    unpriced: count('unpriced_calls'),
    tokens: {
      input_uncached: count('tokens_input_uncached'),
      cache_read: count('tokens_cache_read'),
      cache_write: count('tokens_cache_write') - fiveMinutes - oneHour,
      cache_write_5m: fiveMinutes,
      cache_write_1h: oneHour,
      output: count('tokens_output'),
    },
    reasoning: count('tokens_reasoning'),
    cost: row['cost'] == null ? null : money('cost'),
    other: money('cost_other'),
  };
}

export function addUsage(a: UsageSums, b: UsageSums): UsageSums {
  return combine(a, b, 1);
}

/** What is left of `a` without a part of it. */
export function withoutUsage(a: UsageSums, part: UsageSums): UsageSums {
  return combine(a, part, -1);
}

function combine(a: UsageSums, b: UsageSums, sign: 1 | -1): UsageSums {
  const isKnown = a.cost !== null || b.cost !== null;
  return {
    calls: a.calls + sign * b.calls,
    unpriced: a.unpriced + sign * b.unpriced,
    tokens: mapTokens(a.tokens, (tokens, kind) => tokens + sign * b.tokens[kind]),
    reasoning: a.reasoning + sign * b.reasoning,
    cost: isKnown ? (a.cost ?? 0n) + BigInt(sign) * (b.cost ?? 0n) : null,
    other: a.other + BigInt(sign) * b.other,
  };
}

export function mapTokens(
  tokens: TokenSums,
  change: (tokens: number, kind: TokenKind) => number,
): TokenSums {
  return Object.fromEntries(
    tokenKinds.map((kind) => [kind, change(tokens[kind], kind)]),
  ) as TokenSums;
}

/** All input, cached or not. */
export function inputOf({ output: _output, ...input }: TokenSums): number {
  return Object.values(input).reduce((all, tokens) => all + tokens, 0);
}
