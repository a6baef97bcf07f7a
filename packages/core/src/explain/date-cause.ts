import type {
  Dimension,
  Filter,
  Measure,
  Query,
  QueryResult,
  QueryRow,
  Window,
} from '../report/query.js';
import type { Cause, CauseKind } from './causes.js';
import { findChange, type Change, type Point } from './change-point.js';
import { wholeHours } from './whole-hours.js';

type Ask = (query: Query) => Promise<QueryResult>;

/** When a cause set in. */
export interface Onset {
  /** ISO 8601, the beginning of an hour or a day. */
  at: string;
  /** From when it was over; null where it lasts. */
  until: string | null;
  bucket: 'hour' | 'day';
  /** The level from then on ÷ the one before; null of shares and of groups that begin or end. */
  ratio: number | null;
}

export interface DatingRequest {
  by: Dimension;
  filters: Filter[];
  earlier: Window;
  later: Window;
}

const hourLength = 3_600_000;
/** Longer spans are dated by days. */
const longestByHour = 28 * 24 * hourLength;
const mostBuckets = 5_000;

/**
 * Finds when the quantity behind a cause moved, over both windows: the change of level of what a call took
 * (or costs, or of how many there are), hour by hour; calls, which come and go with the day, by days.
 * Null where it moved slowly, or no more than it always does, or the windows do not follow each other.
 */
export async function dateCause(
  ask: Ask,
  cause: Cause,
  request: DatingRequest,
): Promise<Onset | null> {
  const reading = readings[cause.kind];
  const { earlier, later, by } = request;
  if (reading === undefined || earlier.to !== later.from) return null;
  const window = wholeHours({ from: earlier.from, to: later.to });
  const span = Date.parse(window.to) - Date.parse(window.from);
  const bucket = reading.byDay === true || span > longestByHour ? 'day' : 'hour';
  const query = (filters: Filter[]): Query => ({
    measures: [...reading.measures],
    dimensions: cause.kind === 'routing' ? ['provider', 'model'] : [],
    filters: [...request.filters, ...filters],
    window,
    bucket,
    limit: mostBuckets,
  });
  const isOwnVolume = cause.kind === 'volume' && cause.group !== undefined;
  const [{ rows, truncated }, everyone] = await Promise.all([
    ask(query(scopeOf(cause, by))),
    isOwnVolume ? ask(query(billedOnly(by))) : null,
  ]);
  if (truncated || everyone?.truncated === true) return null;
  if (cause.kind === 'new' || cause.kind === 'gone') return edgeOf(cause.kind, rows, bucket);
  const points =
    cause.kind === 'routing'
      ? modelShare(rows, cause)
      : everyone === null
        ? pointsOf(rows, reading)
        : besideOthers(rows, everyone.rows);
  const isUp = (cause.quantity?.after ?? 0) >= (cause.quantity?.before ?? 0);
  const change = findChange(points, isUp ? 1 : -1, {
    isBounded: reading.isShare === true,
  });
  return change === null ? null : onsetOf(change, bucket, reading.isShare === true);
}

interface Reading {
  measures: readonly Measure[];
  value: (row: QueryRow) => number;
  /** Falls and rises are ratios, except of shares. */
  isShare?: true;
  byDay?: true;
}

const number = (row: QueryRow, name: Measure) => Number(row[name] ?? 0);
const perCall = (name: Measure): Reading => ({
  measures: ['calls', name],
  value: (row) => number(row, name) / number(row, 'calls'),
});
const callsByDay: Reading = {
  measures: ['calls'],
  value: (row) => number(row, 'calls'),
  byDay: true,
};
const edges: Reading = { measures: ['calls'], value: (row) => number(row, 'calls') };

const readings: Partial<Record<CauseKind, Reading>> = {
  new: edges,
  gone: edges,
  volume: callsByDay,
  routing: { ...edges, isShare: true },
  retries: {
    measures: ['calls', 'retries'],
    value: (row) => number(row, 'retries') / number(row, 'calls'),
    isShare: true,
  },
  input: perCall('tokens_input'),
  output: perCall('tokens_output'),
  cache: {
    measures: ['calls', 'tokens_cache_read', 'tokens_input'],
    value: (row) => number(row, 'tokens_cache_read') / number(row, 'tokens_input'),
    isShare: true,
  },
  price: {
    measures: ['calls', 'cost', 'tokens_input', 'tokens_output'],
    value: (row) =>
      number(row, 'cost') / (number(row, 'tokens_input') + number(row, 'tokens_output')),
  },
  unpriced: {
    measures: ['calls', 'unpriced_calls'],
    value: (row) => 1 - number(row, 'unpriced_calls') / number(row, 'calls'),
    isShare: true,
  },
  other: perCall('cost_other'),
};

