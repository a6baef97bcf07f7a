import type { PromptSource } from '../estimate/prompt-sources.js';
import { formatUsd, type Picodollars } from '../money.js';
import { shareOf } from '../answer/frame.js';
import type { RunAround } from './run-around.js';
import type { ExcessPart } from './split-excess.js';
import { inputOf, type CallShape } from './typical-call.js';

/** What made a call cost more than its peers. */
export const outlierCauseKinds = [
  /** More input; `source` says of which part of the prompt, where that is known. */
  'prompt_grew',
  /** What tools and searches brought in the last turn was larger. */
  'tool_returned_too_much',
  /** The turns before grew, in a run that had gone on for longer than such runs do. */
  'loop_ran_on',
  /** Less of its input came from a cache. */
  'cache_miss',
  /** More of its input was written to a cache. */
  'cache_write',
  'longer_output',
  'more_reasoning',
  /** Another model than most of its peers have, at another price for a token. */
  'bigger_model',
  /** The same model at another price: a tier, a context length, a wrong row. */
  'price',
  /** The figure that provider or source states differs from what the charges come to. */
  'stated_cost',
  /** Searches, images and whatever else is billed by no token. */
  'units',
] as const;
export type OutlierCauseKind = (typeof outlierCauseKinds)[number];

export interface OutlierCause {
  cause: OutlierCauseKind;
  /** Of `prompt_grew`, `tool_returned_too_much` and `loop_ran_on`: which part of the prompt. */
  source: PromptSource | null;
  /** Its part of the excess, a decimal string with its sign; the causes of a call add up to its excess. */
  usd: string;
  share: number | null;
}

/** What is known of a call beside its tokens. */
export interface CauseFacts {
  /** Its model is not the one that most of its peers have. */
  isOtherModel: boolean;
  /** Its cost is what the provider or the imported record states. */
  isStated: boolean;
  run: RunAround | null;
}

/** A run has gone on for long at more than twice the calls of such runs, and not before the sixth. */
const longRun = 2;
const leastPosition = 6;

export function hasRunOn(run: RunAround | null): boolean {
  if (run === null || run.usual_calls === null) return false;
  return run.position >= leastPosition && run.position > longRun * run.usual_calls;
}

/** The parts of an excess by their names, the largest first; parts of one cause are one. */
export function nameCauses(
  parts: readonly ExcessPart[],
  call: CallShape,
  typical: CallShape,
  facts: CauseFacts,
): OutlierCause[] {
  const sums = new Map<string, { named: Named; amount: Picodollars }>();
  let excess = 0n;
  for (const part of parts) {
    const named = nameOf(part, call, typical, facts);
    const key = `${named.cause} ${named.source ?? ''}`;
    const sum = sums.get(key) ?? { named, amount: 0n };
    sum.amount += part.amount;
    excess += part.amount;
    sums.set(key, sum);
  }
  return [...sums.values()]
    .filter(({ amount }) => amount !== 0n)
    .sort((a, b) => Number(b.amount > a.amount) - Number(b.amount < a.amount))
    .map(({ named, amount }) => ({
      ...named,
      usd: formatUsd(amount),
      share: shareOf(Number(amount), Number(excess)),
    }));
}

type Named = Pick<OutlierCause, 'cause' | 'source'>;

function nameOf(
  part: ExcessPart,
  call: CallShape,
  typical: CallShape,
  { isOtherModel, isStated, run }: CauseFacts,
): Named {
  const plain = (cause: OutlierCauseKind): Named => ({ cause, source: null });
  switch (part.kind) {
    case 'prompt': {
      const { source } = part;
      if (source === 'context') return { cause: 'tool_returned_too_much', source };
      const isOfTurns = source === 'history' || source === null;
      if (isOfTurns && part.amount > 0n && hasRunOn(run)) return { cause: 'loop_ran_on', source };
      return { cause: 'prompt_grew', source };
    }
    case 'cache':
      return plain(readShare(call) < readShare(typical) ? 'cache_miss' : 'cache_write');
    case 'output':
      return plain('longer_output');
    case 'reasoning':
      return plain('more_reasoning');
    case 'input_price':
    case 'output_price':
      if (isStated && call.cost.other > 0n) return plain('stated_cost');
      return plain(isOtherModel ? 'bigger_model' : 'price');
    case 'other':
      return plain(isStated ? 'stated_cost' : 'units');
  }
}

export function readShare({ tokens }: CallShape): number {
  const input = inputOf(tokens);
  return input === 0 ? 0 : tokens.read / input;
}
