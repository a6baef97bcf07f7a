import type { AnswerBooks } from '../answer/answer-books.js';
import { frameOf, type AnswerFrame } from '../answer/frame.js';
import { FarthingError } from '../errors.js';
import { formatUsd, parseUsd } from '../money.js';
import type { Filter, Measure, Query, QueryRow, Window } from '../report/query.js';
import { compareRuns, type StepDifference } from './compare-runs.js';
import { dearestSteps, type DearestStep } from './dearest-steps.js';
import { describeRun, describeRunDifference } from './describe-run.js';
import { outcomeApi, outcomeTag, scoreTag } from './run-outcome.js';
import {
  mergeSteps,
  placeByParents,
  stepDimensions,
  stepMeasures,
  stepOf,
  type RunStep,
} from './run-step.js';
import { buildRunTree, type RunNode } from './run-tree.js';

/** What may be drawn as a tree: a run, a session of several runs, or a trace of telemetry. */
export const runKinds = ['run', 'session', 'trace'] as const;
export type RunKind = (typeof runKinds)[number];

export interface RunRequest {
  id: string;
  /** Default: a run of that id, else a session, else a trace. */
  kind?: RunKind;
  /** The id of another run to compare with. */
  against?: string;
  /** Dearest steps that are listed; default 100. */
  limit?: number;
  /** ISO 8601. */
  now: string;
}

/** What the records of a run say became of it; the latest one holds. */
export interface RunOutcome {
  /** `success`, `failure`, or an application's own word. */
  outcome: string;
  /** From 0 to 1, where one was given. */
  score: number | null;
  at: string;
}

export interface RunFacts {
  kind: RunKind;
  id: string;
  calls: number;
  errors: number;
  retries: number;
  unpriced_calls: number;
  cost_usd: string | null;
  /** What attempts after the first cost. */
  retries_cost_usd: string | null;
  tokens: { input: number; cache_read: number; output: number };
  first_call_at: string | null;
  last_call_end_at: string | null;
  /** From the first call's start to the last one's end. */
  duration_ms: number | null;
  outcome: RunOutcome | null;
}

export interface RunReport {
  summary: string;
  frame: AnswerFrame;
  run: RunFacts;
  /** Of a session, its runs are the first level. */
  tree: RunNode[];
  /** Dearest first. */
  steps: DearestStep[];
  steps_truncated: boolean;
  /** Null where nothing is compared. */
  comparison: {
    run: RunFacts;
    summary: string;
    change_usd: string;
    /** Largest difference first; they add up to `change_usd`. */
    steps: StepDifference[];
  } | null;
}

const mostRows = 100_000;
const mostDifferences = 200;

const factMeasures: Measure[] = [
  ...stepMeasures,
  'retries_cost',
  'unattributed_calls',
  'unattributed_cost',
];

/**
 * One run as a tree, what its steps cost, and beside another run which steps differ. Throws `unknown_run`
 * when the books have no call of it.
 */
export async function buildRun(books: AnswerBooks, request: RunRequest): Promise<RunReport> {
  const { id, kind, against, limit = 100, now } = request;
  const [found, other] = await Promise.all([
    readRun(books, id, kind),
    against === undefined ? null : readRun(books, against, kind),
  ]);
  const { run, steps, totals } = found;
  const span: Window = {
    from: run.first_call_at ?? now,
    to: new Date(Date.parse(run.last_call_end_at ?? now) + 1).toISOString(),
  };
  const frame = frameOf(totals, { window: span, filters: [filterOf(run)], now });
  if (found.withoutParents) {
    frame.notes.push(
      'The run has too many spans to look each up: steps stand where they were booked.',
    );
  }
  const comparison = other === null ? null : compared(found, other);
  const dearest = dearestSteps(mergeSteps(steps.map(withoutRun)), limit);
  return {
    summary: comparison?.summary ?? describeRun(run, dearest),
    frame,
    run,
    tree: buildRunTree(steps),
    steps: dearest,
    steps_truncated: dearest.length === limit,
    comparison,
  };
}

interface FoundRun {
  run: RunFacts;
  steps: RunStep[];
  totals: QueryRow;
  withoutParents: boolean;
}

function compared(found: FoundRun, other: FoundRun): RunReport['comparison'] {
  const usd = (run: RunFacts): bigint => parseUsd(run.cost_usd ?? '0');
  const all = compareRuns(
    mergeSteps(found.steps.map(withoutRun)),
    mergeSteps(other.steps.map(withoutRun)),
  );
  const change_usd = formatUsd(usd(found.run) - usd(other.run));
  const summary = describeRunDifference(found.run, other.run, change_usd, all);
  return { run: other.run, summary, change_usd, steps: all.slice(0, mostDifferences) };
}

