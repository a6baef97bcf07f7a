import type { AccountVerdict, DecisionStep } from '@farthing/core';
import type { FoundDecision } from '../api/budgets-contract.js';
import { deedWords, formatUntil } from '../budgets/budget-words.js';
import { formatCount } from '../figures/counts.js';
import { formatUsd, parseUsd } from '../money/usd.js';

/** Decisions in a reader's words. */

export type DecisionKind = 'refused' | 'question' | 'changed' | 'warned';

/** What became of the call: refused, refused until a person agrees, changed to fit, or only warned about. */
export function kindOf({ refusal, steps, outcome }: FoundDecision): DecisionKind {
  if (refusal !== undefined || outcome === 'refused')
    return refusal?.action === 'acknowledge' ? 'question' : 'refused';
  return steps.some(isChange) ? 'changed' : 'warned';
}

export const kindLabels: Record<DecisionKind, string> = {
  refused: 'Refused',
  question: 'Asks a person',
  changed: 'Changed',
  warned: 'Warned',
};

const isChange = (step: DecisionStep): boolean =>
  step.do === 'hold'
    ? step.max_output !== undefined
    : step.do !== 'cap' && step.do !== 'cap_tokens' && step.do !== 'acknowledged';

/** What was done, in one line. */
export function summaryOf(decision: FoundDecision): string {
  const { refusal, steps, warnings, accounts } = decision;
  if (refusal !== undefined) {
    if (refusal.code !== undefined) return refusal.message;
    const who = refusal.breaker === true ? 'breaker' : 'budget';
    const words = `${refusalWords[refusal.action]} by ${who} “${refusal.budget}”`;
    // Where a balance could not be asked, “refused by its budget” would be half of the truth.
    const isPlain = !accounts.some(isUnasked);
    return isPlain ? words : `${words}: ${refusal.message}`;
  }
  // The last hold is the one that it went out with.
  const clamp = steps.findLast((step) => step.do === 'hold')?.max_output;
  const done = steps.flatMap((step) => {
    if (step.do === 'downgrade') return [`${step.from} → ${step.to}`];
    if (step.do === 'truncate') return ['history cut'];
    if (step.do === 'breaker') return [`${step.step} by breaker “${step.breaker}”`];
    if (step.do === 'restriction') return [`${step.step} by a restriction`];
    if (step.do === 'acknowledged') return ['let pass by a person'];
    return [];
  });
  if (clamp !== undefined) done.push(`answer limited to ${formatCount(clamp)} tokens`);
  return [...done, ...warnings].join(', ');
}

const refusalWords = {
  throttle: 'throttled',
  acknowledge: 'held for a person',
  block: 'blocked',
} as const;

/** One step as a sentence. */
export function stepWords(step: DecisionStep): string {
  switch (step.do) {
    case 'hold': {
      const usd = step.usd === null ? 'no known price' : formatUsd(step.usd);
      const clamp =
        step.max_output === undefined
          ? ''
          : `, the answer limited to ${formatCount(step.max_output)} tokens`;
      return `Asked to hold ${usd} and ${formatCount(step.tokens)} tokens on ${step.model}${clamp}.`;
    }
    case 'cap':
      return `“${step.budget}”: expected to cost ${formatUsd(step.expected_usd)}; a call may ${formatUsd(step.max_usd)}.`;
    case 'cap_tokens':
      return `“${step.budget}”: expected to have ${formatCount(step.expected_input_tokens)} input tokens; a call may ${formatCount(step.max_input_tokens)}.`;
    case 'downgrade':
      return `“${step.budget}”: downgraded from ${step.from} to ${step.to}.`;
    case 'truncate':
      return `“${step.budget}”: history cut from ${formatCount(step.from_input_tokens)} to ${formatCount(step.to_input_tokens)} tokens.`;
    case 'acknowledged':
      return `“${step.budget}”: a person let it pass.`;
    case 'breaker':
      return `Breaker “${step.breaker}”: ${deedWords(step.step)}${step.probe ? ', as a probe of the milder step' : ''}.`;
    case 'restriction':
      return `Restriction ${step.restriction}: ${deedWords(step.step)}.`;
    case 'run_stopped':
      return `Run ${step.run} is stopped.`;
    default:
      return `“${step.budget}”: ${deedWords(step.do)}.`;
  }
}

export const saidWords: Record<AccountVerdict['said'], string> = {
  yes: 'yes',
  soft: 'yes, nearly used up',
  over: 'yes, though used up',
  no: 'no',
};

/** What a caller is told about trying again. */
export const waitWords = (seconds: number | null): string =>
  seconds === null
    ? 'Waiting does not help.'
    : `It may fit again after ${formatUntil(seconds * 1000)}.`;

/** `support-chat, u_1f…`: whose call it was. */
export function whoseOf({ tags }: FoundDecision): { feature: string | null; others: string } {
  const { feature, user, tenant, agent } = tags;
  const others = [tenant, agent, user].filter((value) => value !== undefined);
  return { feature: feature ?? null, others: others.join(', ') };
}

/**
 * Whether an account said no although the call would have fitted: its balance could not be asked
 * (Redis cannot be reached), and the budget is closed meanwhile.
 */
export function isUnasked({ said, measure, used, asked, limit }: AccountVerdict): boolean {
  const atoms = (amount: string) => (measure === 'usd' ? parseUsd(amount) : BigInt(amount));
  return said === 'no' && atoms(used) + atoms(asked) <= atoms(limit);
}

/** Budgets whose balances could not be asked since a moment, in milliseconds since 1970. */
export function unaskedSince(
  decisions: readonly FoundDecision[],
  since: number,
): ReadonlySet<string> {
  const recent = decisions.filter(({ at }) => Date.parse(at) >= since);
  const unasked = recent.flatMap(({ accounts }) => accounts.filter(isUnasked));
  return new Set(unasked.map(({ budget }) => budget));
}

/** Calls that each budget refused since a moment, in milliseconds since 1970. Breakers are no budgets. */
export function refusedSince(
  decisions: readonly FoundDecision[],
  since: number,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { at, refusal, times } of decisions) {
    if (
      refusal === undefined ||
      refusal.breaker === true ||
      refusal.code !== undefined ||
      Date.parse(at) < since
    )
      continue;
    counts.set(refusal.budget, (counts.get(refusal.budget) ?? 0) + times);
  }
  return counts;
}
