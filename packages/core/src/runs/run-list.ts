import { queryAll, type AnswerBooks } from '../answer/answer-books.js';
import { buildFrame, shareOfCost, type AnswerFrame } from '../answer/frame.js';
import { formatUsd, parseUsd } from '../money.js';
import type {
  Dimension,
  Filter,
  Measure,
  Query,
  QueryResult,
  QueryRow,
  Window,
} from '../report/query.js';
import { successRows, type SuccessRow } from './success-rows.js';
import { displayUsd } from '../whatif/display-usd.js';

/** What is listed: runs, or sessions, which are listed alike. */
export type ListedKind = 'run' | 'session';

export interface RunsRequest {
  kind: ListedKind;
  /** Groups of runs beside the list, e.g. by feature, template version or segment. */
  by: Dimension[];
  window: Window;
  filters?: Filter[];
  order?: 'dearest' | 'newest' | 'most_calls';
  /** Most runs; default 50. */
  limit?: number;
  now: string;
}

export interface ListedRun {
  id: string;
  calls: number;
  errors: number;
  retries: number;
  unpriced_calls: number;
  cost_usd: string | null;
  /** Of the cost of all runs of the window. */
  cost_share: number | null;
  tokens: { input: number; output: number };
  first_call_at: string | null;
  duration_ms: number | null;
  /** Of the run's calls; null where there are none, or several. */
  feature: string | null;
  agent: string | null;
  user: string | null;
  segment: string | null;
  /** What became of it, by all that is known; null of sessions and of runs that nobody judged. */
  outcome: string | null;
}

export interface RunList {
  summary: string;
  frame: AnswerFrame;
  kind: ListedKind;
  totals: SuccessRow & {
    calls_per_run: number | null;
    /** The part of the window's cost that runs are known of. */
    cost_share: number | null;
  };
  rows: ListedRun[];
  truncated: boolean;
  by: Dimension[];
  /** What a run, and a successful one, costs in each group; dearest group first. */
  groups: SuccessRow[];
  groups_truncated: boolean;
}

const rowMeasures: Measure[] = [
  'cost',
  'calls',
  'errors',
  'retries',
  'unpriced_calls',
  'tokens_input',
  'tokens_output',
  'first_call_at',
  'last_call_end_at',
];

const orders = {
  dearest: 'cost',
  newest: 'first_call_at',
  most_calls: 'calls',
} as const satisfies Record<NonNullable<RunsRequest['order']>, Measure>;

/** Runs or sessions of a window, dearest first, and what one costs by group: all, and the successful ones. */
export async function buildRuns(books: AnswerBooks, request: RunsRequest): Promise<RunList> {
  const { kind, by, window, filters = [], order = 'dearest', limit = 50, now } = request;
  const carrying: Filter = { dimension: kind, op: 'not_in', values: [null] };
  const scope = { window, filters: [...filters, carrying] };
  const many: Measure = kind === 'run' ? 'runs' : 'sessions';
  const outcomes: Dimension[] = kind === 'run' ? ['run_outcome'] : [];
  const sums: Measure[] = ['cost', many, 'calls'];
  const whole: Query = { ...scope, measures: sums, dimensions: outcomes };
  const [frame, [list, groups, totals]] = await Promise.all([
    buildFrame(books, { window, filters, now }),
    queryAll(books, [
      {
        ...scope,
        measures: [orders[order]],
        dimensions: [kind, ...outcomes],
        order: [{ by: orders[order], direction: 'desc' }],
        limit,
      },
      { ...scope, measures: sums, dimensions: [...by, ...outcomes], limit: 10_000 },
      kind === 'run' ? whole : { ...scope, measures: [many] },
    ]) as Promise<[QueryResult, QueryResult, QueryResult]>,
  ]);
  // Where each session is in one group, the groups add up to all sessions. Runs are added up in one pass.
  const isPartition =
    !groups.truncated &&
    groups.rows.reduce((sum, row) => sum + Number(row[many]), 0) ===
      Number(totals.rows[0]?.[many] ?? 0);
  const parts =
    kind === 'run' ? totals.rows : isPartition ? groups.rows : (await books.query(whole)).rows;
  const [all] = successRows(parts, [], many);
  const ids = list.rows.map((row) => String(row[kind]));
  const rows = ids.length === 0 ? [] : await readRows(books, kind, list.rows, window, filters);
  const cost = all?.cost_usd ?? null;
  const facts: RunList['totals'] = {
    ...(all ?? noRuns),
    calls_per_run: all === undefined || all.runs === 0 ? null : all.calls / all.runs,
    cost_share: shareIn(cost, frame.cost_usd),
  };
  const place = new Map(ids.map((id, index) => [id, index]));
  const listed = rows
    .map((row) => ({ ...row, cost_share: shareIn(row.cost_usd, cost) }))
    .sort((a, b) => place.get(a.id)! - place.get(b.id)!);
  const grouped = successRows(groups.rows, by, many);
  return {
    summary: describe(kind, facts, frame),
    frame,
    kind,
    totals: facts,
    rows: listed,
    truncated: list.truncated,
    by,
    groups: grouped,
    groups_truncated: groups.truncated,
  };
}