/** The calls that a cause is about: its group and the model that did it, what is billed only. */
function scopeOf({ kind, group, model }: Cause, by: Dimension): Filter[] {
  const filters: Filter[] = [];
  const only = (dimension: Dimension, value: string | null) =>
    filters.push({ dimension, op: 'in', values: [value] });
  if (group !== undefined) only(by, group);
  if (model !== null && kind !== 'routing' && kind !== 'new' && kind !== 'gone') {
    only('provider', model.provider);
    only('model', model.model);
  }
  return [...filters, ...billedOnly(by)];
}

/** The roll-up by tenant does not know what was billed. */
function billedOnly(by: Dimension): Filter[] {
  if (by === 'tenant') return [];
  return [
    { dimension: 'api', op: 'not_in', values: ['manual'] },
    { dimension: 'cost_status', op: 'not_in', values: ['not_billed'] },
  ];
}

/**
 * Calls of each day ÷ those of all the others, because a quiet weekend is no event; the calls alone where
 * there are no others.
 */
function besideOthers(own: readonly QueryRow[], all: readonly QueryRow[]): Point[] {
  const total = new Map(all.map((row) => [row['bucket'], number(row, 'calls')]));
  const ratios = own.flatMap((row): Point[] => {
    const calls = number(row, 'calls');
    const others = (total.get(row['bucket'] ?? null) ?? 0) - calls;
    if (calls <= 0 || others <= 0) return [];
    return [{ at: String(row['bucket']), value: Math.log(calls / others), weight: 1 }];
  });
  return ratios.length * 2 > own.length ? ratios : pointsOf(own, readings.volume!);
}

function pointsOf(rows: readonly QueryRow[], reading: Reading): Point[] {
  return rows.flatMap((row) => {
    const value = reading.value(row);
    const level = reading.isShare === true ? value : Math.log(value);
    const weight = number(row, 'calls');
    if (!Number.isFinite(level) || weight <= 0) return [];
    return [
      { at: String(row['bucket']), value: level, weight: reading.byDay === true ? 1 : weight },
    ];
  });
}

/** The share of the calls of each bucket that the model answered which took over. */
function modelShare(rows: readonly QueryRow[], { model }: Cause): Point[] {
  const buckets = new Map<string, { all: number; own: number }>();
  for (const row of rows) {
    const at = String(row['bucket']);
    const bucket = buckets.get(at) ?? { all: 0, own: 0 };
    buckets.set(at, bucket);
    bucket.all += number(row, 'calls');
    if (row['provider'] === model?.provider && row['model'] === model?.model) {
      bucket.own += number(row, 'calls');
    }
  }
  return [...buckets].flatMap(([at, { all, own }]) =>
    all <= 0 ? [] : [{ at, value: own / all, weight: all }],
  );
}

function edgeOf(
  kind: 'new' | 'gone',
  rows: readonly QueryRow[],
  bucket: Onset['bucket'],
): Onset | null {
  const times = rows.filter((row) => number(row, 'calls') > 0).map((row) => String(row['bucket']));
  const sorted = times.toSorted();
  const at = kind === 'new' ? sorted[0] : sorted.at(-1);
  return at === undefined ? null : { at, until: null, bucket, ratio: null };
}

function onsetOf(change: Change, bucket: Onset['bucket'], isShare: boolean): Onset {
  const { from, last, before, after } = change;
  const length = bucket === 'hour' ? hourLength : 24 * hourLength;
  const until = last === null ? null : new Date(Date.parse(last) + length).toISOString();
  // Levels that are no shares are logarithms.
  const ratio = isShare ? null : Number(Math.exp(after - before).toPrecision(4));
  return { at: from, until, bucket, ratio };
}
