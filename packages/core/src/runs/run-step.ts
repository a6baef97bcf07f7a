import { parseUsd } from '../money.js';
import type { Dimension, Measure, QueryRow } from '../report/query.js';
import { parseSteps, type PathStep } from './step-path.js';

/** Calls of a run that are alike and stand at the same place: one line of its tree. */
export interface RunStep {
  /** The agents, tools and other steps above, root first. */
  path: PathStep[];
  kind: 'call' | 'tool';
  /** The model that answered, or the tool's name. */
  name: string;
  feature: string | null;
  template_version: string | null;
  calls: number;
  errors: number;
  retries: number;
  unpriced: number;
  /** Picodollars; null where no call of it has a known cost. */
  cost: bigint | null;
  tokens: { input: number; cache_read: number; output: number };
  first_call_at: string | null;
  last_call_end_at: string | null;
}

/** What the steps of a run are told apart by. */
export const stepDimensions: Dimension[] = [
  'step',
  'agent',
  'api',
  'model',
  'model_requested',
  'feature',
  'template_version',
];

export const stepMeasures: Measure[] = [
  'calls',
  'cost',
  'errors',
  'retries',
  'unpriced_calls',
  'tokens_input',
  'tokens_cache_read',
  'tokens_output',
  'first_call_at',
  'last_call_end_at',
];

/** The step of a row with these dimensions and measures. */
export function stepOf(row: QueryRow): RunStep {
  const text = (name: string): string | null => {
    const value = row[name];
    return value == null ? null : String(value);
  };
  const count = (name: Measure): number => Number(row[name] ?? 0);
  const steps = text('step');
  const agent = text('agent');
  const tool = text('api') === 'tool';
  const model = text('model');
  const requested = text('model_requested');
  const cost = text('cost');
  return {
    // Without spans the tag says whose call it was, and nothing of what stood above.
    path:
      steps !== null ? parseSteps(steps) : agent === null ? [] : [{ kind: 'agent', name: agent }],
    kind: tool ? 'tool' : 'call',
    name: (tool ? (requested ?? model) : (model ?? requested)) ?? text('api') ?? 'unknown',
    feature: text('feature'),
    template_version: text('template_version'),
    calls: count('calls'),
    errors: count('errors'),
    retries: count('retries'),
    unpriced: count('unpriced_calls'),
    cost: cost === null ? null : parseUsd(cost),
    tokens: {
      input: count('tokens_input'),
      cache_read: count('tokens_cache_read'),
      output: count('tokens_output'),
    },
    first_call_at: text('first_call_at'),
    last_call_end_at: text('last_call_end_at'),
  };
}

/** Where a step stands, as one text: equal for what is repeated. */
export function stepKey({ path, kind, name, feature, template_version }: RunStep): string {
  return JSON.stringify([
    path.map((step) => [step.kind, step.name]),
    kind,
    name,
    feature,
    template_version,
  ]);
}

/** Several steps as one: sums, and the time from the first to the last. */
export function addSteps(steps: readonly RunStep[]): Omit<RunStep, 'path' | 'kind' | 'name'> {
  const sum = (value: (step: RunStep) => number): number =>
    steps.reduce((total, step) => total + value(step), 0);
  const costs = steps.flatMap(({ cost }) => (cost === null ? [] : [cost]));
  const starts = steps.flatMap(({ first_call_at: at }) => at ?? []).toSorted();
  const ends = steps.flatMap(({ last_call_end_at: at }) => at ?? []).toSorted();
  return {
    feature: common(steps.map(({ feature }) => feature)),
    template_version: common(steps.map(({ template_version: version }) => version)),
    calls: sum(({ calls }) => calls),
    errors: sum(({ errors }) => errors),
    retries: sum(({ retries }) => retries),
    unpriced: sum(({ unpriced }) => unpriced),
    cost: costs.length === 0 ? null : costs.reduce((a, b) => a + b, 0n),
    tokens: {
      input: sum(({ tokens }) => tokens.input),
      cache_read: sum(({ tokens }) => tokens.cache_read),
      output: sum(({ tokens }) => tokens.output),
    },
    first_call_at: starts[0] ?? null,
    last_call_end_at: ends.at(-1) ?? null,
  };
}

/** What all have in common; null where they differ. */
function common(values: readonly (string | null)[]): string | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

/** Rows of the same place as one step. */
export function mergeSteps(steps: readonly RunStep[]): RunStep[] {
  const places = new Map<string, RunStep[]>();
  for (const step of steps) {
    const key = stepKey(step);
    const same = places.get(key);
    if (same === undefined) places.set(key, [step]);
    else same.push(step);
  }
  return [...places.values()].map((same) =>
    same.length === 1 ? same[0]! : { ...same[0]!, ...addSteps(same) },
  );
}

/**
 * The place of calls whose spans above were not known when they were booked: that of calls under the same
 * span which were booked later, where there are some.
 */
export function placeByParents(rows: readonly QueryRow[]): QueryRow[] {
  const places = new Map<string, string>();
  for (const { parent_span: parent, step } of rows) {
    if (parent != null && step != null) places.set(String(parent), String(step));
  }
  return rows.map((row) => {
    if (row['step'] != null || row['parent_span'] == null) return row;
    const step = places.get(String(row['parent_span']));
    return step === undefined ? row : { ...row, step };
  });
}
