import { buildFrame, shareOfCost, type Framed } from '../answer/frame.js';
import type { AnswerBooks } from '../answer/answer-books.js';
import { noteUnknownValues } from '../answer/note-unknown-values.js';
import { describeMoney } from '../explain/describe-money.js';
import { formatUsd, parseUsd, type Picodollars } from '../money.js';
import type { CallRow } from '../report/call-row.js';
import type { CostFloors } from '../report/cost-floors.js';
import type { Filter, Window } from '../report/query.js';
import { leastGroupCalls, medianFactor, tailProbability } from './cost-floor.js';
import { describeOutlier, describeRun } from './describe-outlier.js';
import { billedCalls, sumMeasures } from './measures.js';
import { nameCauses, type OutlierCause } from './outlier-causes.js';
import { groupName, readGroups, type OutlierGroup, type PeerLevel } from './outlier-groups.js';
import { findRuns, type RunAround } from './run-around.js';
import { splitExcess } from './split-excess.js';
import {
  averageCall,
  inputOf,
  readSums,
  shapeOf,
  totalOf,
  type CallShape,
  type CallSums,
} from './typical-call.js';

export interface OutlierRequest {
  window: Window;
  filters?: Filter[];
  /** Most outliers that are shown, the dearest first; default 20, at most 1,000. */
  top?: number;
  /** ISO 8601. */
  now: string;
}

/** Tokens of a call or, with decimals, of the average call. */
export interface OutlierTokens {
  input: number;
  cache_read: number;
  output: number;
  reasoning: number;
}

export interface Outlier {
  call: CallRow;
  cost_usd: string;
  /** What the average of its peers costs that are no outliers; `excess_usd` is the difference. */
  typical_usd: string;
  excess_usd: string;
  /** The median of its peers, and how many times that it costs. */
  median_usd: string;
  times_median: number | null;
  /** Whom it is compared with: calls of its feature and model, of its feature, or all. */
  peers: { level: PeerLevel; feature: string | null; model: string | null; calls: number };
  tokens: { call: OutlierTokens; typical: OutlierTokens };
  /** The largest cause first. They add up to `excess_usd`. */
  causes: OutlierCause[];
  run: RunAround | null;
  /** Why, in a sentence. */
  summary: string;
}

/** The outliers of one feature and model. */
export interface OutlierGroupRow {
  feature: string | null;
  model: string | null;
  outliers: number;
  cost_usd: string;
  /** What their peers would have cost on average is taken away. */
  excess_usd: string;
  floor_usd: string;
}

export interface OutlierReport {
  summary: string;
  rule: { median_factor: number; tail_probability: number; least_calls: number };
  /** Of all outliers of the window, not only those that are shown. */
  total: {
    outliers: number;
    /** Calls that had peers to be compared with. */
    judged_calls: number;
    cost_usd: string;
    excess_usd: string;
    /** Of what all calls of the window cost. */
    cost_share: number | null;
  };
  /** The dearest first. */
  outliers: Outlier[];
  groups: OutlierGroupRow[];
  /** Runs that have several of them, the dearest first; at most 20. */
  runs: { run: string; outliers: number; cost_usd: string }[];
  /** Calls in groups with too few calls, or without a cost, also together with others. */
  not_judged_calls: number;
}

const shownGroups = 100;
const shownRuns = 20;

/**
 * The calls that cost more than 3 × the median of their group and lie in its tail, each with what made
 * it cost more than its peers do on average: causes that add up to the difference exactly. The group is
 * the feature and the model; with fewer than 30 calls the feature, then all calls of the request.
 */