async function readRun(books: AnswerBooks, id: string, kind?: RunKind): Promise<FoundRun> {
  for (const tried of kind === undefined ? runKinds : [kind]) {
    const filters = [filterOf({ kind: tried, id })];
    const { rows } = await books.query({ measures: factMeasures, filters });
    const totals = rows[0] ?? {};
    if (Number(totals['calls'] ?? 0) === 0) continue;
    // Its calls lie between these: the store need not look anywhere else.
    const window = {
      from: String(totals['first_call_at']),
      to: new Date(Date.parse(String(totals['last_call_end_at'])) + 1).toISOString(),
    };
    const [{ steps, withoutParents }, outcome] = await Promise.all([
      readSteps(books, tried, { filters, window }),
      readOutcome(books, filters),
    ]);
    return { run: factsOf(tried, id, totals, outcome), steps, totals, withoutParents };
  }
  throw new FarthingError(
    'unknown_run',
    `The books have no call of ${kind ?? 'a run, session or trace'} "${id}". List runs with "farthing runs".`,
  );
}

async function readSteps(
  books: AnswerBooks,
  kind: RunKind,
  scope: Pick<Query, 'filters' | 'window'>,
): Promise<{ steps: RunStep[]; withoutParents: boolean }> {
  const runs = kind === 'session' ? (['run'] as const) : [];
  const query: Query = {
    measures: stepMeasures,
    window: scope.window!,
    filters: [...scope.filters!, { dimension: 'api', op: 'not_in', values: [outcomeApi] }],
    dimensions: [...stepDimensions, ...runs],
    order: [{ by: 'cost', direction: 'desc' }],
    limit: mostRows,
  };
  const placed = await books.query({
    ...query,
    dimensions: [...query.dimensions!, 'parent_span'],
  });
  const rows = placed.truncated ? (await books.query(query)).rows : placeByParents(placed.rows);
  const steps = rows.map((row) => {
    const step = stepOf(row);
    if (kind !== 'session') return step;
    const name = row['run'] == null ? 'no run' : `run ${row['run']}`;
    return { ...step, path: [{ kind: 'chain' as const, name }, ...step.path] };
  });
  return { steps: mergeSteps(steps), withoutParents: placed.truncated };
}

/** Steps of a session's runs that are alike are one step of the session. */
function withoutRun(step: RunStep): RunStep {
  const [first] = step.path;
  const isRun = first?.kind === 'chain' && /^(run .|no run$)/.test(first.name ?? '');
  return isRun ? { ...step, path: step.path.slice(1) } : step;
}

async function readOutcome(books: AnswerBooks, filters: Filter[]): Promise<RunOutcome | null> {
  const [record] = await books.calls({
    filters: [...filters, { dimension: 'api', op: 'in', values: [outcomeApi] }],
    order: 'newest',
    limit: 1,
  });
  const outcome = record?.tags.custom?.[outcomeTag];
  if (record === undefined || outcome === undefined) return null;
  const score = Number(record.tags.custom?.[scoreTag]);
  return {
    outcome,
    score: record.tags.custom?.[scoreTag] === undefined || Number.isNaN(score) ? null : score,
    at: record.started_at,
  };
}

function filterOf({ kind, id }: Pick<RunFacts, 'kind' | 'id'>): Filter {
  return { dimension: kind, op: 'in', values: [id] };
}

/** The facts of a run, of a row with its measures. */
export function factsOf(
  kind: RunKind,
  id: string,
  row: QueryRow,
  outcome: RunOutcome | null,
): RunFacts {
  const count = (name: Measure): number => Number(row[name] ?? 0);
  const text = (name: Measure): string | null => (row[name] == null ? null : String(row[name]));
  const first = text('first_call_at');
  const last = text('last_call_end_at');
  return {
    kind,
    id,
    calls: count('calls'),
    errors: count('errors'),
    retries: count('retries'),
    unpriced_calls: count('unpriced_calls'),
    cost_usd: text('cost'),
    retries_cost_usd: text('retries_cost'),
    tokens: {
      input: count('tokens_input'),
      cache_read: count('tokens_cache_read'),
      output: count('tokens_output'),
    },
    first_call_at: first,
    last_call_end_at: last,
    duration_ms: first === null || last === null ? null : Date.parse(last) - Date.parse(first),
    outcome,
  };
}
