import { formatUsd } from '../money.js';
import type { Attempt } from './admission-request.js';
import { scopeOfAccount } from './budget-accounts.js';
import { countedSpan } from './budget-window.js';
import type { Amounts } from './budget.js';
import type { AccountVerdict, Decision, DecisionStep } from './decision.js';
import type { AccountBalance, AccountReference } from './escrow.js';
import type { Hold } from './hold.js';

/** What is reserved for an attempt. A model without a price takes no money. */
export function amountsOf({ expectedCost }: Attempt, { usd, tokens }: Hold): Amounts {
  return { usd: expectedCost === null ? 0n : usd, tokens, calls: 1n };
}

export function holdStep({ attempt, hold }: { attempt: Attempt; hold: Hold }): DecisionStep {
  return {
    do: 'hold',
    model: attempt.model,
    usd: attempt.expectedCost === null ? null : formatUsd(hold.usd),
    tokens: Number(hold.tokens),
    ...(hold.maxOutput === undefined ? {} : { max_output: hold.maxOutput }),
  };
}

export function verdict(
  { account, used }: AccountBalance,
  amounts: Amounts,
  said: AccountVerdict['said'],
  at: number,
): AccountVerdict {
  const { resetsAt } = countedSpan(account.window, at);
  return {
    budget: account.budget,
    scope: scopeOfAccount(account.key),
    measure: account.measure,
    limit: textOf(account.limit, account.measure),
    used: textOf(used, account.measure),
    asked: amountText(account, amounts),
    said,
    resets_at: Number.isFinite(resetsAt) ? new Date(resetsAt).toISOString() : null,
  };
}

export function amountText({ measure }: AccountReference, amounts: Amounts): string {
  return textOf(amounts[measure], measure);
}

export function sameScope(one: Record<string, string>, other: Record<string, string>): boolean {
  return Object.entries(one).every(([dimension, value]) => other[dimension] === value);
}

/** Whether anything was said or done that somebody may ask about later. */
export function isNotable({ outcome, warnings, steps }: Decision): boolean {
  return (
    outcome === 'refused' ||
    warnings.length > 0 ||
    steps.some((step) => step.do !== 'hold' || step.max_output !== undefined)
  );
}

function textOf(amount: bigint, measure: AccountReference['measure']): string {
  return measure === 'usd' ? formatUsd(amount) : amount.toString();
}
