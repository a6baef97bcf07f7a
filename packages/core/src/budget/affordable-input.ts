import type { Attempt } from './admission-request.js';
import type { Budget } from './budget.js';
import type { AccountBalance } from './escrow.js';

/** Input tokens that what remains pays for, together with the shortest answer worth having. */
export function affordableInput(
  budget: Budget,
  denial: AccountBalance | null,
  attempt: Attempt,
): number {
  const { demand, expectedCost } = attempt;
  const { inputTokens, inputCost, outputPrice, likelyOutput } = demand;
  const { inputTokens: mostInput } = budget.call;
  if (denial === null && mostInput !== undefined && expectedInput(attempt) > mostInput) {
    return Math.floor((inputTokens * mostInput) / expectedInput(attempt));
  }
  const output = BigInt(Math.min(likelyOutput, budget.leastOutput));
  if (denial?.account.measure === 'tokens') return Number(denial.remaining - output);
  if (denial?.account.measure === 'calls') return inputTokens;
  const money =
    denial === null ? (expectedCost === null ? null : (budget.call.max ?? null)) : denial.remaining;
  if (money === null || inputCost <= 0n) return inputTokens;
  const answer = denial === null ? BigInt(likelyOutput) * outputPrice : output * outputPrice;
  const forInput = money - answer;
  return forInput <= 0n ? 0 : Number((forInput * BigInt(inputTokens)) / inputCost);
}

export function expectedInput({ expectedInput: expected, demand }: Attempt): number {
  return expected ?? demand.inputTokens;
}

/** A limit on answers is set in the request; one that may not be changed must keep to it by itself. */
export function mayAnswerTooLong({ call: { outputTokens } }: Budget, { demand }: Attempt): boolean {
  return outputTokens !== undefined && !demand.mayClamp && demand.mostOutput > outputTokens;
}