/** The listed runs with what their calls have in common. */
async function readRows(
  books: AnswerBooks,
  kind: ListedKind,
  listed: readonly QueryRow[],
  window: Window,
  filters: Filter[],
): Promise<ListedRun[]> {
  const outcomes = new Map(
    listed.map((row) => [
      String(row[kind]),
      row['run_outcome'] == null ? null : String(row['run_outcome']),
    ]),
  );
  const ids = [...outcomes.keys()];
  const names: Dimension[] = ['feature', 'agent', 'user', 'segment'];
  const { rows } = await books.query({
    window,
    filters: [...filters, { dimension: kind, op: 'in', values: ids }],
    dimensions: [kind, ...names],
    measures: rowMeasures,
    limit: 100_000,
  });
  const byId = new Map<string, QueryRow[]>();
  for (const row of rows) {
    const id = String(row[kind]);
    const same = byId.get(id);
    if (same === undefined) byId.set(id, [row]);
    else same.push(row);
  }
  return [...byId].map(([id, parts]) => listedRun(id, parts, outcomes.get(id) ?? null));
}

function listedRun(id: string, parts: readonly QueryRow[], outcome: string | null): ListedRun {
  // What became of the run is no call and has no part in what calls have in common.
  const called = parts.filter((row) => Number(row['calls'] ?? 0) > 0);
  const common = (name: Dimension): string | null => {
    const values = new Set(called.map((row) => row[name] ?? null));
    const [only] = values;
    return values.size === 1 && only != null ? String(only) : null;
  };
  const sum = (name: Measure): number =>
    parts.reduce((total, row) => total + Number(row[name] ?? 0), 0);
  const costs = parts.flatMap((row) =>
    row['cost'] == null ? [] : [parseUsd(String(row['cost']))],
  );
  const times = (name: Measure): string[] =>
    called.flatMap((row) => (row[name] == null ? [] : [String(row[name])])).toSorted();
  const first = times('first_call_at')[0] ?? null;
  const last = times('last_call_end_at').at(-1) ?? null;
  return {
    id,
    calls: sum('calls'),
    errors: sum('errors'),
    retries: sum('retries'),
    unpriced_calls: sum('unpriced_calls'),
    cost_usd: costs.length === 0 ? null : formatUsd(costs.reduce((a, b) => a + b, 0n)),
    cost_share: null,
    tokens: { input: sum('tokens_input'), output: sum('tokens_output') },
    first_call_at: first,
    duration_ms: first === null || last === null ? null : Date.parse(last) - Date.parse(first),
    feature: common('feature'),
    agent: common('agent'),
    user: common('user'),
    segment: common('segment'),
    outcome,
  };
}

function describe(kind: ListedKind, totals: RunList['totals'], frame: AnswerFrame): string {
  const { runs, judged, successes, cost_usd: cost, cost_per_run_usd: per } = totals;
  if (runs === 0) {
    return frame.calls === 0
      ? (frame.notes[0] ?? 'No calls in this window.')
      : `No call in this window carries the tag ${kind}: see docs/tags.md for how to set it.`;
  }
  const total = cost === null ? 'no known cost' : displayUsd(cost);
  const each = per === null ? '' : `, ${displayUsd(per)} each`;
  const head = `${runs.toLocaleString('en-US')} ${kind}${runs === 1 ? '' : 's'} for ${total}${each}.`;
  if (judged === 0) return head;
  const success = totals.cost_per_success_usd;
  const every = success === null ? '' : `: ${displayUsd(success)} for each success`;
  return `${head} ${successes} of the ${judged} whose outcome is known succeeded${every}.`;
}

const noRuns: SuccessRow = {
  group: {},
  runs: 0,
  calls: 0,
  cost_usd: null,
  cost_per_run_usd: null,
  judged: 0,
  successes: 0,
  success_rate: null,
  judged_cost_usd: null,
  cost_per_success_usd: null,
};

function shareIn(part: string | null, whole: string | null): number | null {
  return part === null || whole === null ? null : shareOfCost(+part, +whole);
}
