import { costOfCalls, inputTokens, tokenKinds, type Cell } from './cell.js';
import type { EffectKind } from './effects.js';

/** What of a call a cause moved, on both sides; null where a side has nothing to measure. */
export interface UnitQuantity {
  unit:
    | 'calls'
    /** Calls now ÷ before that all groups have in common; `before` is 1. */
    | 'common_growth'
    | 'share_of_calls'
    | 'attempts_per_call'
    | 'input_tokens_per_call'
    | 'output_tokens_per_call'
    | 'cache_read_share'
    | 'usd_per_million_tokens'
    | 'priced_share'
    | 'usd_per_call';
  before: number | null;
  after: number | null;
}

/** The quantity behind an effect over the calls of a scope, or null for amounts that belong to no call. */
export function unitQuantity(kind: EffectKind, was: Cell, is: Cell): UnitQuantity | null {
  const both = (unit: UnitQuantity['unit'], of: (cell: Cell) => number): UnitQuantity => ({
    unit,
    before: measured(of(was)),
    after: measured(of(is)),
  });
  switch (kind) {
    case 'new':
    case 'gone':
    case 'volume':
    case 'mix':
      return both('calls', ({ served }) => served);
    case 'retries':
      return both('attempts_per_call', ({ attempts, served }) => attempts / served);
    case 'input':
      return both('input_tokens_per_call', (cell) => inputTokens(cell) / cell.priced);
    case 'output':
      return both('output_tokens_per_call', ({ tokens, priced }) => tokens.output / priced);
    case 'cache':
      return both('cache_read_share', (cell) => cell.tokens.cache_read / inputTokens(cell));
    case 'price':
      return priceQuantity(was, is);
    case 'unpriced':
      return both('priced_share', ({ priced, attempts }) => priced / attempts);
    case 'routing':
      return both('usd_per_call', (cell) => Number(costOfCalls(cell)) / 1e12 / cell.served);
    case 'other':
      return both('usd_per_call', ({ other, served }) => Number(other) / 1e12 / served);
    case 'stated':
      return null;
  }
}

/** The price of a basket with the tokens of both sides, so that a change of what is sent does not show. */
function priceQuantity(was: Cell, is: Cell): UnitQuantity {
  let tokens = 0;
  const cost = { before: 0, after: 0 };
  for (const kind of tokenKinds) {
    const [first, second] = [was.tokens[kind], is.tokens[kind]];
    if (first === 0 || second === 0) continue;
    tokens += first + second;
    cost.before += (Number(was.cost[kind]) / first) * (first + second);
    cost.after += (Number(is.cost[kind]) / second) * (first + second);
  }
  // Picodollars per token are dollars per million tokens, times a million.
  const usd = (amount: number) => measured(amount / tokens / 1e6);
  return { unit: 'usd_per_million_tokens', before: usd(cost.before), after: usd(cost.after) };
}

/** Six significant digits are enough for eyes; no quantity is ever NaN or infinite. */
function measured(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}
