import { shareOfCost } from '../answer/frame.js';
import { divideHalfEven, formatUsd } from '../money.js';
import { formatSteps } from './step-path.js';
import type { RunStep } from './run-step.js';

/** A step of a run by what it cost, whatever stands above it. */
export interface DearestStep {
  /** The steps above, `agent:planner/tool:search`; empty at the top. */
  step: string;
  kind: RunStep['kind'];
  name: string;
  feature: string | null;
  template_version: string | null;
  calls: number;
  cost_usd: string | null;
  /** Decimal USD of one call on average; null where none has a known cost. */
  cost_per_call_usd: string | null;
  cost_share: number | null;
  /** Of this and all dearer steps together. */
  cumulative_share: number | null;
}

/** The steps of a run, dearest first, with their share of the whole run's cost. */
export function dearestSteps(steps: readonly RunStep[], most: number): DearestStep[] {
  const total = steps.reduce((sum, { cost }) => sum + (cost ?? 0n), 0n);
  const byCost = steps.toSorted((a, b) => {
    const difference = (b.cost ?? -1n) - (a.cost ?? -1n);
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  });
  let sum = 0n;
  return byCost.slice(0, most).map((step) => {
    const { cost, calls, unpriced } = step;
    sum += cost ?? 0n;
    const priced = calls - unpriced;
    return {
      step: formatSteps(step.path),
      kind: step.kind,
      name: step.name,
      feature: step.feature,
      template_version: step.template_version,
      calls,
      cost_usd: cost === null ? null : formatUsd(cost),
      cost_per_call_usd:
        cost === null || priced <= 0 ? null : formatUsd(divideHalfEven(cost, BigInt(priced))),
      cost_share: cost === null ? null : shareOfCost(Number(cost), Number(total)),
      cumulative_share: shareOfCost(Number(sum), Number(total)),
    };
  });
}
