import { shareOfCost } from '../answer/frame.js';
import { formatUsd } from '../money.js';
import { addSteps, stepKey, type RunStep } from './run-step.js';

/** A part of a run: a step with what is below it, or calls that are alike (`× 812`). */
export interface RunNode {
  kind: 'agent' | 'tool' | 'chain' | 'call' | 'others';
  name: string;
  feature: string | null;
  template_version: string | null;
  /** Calls and uses of tools here and below. */
  calls: number;
  errors: number;
  /** Attempts after the first. */
  retries: number;
  /** Calls whose cost is not known and which are in no sum. */
  unpriced_calls: number;
  cost_usd: string | null;
  /** Of the whole run's cost; null where that is nothing. */
  cost_share: number | null;
  tokens: { input: number; cache_read: number; output: number };
  first_call_at: string | null;
  last_call_end_at: string | null;
  /** In the order of their first calls. */
  children: RunNode[];
}

/** The most parts that a node shows by themselves; the cheapest of more are one, `others`. */
export const mostChildren = 40;

/**
 * The tree of a run: its steps under the agents and tools that made them, what is repeated as one. The
 * costs of a node's children add up to its own.
 */
export function buildRunTree(steps: readonly RunStep[]): RunNode[] {
  const total = addSteps(steps).cost ?? 0n;
  return childrenOf(steps, 0, total);
}

function childrenOf(steps: readonly RunStep[], depth: number, total: bigint): RunNode[] {
  const groups = new Map<string, RunStep[]>();
  for (const step of steps) {
    const above = step.path[depth];
    const key = above === undefined ? stepKey(step) : JSON.stringify([above.kind, above.name]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [step]);
    else group.push(step);
  }
  const nodes = [...groups.values()].map((group) => {
    const [first] = group as [RunStep];
    const above = first.path[depth];
    return above === undefined
      ? nodeOf(first.kind, first.name, group, total, [])
      : nodeOf(
          above.kind,
          above.name ?? above.kind,
          group,
          total,
          childrenOf(group, depth + 1, total),
        );
  });
  const shown = groups.size <= mostChildren ? nodes : collapse(nodes, [...groups.values()], total);
  return shown.sort((a, b) => compareTimes(a.first_call_at, b.first_call_at));
}

/** Keeps the dearest and puts all others together. */
function collapse(nodes: RunNode[], groups: RunStep[][], total: bigint): RunNode[] {
  const order = nodes
    .map((node, index) => ({
      node,
      group: groups[index]!,
      cost: addSteps(groups[index]!).cost ?? 0n,
    }))
    .sort((a, b) => (a.cost < b.cost ? 1 : a.cost > b.cost ? -1 : 0));
  const rest = order.slice(mostChildren - 1);
  const others = nodeOf(
    'others',
    `${rest.length} other steps`,
    rest.flatMap(({ group }) => group),
    total,
    [],
  );
  return [...order.slice(0, mostChildren - 1).map(({ node }) => node), others];
}

function nodeOf(
  kind: RunNode['kind'],
  name: string,
  steps: readonly RunStep[],
  total: bigint,
  children: RunNode[],
): RunNode {
  const { cost, unpriced, ...sums } = addSteps(steps);
  return {
    kind,
    name,
    feature: sums.feature,
    template_version: sums.template_version,
    calls: sums.calls,
    errors: sums.errors,
    retries: sums.retries,
    unpriced_calls: unpriced,
    cost_usd: cost === null ? null : formatUsd(cost),
    cost_share: cost === null ? null : shareOfCost(Number(cost), Number(total)),
    tokens: sums.tokens,
    first_call_at: sums.first_call_at,
    last_call_end_at: sums.last_call_end_at,
    children,
  };
}

function compareTimes(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : a > b ? 1 : 0;
}
