import type { Amounts } from '../budget/budget.js';
import type { Entry } from '../entry.js';
import { parseUsdRounded } from '../money.js';
import { totalInput } from '../usage/usage.js';

const nothing: Amounts = { usd: 0n, tokens: 0n, calls: 0n };

/**
 * What a call took of its budgets, by its entry. Nothing only where the provider certainly billed
 * nothing; what is unknown counts as it was held, or, where that is not known any more, as estimated.
 */
export function takenAmounts(entry: Entry, held: Amounts | null): Amounts {
  const { cost, usage, estimate } = entry;
  if (cost.status === 'not_billed') return nothing;
  const usd = cost.usd === null ? (held?.usd ?? estimatedUsd(estimate)) : parseUsdRounded(cost.usd);
  return { usd: usd > 0n ? usd : 0n, tokens: tokensOf(usage, estimate, held), calls: 1n };
}

function estimatedUsd(estimate: Entry['estimate']): bigint {
  return estimate?.usd === undefined ? 0n : parseUsdRounded(estimate.usd);
}

function tokensOf(
  usage: Entry['usage'],
  estimate: Entry['estimate'],
  held: Amounts | null,
): bigint {
  if (usage !== null) return BigInt(totalInput(usage.tokens) + usage.tokens.output);
  if (held !== null) return held.tokens;
  return estimate === undefined ? 0n : BigInt(estimate.input_tokens + estimate.output_tokens);
}

/** Calls as they are made; the demo's past stands for such. */
export const countedSources: readonly string[] = ['gateway', 'sdk', 'demo'];

/** The custom tag of calls that an app has counted in shared balances itself: whose those are. */
export const sharedBudgetsTag = 'shared_budgets';

/**
 * Whether budgets count the entry: calls as they are made, not history that was imported, nor
 * corrections. `namespace`: the balances that are shared, where calls of apps that share them stand
 * already.
 */
export function isCounted({ kind, source, tags }: Entry, namespace?: string): boolean {
  if (kind !== 'call' || !countedSources.includes(source)) return false;
  const isThere = namespace !== undefined && tags.custom?.[sharedBudgetsTag] === namespace;
  return !(isThere && source === 'sdk');
}