export async function buildOutliers(
  books: AnswerBooks,
  { window, filters = [], top = 20, now }: OutlierRequest,
): Promise<Framed<OutlierReport>> {
  const scope = { window, filters: [...filters, ...billedCalls] };
  const [frame, groups] = await Promise.all([
    buildFrame(books, { window, filters, now }),
    readGroups(books, scope),
  ]);
  await noteUnknownValues(books, frame);
  const judged = groups.groups.filter(({ spread }) => spread !== null);
  if (groups.truncated) {
    frame.notes.push(
      'There are more groups of feature and model than can be judged at once: those with the most calls are.',
    );
  }
  const above: CostFloors = {
    dimensions: ['feature', 'model'],
    groups: judged.filter(mayExceed).map(({ feature, model, spread }) => ({
      values: [feature, model],
      above_usd: spread!.floor_usd,
    })),
  };
  const isNone = above.groups.length === 0;
  const [sums, calls] = isNone
    ? [[], []]
    : await Promise.all([
        books
          .query({
            ...scope,
            measures: sumMeasures,
            dimensions: ['feature', 'model'],
            above,
            limit: above.groups.length,
          })
          .then(({ rows }) => rows),
        books.calls({ ...scope, order: 'dearest', limit: top, above }),
      ]);
  const outlying = new Map(
    sums.map((row) => [groupName(text(row['feature']), text(row['model'])), readSums(row)]),
  );
  const byName = new Map(judged.map((group) => [groupName(group.feature, group.model), group]));
  const typicalOf = typicalCalls(outlying);
  const hasRuns = calls.some(({ tags }) => tags.run !== undefined);
  const [runs, inRuns] = hasRuns
    ? await Promise.all([findRuns(books, calls, window), dearestRuns(books, scope, above)])
    : [new Map<string, RunAround>(), []];
  const outliers = calls.flatMap((call) => {
    const group = byName.get(groupName(call.tags.feature ?? null, call.model));
    const shape = shapeOf(call);
    const typical = group === undefined ? null : typicalOf(group);
    if (group === undefined || shape === null || typical === null) return [];
    return [describe(call, shape, typical, group, runs.get(call.id) ?? null)];
  });
  const rows = judged.flatMap((group) => groupRow(group, outlying, typicalOf(group)));
  const total = totals(rows, judged, frame.cost_usd);
  return {
    frame,
    summary: summarise(total, outliers, inRuns),
    rule: {
      median_factor: medianFactor,
      tail_probability: tailProbability,
      least_calls: leastGroupCalls,
    },
    total,
    outliers,
    groups: rows
      .toSorted((a, b) => compare(parseUsd(b.cost_usd), parseUsd(a.cost_usd)))
      .slice(0, shownGroups),
    runs: inRuns,
    not_judged_calls: Math.max(frame.calls - total.judged_calls, 0),
  };
}

/** Whether a call of the group may lie above its floor: calls of other groups need not be looked at. */
function mayExceed({ spread, dearest_usd: dearest }: OutlierGroup): boolean {
  return dearest === null || parseUsd(dearest) > parseUsd(spread!.floor_usd);
}

async function dearestRuns(
  books: Pick<AnswerBooks, 'query'>,
  scope: { window: Window; filters: Filter[] },
  above: CostFloors,
): Promise<OutlierReport['runs']> {
  const { rows } = await books.query({
    window: scope.window,
    filters: [...scope.filters, { dimension: 'run', op: 'not_in', values: [null] }],
    measures: ['cost', 'calls'],
    dimensions: ['run'],
    above,
    limit: shownRuns,
  });
  return rows
    .filter((row) => Number(row['calls']) > 1)
    .map((row) => ({
      run: String(row['run']),
      outliers: Number(row['calls']),
      cost_usd: String(row['cost']),
    }));
}

/** The average peer of each group that is no outlier, found once for each set of peers. */
function typicalCalls(
  outlying: ReadonlyMap<string, CallSums>,
): (group: OutlierGroup) => CallShape | null {
  const known = new Map<string, CallShape | null>();
  return ({ peers }) => {
    let found = known.get(peers.name);
    if (found === undefined) {
      found = averageCall(peers.sums(outlying));
      known.set(peers.name, found);
    }
    return found;
  };
}

