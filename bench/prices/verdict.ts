import { decimalFromNumber, formatUsd, parseUsd, parseUsdRounded } from '@farthing/core';
import type { Call } from './call.js';
import type { Expected } from './corpus.js';
import type { BilledTokens, Outcome, Target } from './target.js';

/**
 * `exact`: the cost to the picodollar, or rightly none. `float`: within 10^-9 USD, `rounded`: within
 * 10^-6 and a tenth of the cost. `zero`: 0 where the cost is something else or unknown. `wrong`: another figure. `none`: no
 * figure where there is one.
 */
export type CostVerdict =
  | 'exact'
  | 'float'
  | 'rounded'
  | 'zero'
  | 'wrong'
  | 'none'
  | 'crashed'
  | 'not_applicable';

export interface Verdict {
  id: string;
  cost: CostVerdict;
  /** Undefined where there are no tokens to be right about, or they were Farthing's. */
  tokens: boolean | undefined;
  said: string;
}

/** Runs one call through one package. Never throws. */
export async function judge(target: Target, call: Call): Promise<Verdict> {
  const { id, expected } = call.case;
  const tokensCount = target.fed === 'payload' && hasTokens(expected);
  const verdict = (cost: CostVerdict, said: string, tokens?: BilledTokens | null): Verdict => ({
    id,
    cost,
    tokens: tokensCount ? sameTokens(tokens, expected) : undefined,
    said,
  });
  let outcome: Outcome;
  try {
    outcome = await target.price(call);
  } catch (error) {
    const said = String(error).split('\n')[0] ?? '';
    // A package that throws an error of its own says that it cannot; the engine's own is a crash.
    if (isCrash(error)) return verdict('crashed', said);
    return verdict(expected.cost_usd === null ? 'exact' : 'none', said);
  }
  if ('notApplicable' in outcome) return verdict('not_applicable', outcome.notApplicable);
  const usd = decimalOf(outcome.usd);
  return verdict(costVerdict(usd, expected.cost_usd), usd ?? 'no figure', outcome.tokens);
}

function isCrash(error: unknown): boolean {
  return (
    error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
  );
}

/** Floats as the shortest decimal that reads back the same, rounded half to even at 12 decimals. */
function decimalOf(usd: number | string | null | undefined): string | null {
  if (usd === null || usd === undefined || Number.isNaN(usd)) return null;
  const text = typeof usd === 'number' ? decimalFromNumber(usd) : usd;
  return formatUsd(parseUsdRounded(text));
}

const billionth = parseUsd('0.000000001');
const millionth = parseUsd('0.000001');

function costVerdict(usd: string | null, expected: string | null): CostVerdict {
  if (usd === expected) return 'exact';
  if (usd === null) return 'none';
  if (usd === '0') return 'zero';
  if (expected === null) return 'wrong';
  const difference = parseUsd(usd) - parseUsd(expected);
  const distance = difference < 0n ? -difference : difference;
  if (distance <= billionth) return 'float';
  return distance <= millionth && distance * 10n <= parseUsd(expected) ? 'rounded' : 'wrong';
}

/** Cases whose expected figure is a set of tokens, and a true one. */
function hasTokens(expected: Expected): boolean {
  const { status } = expected;
  const stated = status !== 'invalid_usage' && status !== 'not_billed';
  return stated && expected['input_uncached'] !== undefined;
}

/** How long cache writes live, and what was reasoning, is not asked: few packages have a name for it. */
function sameTokens(tokens: BilledTokens | null | undefined, expected: Expected): boolean {
  if (tokens === null || tokens === undefined) return false;
  const count = (name: string): number => Number(expected[name] ?? 0);
  return (
    tokens.input === count('input_uncached') &&
    tokens.cache_read === count('cache_read') &&
    tokens.cache_write ===
      count('cache_write') + count('cache_write_5m') + count('cache_write_1h') &&
    tokens.output === count('output')
  );
}
