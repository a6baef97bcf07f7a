import { divideHalfEven, formatUsd } from '../money.js';
import { formatSteps } from './step-path.js';
import { stepKey, type RunStep } from './run-step.js';

/**
 * Why a step cost another amount: it is there in one of the runs alone, was made more or less often, took
 * more or fewer tokens a call, ran on another model or another version of its template, or cost more or
 * less for the same tokens.
 */
export type StepDifferenceCause =
  | 'new'
  | 'gone'
  | 'model'
  | 'template'
  | 'calls'
  | 'tokens'
  | 'price'
  | 'same';

/** One step in two runs. */
export interface StepDifference {
  step: string;
  kind: RunStep['kind'];
  name: string;
  /** The model or tool in the run that it is compared with, where it is another. */
  name_before: string | null;
  feature: string | null;
  template_version: string | null;
  /** The version in the run that it is compared with, where it is another. */
  template_version_before: string | null;
  calls: number;
  calls_before: number;
  /** Input and output tokens together. */
  tokens: number;
  tokens_before: number;
  cost_usd: string;
  cost_before_usd: string;
  /** The part of the whole difference that comes from this step: they add up to it, exactly. */
  change_usd: string;
  /** Of that, what comes from more or fewer calls at what a call cost before; the rest is what a call costs. */
  change_by_calls_usd: string;
  cause: StepDifferenceCause;
}

/**
 * Which steps make one run cost more or less than another, by the size of the difference. Steps are the
 * same where their place, model and template are; of those left, one is compared with another at the same
 * place, with another template or on another model.
 */
export function compareRuns(
  steps: readonly RunStep[],
  before: readonly RunStep[],
): StepDifference[] {
  const pairs = pairUp(steps, before);
  return pairs
    .map(([now, then]) => differenceOf(now, then))
    .sort((a, b) => Math.abs(Number(b.change_usd)) - Math.abs(Number(a.change_usd)));
}

type Pair = [now: RunStep | null, before: RunStep | null];

function pairUp(steps: readonly RunStep[], before: readonly RunStep[]): Pair[] {
  const pairs: Pair[] = [];
  let left = [...steps];
  let leftBefore = [...before];
  const alike: ((step: RunStep) => string)[] = [
    stepKey,
    // Another template, then another model, then both: only where nothing closer is left.
    ({ path, kind, name, feature }) => JSON.stringify([path, kind, name, feature]),
    ({ path, kind, name, feature, template_version: version }) =>
      JSON.stringify([path, kind, kind === 'tool' ? name : null, feature, version]),
    ({ path, kind, name, feature }) =>
      JSON.stringify([path, kind, kind === 'tool' ? name : null, feature]),
  ];
  for (const keyOf of alike) {
    const waiting = new Map<string, RunStep[]>();
    for (const then of leftBefore) {
      const key = keyOf(then);
      const same = waiting.get(key);
      if (same === undefined) waiting.set(key, [then]);
      else same.push(then);
    }
    const unpaired: RunStep[] = [];
    const taken = new Set<RunStep>();
    for (const now of left) {
      const then = waiting.get(keyOf(now))?.shift();
      if (then === undefined) unpaired.push(now);
      else {
        taken.add(then);
        pairs.push([now, then]);
      }
    }
    left = unpaired;
    leftBefore = leftBefore.filter((then) => !taken.has(then));
  }
  return [
    ...pairs,
    ...left.map((now): Pair => [now, null]),
    ...leftBefore.map((then): Pair => [null, then]),
  ];
}

function differenceOf(now: RunStep | null, then: RunStep | null): StepDifference {
  const shown = (now ?? then)!;
  const cost = now?.cost ?? 0n;
  const costBefore = then?.cost ?? 0n;
  const calls = now?.calls ?? 0;
  const callsBefore = then?.calls ?? 0;
  const change = cost - costBefore;
  const byCalls =
    callsBefore === 0
      ? change
      : divideHalfEven(costBefore * BigInt(calls - callsBefore), BigInt(callsBefore));
  return {
    step: formatSteps(shown.path),
    kind: shown.kind,
    name: shown.name,
    name_before: now !== null && then !== null && now.name !== then.name ? then.name : null,
    feature: shown.feature,
    template_version: shown.template_version,
    template_version_before:
      now !== null && then !== null && now.template_version !== then.template_version
        ? then.template_version
        : null,
    calls,
    calls_before: callsBefore,
    tokens: tokensOf(now),
    tokens_before: tokensOf(then),
    cost_usd: formatUsd(cost),
    cost_before_usd: formatUsd(costBefore),
    change_usd: formatUsd(change),
    change_by_calls_usd: formatUsd(byCalls),
    cause: causeOf(now, then, change, byCalls),
  };
}

function causeOf(
  now: RunStep | null,
  then: RunStep | null,
  change: bigint,
  byCalls: bigint,
): StepDifferenceCause {
  if (then === null) return 'new';
  if (now === null) return 'gone';
  if (now.name !== then.name) return 'model';
  const byCall = change - byCalls;
  if (change === 0n && byCalls === 0n) return 'same';
  if (size(byCalls) >= size(byCall)) return 'calls';
  if (now.template_version !== then.template_version) return 'template';
  return tokensMoved(now, then) ? 'tokens' : 'price';
}

/** Whether a call's tokens moved at least half as much, in proportion, as what it costs. */
function tokensMoved(now: RunStep, then: RunStep): boolean {
  const perCall = (step: RunStep, what: number): number =>
    step.calls === 0 ? 0 : what / step.calls;
  const ratio = (a: number, b: number): number =>
    b === 0 ? (a === 0 ? 0 : 1) : Math.abs(a / b - 1);
  const cost = ratio(perCall(now, Number(now.cost ?? 0n)), perCall(then, Number(then.cost ?? 0n)));
  const kinds = ['input', 'cache_read', 'output'] as const;
  const moved = kinds.map((kind) =>
    ratio(perCall(now, now.tokens[kind]), perCall(then, then.tokens[kind])),
  );
  return Math.max(...moved) >= cost / 2;
}

function tokensOf(step: RunStep | null): number {
  return step === null ? 0 : step.tokens.input + step.tokens.output;
}

function size(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
