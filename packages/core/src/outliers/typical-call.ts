import { promptSources, type PromptSource } from '../estimate/prompt-sources.js';
import { divideHalfEven, parseUsd, type Picodollars } from '../money.js';
import type { CallRow } from '../report/call-row.js';
import type { QueryRow } from '../report/query.js';

/** Tokens and cost of one call, or of the average call of a group. Tokens of an average have decimals. */
export interface CallShape {
  tokens: { uncached: number; read: number; written: number; output: number; reasoning: number };
  cost: {
    uncached: Picodollars;
    read: Picodollars;
    written: Picodollars;
    output: Picodollars;
    other: Picodollars;
  };
  /** Input tokens by source; null where no request was taken apart. */
  prompt: Record<PromptSource, number> | null;
}

/** Sums over calls, as `sumMeasures` asks for them. */
export interface CallSums {
  calls: number;
  tokens: CallShape['tokens'];
  cost: CallShape['cost'];
  /** Calls that were taken apart, and those they stand for. */
  promptCalls: number;
  prompt: Record<PromptSource, number>;
}

export function readSums(row: QueryRow): CallSums {
  const count = (name: string): number => Number(row[name] ?? 0);
  const money = (name: string): Picodollars => parseUsd(String(row[name] ?? '0'));
  return {
    calls: Math.max(count('calls') - count('unpriced_calls'), 0),
    tokens: {
      uncached: count('tokens_input_uncached'),
      read: count('tokens_cache_read'),
      written: count('tokens_cache_write'),
      output: count('tokens_output'),
      reasoning: count('tokens_reasoning'),
    },
    cost: {
      uncached: money('cost_input_uncached'),
      read: money('cost_cache_read'),
      written: money('cost_cache_write'),
      output: money('cost_output'),
      other: money('cost_other'),
    },
    promptCalls: count('prompt_calls'),
    prompt: bySource((source) => count(`prompt_${source}`)),
  };
}

/** All sums of some rows, with those of others taken away: a group without its outliers. */
export function addSums(rows: readonly CallSums[], without: readonly CallSums[] = []): CallSums {
  const sum = readSums({});
  for (const [sign, part] of [...rows.map(plus), ...without.map(minus)]) {
    sum.calls += sign * part.calls;
    sum.promptCalls += sign * part.promptCalls;
    for (const kind of keysOf(sum.tokens)) sum.tokens[kind] += sign * part.tokens[kind];
    for (const kind of keysOf(sum.cost)) sum.cost[kind] += BigInt(sign) * part.cost[kind];
    for (const source of promptSources) sum.prompt[source] += sign * part.prompt[source];
  }
  return sum;
}

/** The average call; null where no call has a cost. */
export function averageCall(sums: CallSums): CallShape | null {
  const { calls, promptCalls } = sums;
  if (calls <= 0) return null;
  const each = (value: number): number => Math.max(value, 0) / calls;
  const amount = (value: Picodollars): Picodollars => divideHalfEven(value, BigInt(calls));
  const tokens = {
    uncached: each(sums.tokens.uncached),
    read: each(sums.tokens.read),
    written: each(sums.tokens.written),
    output: each(sums.tokens.output),
    reasoning: each(sums.tokens.reasoning),
  };
  const known = promptSources.reduce((all, source) => all + Math.max(sums.prompt[source], 0), 0);
  // Of the calls that were taken apart: what they had is scaled to what all had, so that it adds up.
  const scale = known === 0 ? 0 : inputOf(tokens) / known;
  return {
    tokens,
    cost: {
      uncached: amount(sums.cost.uncached),
      read: amount(sums.cost.read),
      written: amount(sums.cost.written),
      output: amount(sums.cost.output),
      other: amount(sums.cost.other),
    },
    prompt:
      promptCalls <= 0 || known === 0
        ? null
        : bySource((source) => Math.max(sums.prompt[source], 0) * scale),
  };
}

/** A call as its row tells it; null where its cost is not known. */
export function shapeOf(row: CallRow): CallShape | null {
  if (row.cost_usd === null) return null;
  const money = (usd: string | null): Picodollars => parseUsd(usd ?? '0');
  const read = money(row.cost_cache_read_usd);
  const written = money(row.cost_cache_write_usd);
  const input = money(row.cost_input_usd);
  const output = money(row.cost_output_usd);
  const { tokens } = row;
  return {
    tokens: {
      uncached: tokens?.input_uncached ?? 0,
      read: tokens?.cache_read ?? 0,
      written:
        tokens === null ? 0 : tokens.cache_write + tokens.cache_write_5m + tokens.cache_write_1h,
      output: tokens?.output ?? 0,
      reasoning: tokens?.reasoning ?? 0,
    },
    cost: {
      uncached: input - read - written,
      read,
      written,
      output,
      other: parseUsd(row.cost_usd) - input - output,
    },
    prompt: row.prompt,
  };
}

export function inputOf({ uncached, read, written }: CallShape['tokens']): number {
  return uncached + read + written;
}

export function inputCostOf({ uncached, read, written }: CallShape['cost']): Picodollars {
  return uncached + read + written;
}

export function totalOf(cost: CallShape['cost']): Picodollars {
  return inputCostOf(cost) + cost.output + cost.other;
}

function bySource(value: (source: PromptSource) => number): Record<PromptSource, number> {
  return Object.fromEntries(promptSources.map((source) => [source, value(source)])) as Record<
    PromptSource,
    number
  >;
}

function plus(sums: CallSums): [1, CallSums] {
  return [1, sums];
}

function minus(sums: CallSums): [-1, CallSums] {
  return [-1, sums];
}

function keysOf<Key extends string>(record: Record<Key, unknown>): Key[] {
  return Object.keys(record) as Key[];
}