function describe(
  row: CallRow,
  call: CallShape,
  typical: CallShape,
  { peers, spread }: OutlierGroup,
  run: RunAround | null,
): Outlier {
  const cost = totalOf(call.cost);
  const usual = totalOf(typical.cost);
  const isOtherModel = peers.level !== 'model' && row.model !== peers.usualModel;
  const causes = nameCauses(splitExcess(call, typical), call, typical, {
    isOtherModel,
    isStated: row.cost_source === 'reported' || row.cost_source === 'source',
    run,
  });
  const because = describeOutlier({
    cause: causes[0] ?? null,
    call,
    typical,
    model: row.model,
    usualModel: peers.usualModel,
    attempt: row.attempt,
    run,
  });
  return {
    call: row,
    cost_usd: formatUsd(cost),
    typical_usd: formatUsd(usual),
    excess_usd: formatUsd(cost - usual),
    median_usd: spread!.median_usd,
    times_median: rounded(Number(cost) / Number(parseUsd(spread!.median_usd))),
    peers: {
      level: peers.level,
      feature: peers.level === 'all' ? null : (row.tags.feature ?? null),
      model: peers.level === 'model' ? row.model : null,
      calls: spread!.calls,
    },
    tokens: { call: tokensOf(call), typical: tokensOf(typical) },
    causes,
    run,
    summary: isToldByRun(run, causes[0]) ? because : `${because} ${describeRun(run!)}`,
  };
}

/** Where the run adds nothing: there is none, it is this call alone, or the cause tells of it already. */
function isToldByRun(run: RunAround | null, cause: OutlierCause | undefined): boolean {
  return run === null || run.calls === 1 || cause?.cause === 'loop_ran_on';
}

function tokensOf({ tokens }: CallShape): OutlierTokens {
  return {
    input: tenths(inputOf(tokens)),
    cache_read: tenths(tokens.read),
    output: tenths(tokens.output),
    reasoning: tenths(tokens.reasoning),
  };
}

function groupRow(
  { feature, model, spread }: OutlierGroup,
  outlying: ReadonlyMap<string, CallSums>,
  typical: CallShape | null,
): OutlierGroupRow[] {
  const sums = outlying.get(groupName(feature, model));
  if (sums === undefined || sums.calls === 0 || typical === null) return [];
  const cost = totalOf(sums.cost);
  return [
    {
      feature,
      model,
      outliers: sums.calls,
      cost_usd: formatUsd(cost),
      excess_usd: formatUsd(cost - BigInt(sums.calls) * totalOf(typical.cost)),
      floor_usd: spread!.floor_usd,
    },
  ];
}

function totals(
  rows: readonly OutlierGroupRow[],
  judged: readonly OutlierGroup[],
  all: string | null,
): OutlierReport['total'] {
  const add = (pick: (row: OutlierGroupRow) => string): Picodollars =>
    rows.reduce((sum, row) => sum + parseUsd(pick(row)), 0n);
  const cost = add((row) => row.cost_usd);
  return {
    outliers: rows.reduce((sum, row) => sum + row.outliers, 0),
    judged_calls: judged.reduce((sum, { sums }) => sum + sums.calls, 0),
    cost_usd: formatUsd(cost),
    excess_usd: formatUsd(add((row) => row.excess_usd)),
    cost_share: all === null ? null : shareOfCost(Number(cost), Number(parseUsd(all))),
  };
}

function summarise(
  total: OutlierReport['total'],
  outliers: readonly Outlier[],
  [worst]: OutlierReport['runs'],
): string {
  const { outliers: number, judged_calls: judged } = total;
  if (judged === 0) {
    return `No call could be judged: it takes ${leastGroupCalls} calls with a known cost to say what is usual.`;
  }
  const of = `${judged.toLocaleString('en-US')} calls`;
  if (number === 0) return `None of ${of} is an outlier.`;
  const share = total.cost_share === null ? '' : ` (${percent(total.cost_share)} of the cost)`;
  const [first] = outliers;
  const dearest =
    first === undefined
      ? ''
      : ` The dearest cost ${describeMoney(parseUsd(first.cost_usd))}: ${first.summary}`;
  const together =
    worst === undefined
      ? ''
      : ` ${worst.outliers.toLocaleString('en-US')} of them are calls of run ${worst.run}.`;
  const verb = number === 1 ? 'is an outlier and cost' : 'are outliers and cost';
  return `${number.toLocaleString('en-US')} of ${of} ${verb} ${describeMoney(parseUsd(total.cost_usd))}${share}.${together}${dearest}`;
}

function text(value: string | number | null | undefined): string | null {
  return value == null ? null : String(value);
}

function compare(a: Picodollars, b: Picodollars): number {
  return Number(a > b) - Number(a < b);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : null;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
