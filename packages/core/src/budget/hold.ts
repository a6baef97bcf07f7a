import type { HoldPolicy } from './budget.js';

/** What a call may take, as tokens of output and as cost. Costs are picodollars. */
export interface Demand {
  inputTokens: number;
  /** What the input and everything but the output costs at most. */
  inputCost: bigint;
  /** Price of one output token. */
  outputPrice: bigint;
  /** Learned length of the answer that 99 in 100 such calls do not exceed. */
  likelyOutput: number;
  /**
   * Set while nothing is known of such calls, and `likelyOutput` is the most they can take: an answer
   * this long is enough where the limit is near. A crowd of first calls would block each other else.
   */
  enoughOutput?: number | undefined;
  /** `max_tokens` of the request, or what the model can answer at most. */
  mostOutput: number;
  /** Whether the gateway may lower `max_tokens` of this request. */
  mayClamp: boolean;
}

export interface Hold {
  usd: bigint;
  tokens: bigint;
  /** Output tokens that the call must be held to; absent when the request stays as it is. */
  maxOutput?: number;
}

/**
 * No call may hold more than this part of what remains, unless it likely needs it: far from the limit
 * that is more than any call can take, near it the holds shrink with what is left. So a limit can be
 * spent to its end without overspending and without one long answer blocking all others.
 */
const largestPart = 200n;

/**
 * How much to hold for a call that has `remaining` of money and tokens left in its tightest accounts
 * (null: not limited). What is clamped is clamped to no less than the call likely needs, except where
 * not even that is left: then to the rest, if that is at least `leastOutput` tokens.
 */
export function chooseHold(
  policy: HoldPolicy,
  demand: Demand,
  remaining: { usd: bigint | null; tokens: bigint | null },
  leastOutput: number,
): Hold {
  const likely = Math.min(demand.likelyOutput, demand.mostOutput);
  if (policy === 'expected') return holdFor(demand, likely);
  if (policy === 'bound' || !demand.mayClamp) return holdFor(demand, demand.mostOutput);
  const enough = Math.min(demand.enoughOutput ?? likely, likely);
  const fair = Math.max(enough, affordableOutput(demand, remaining, largestPart));
  const most = Math.min(fair, demand.mostOutput);
  const affordable = affordableOutput(demand, remaining, 1n);
  const output =
    affordable < most ? Math.max(affordable, Math.min(leastOutput, demand.mostOutput)) : most;
  return output < demand.mostOutput
    ? { ...holdFor(demand, output), maxOutput: output }
    : holdFor(demand, output);
}

function holdFor({ inputCost, outputPrice, inputTokens }: Demand, output: number): Hold {
  return {
    usd: inputCost + BigInt(output) * outputPrice,
    tokens: BigInt(inputTokens + output),
  };
}

/** Output tokens that one `part`-th of what remains pays for, with the input. */
function affordableOutput(
  { inputCost, inputTokens, outputPrice, mostOutput }: Demand,
  { usd, tokens }: { usd: bigint | null; tokens: bigint | null },
  part: bigint,
): number {
  let output = mostOutput;
  if (usd !== null && outputPrice > 0n) {
    output = Math.min(output, wholeTokens((usd / part - inputCost) / outputPrice));
  }
  if (tokens !== null) {
    output = Math.min(output, wholeTokens(tokens / part - BigInt(inputTokens)));
  }
  return output;
}

function wholeTokens(amount: bigint): number {
  if (amount <= 0n) return 0;
  return amount > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(amount);
}
