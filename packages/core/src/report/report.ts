import type { AnswerBooks } from '../answer/answer-books.js';
import { frameOf, shareOfCost, type AnswerFrame } from '../answer/frame.js';
import { FarthingError } from '../errors.js';
import { askApart } from './ask-apart.js';
import { shortenBucket } from './bucket-name.js';
import { alignRows, compareRow, type MeasureChange, type RowComparison } from './compare-rows.js';
import { describeReport } from './describe-report.js';
import { groupKey } from './group-key.js';
import { followsFromSums, restOf, sumsFor } from './other-row.js';
import { previousWindow } from './previous-window.js';
import type {
  BucketSize,
  Dimension,
  Filter,
  Measure,
  Query,
  QueryResult,
  QueryRow,
  Window,
} from './query.js';

export interface ReportRequest {
  by: Dimension[];
  /** Defaults to `defaultReportMeasures`; `cost` is added when missing, because shares need it. */
  measures?: Measure[];
  window?: Window;
  /** As known at this time (ISO 8601); default: all that is known now. */
  asOf?: string;
  bucket?: BucketSize;
  /** `prefix`: buckets as beginnings of ISO times, `2024-03-15T14`, instead of whole ones. */
  bucketFormat?: 'iso' | 'prefix';
  filters?: Filter[];
  /** Beside the window of the same length before, or another one; needs a window. */
  compare?: 'previous' | Window;
  /** Only so many groups, by the first measure; all others together in `other`. */
  top?: number;
  limit?: number;
  /** ISO 8601; what lies after it has not happened yet. */
  now: string;
}

/** `cost_share` is the row's part of the report's total cost; null when the total is nothing, or is less and the row no part of it. */
export type ReportRow = QueryRow & { cost_share: number | null };

/** The same measures over another window. */
export interface ReportComparison {
  window: Window;
  /** Of the report's rows, in their order. */
  rows: RowComparison[];
  totals: Record<string, MeasureChange>;
  /** Of all groups beyond `top` together; null where there are none, and by time. */
  other: Record<string, MeasureChange> | null;
}

export interface Report {
  /** The report in one sentence. */
  summary: string;
  frame: AnswerFrame;
  query: Query;
  rows: ReportRow[];
  /** The groups beyond `top` together: one row, or one for each bucket. Rows and these add up to the totals. */
  other: ReportRow[];
  /** The same measures over the whole window, with what is unattributed and what has no price. */
  totals: QueryRow;
  /** Null where nothing is compared. */
  comparison: ReportComparison | null;
  truncated: boolean;
  from: QueryResult['from'];
}

export const defaultReportMeasures: readonly Measure[] = [
  'cost',
  'calls',
  'cost_average',
  'tokens_input',
  'tokens_output',
];

/** What every report states about its own gaps. */
const gapMeasures: readonly Measure[] = [
  'cost',
  'calls',
  'adjustments',
  'unattributed_calls',
  'unattributed_cost',
  'unpriced_calls',
];

/** Rows of one window, and what they are parts of. */
interface Part {
  rows: QueryRow[];
  other: QueryRow[];
  totals: QueryRow;
  truncated: boolean;
  from: QueryResult['from'];
}

/**
 * The spend report of the API and the command line: rows by dimension with their share of the total.
 * The totals are asked for on their own, so that they are right when `limit` cuts rows off and for
 * measures that do not add up (percentiles). Throws `invalid_query` for what does not go together.
 */
export async function buildReport(
  books: Pick<AnswerBooks, 'query'>,
  request: ReportRequest,
): Promise<Report> {
  const ask = (query: Query): Promise<QueryResult> =>
    askApart((asked) => books.query(asked), query);
  const { by, window, filters = [], asOf, bucket, top, now } = request;
  const chosen = request.measures ?? [...defaultReportMeasures];
  const measures = unique(chosen.includes('cost') ? chosen : [...chosen, 'cost']);
  if (top !== undefined && bucket !== undefined && by.length !== 1) {
    throw invalid(
      '`top` by time goes with one dimension. Name one in `by`, or leave `bucket` out.',
    );
  }
  const before = comparedWindow(request);
  const query: Query = {
    measures,
    dimensions: by,
    ...(window === undefined ? {} : { window }),
    ...(filters.length === 0 ? {} : { filters }),
    ...(asOf === undefined ? {} : { as_of: asOf }),
    ...(bucket === undefined ? {} : { bucket }),
    ...(request.limit === undefined ? {} : { limit: request.limit }),
  };
  const among = top === undefined ? null : await topGroups(ask, query, top);
  const [part, earlier] = await Promise.all([
    askPart(ask, query, among),
    before === null ? null : askPart(ask, { ...query, window: before }, among),
  ]);

  const totalCost = Number(part.totals['cost'] ?? 0);
  const finish = (row: QueryRow): ReportRow => {
    const shown = withAverage(row);
    if (!measures.includes('calls')) delete shown['calls'];
    if (bucket !== undefined && request.bucketFormat === 'prefix') {
      shown['bucket'] = shortenBucket(String(shown['bucket']), bucket);
    }
    const cost = row['cost'];
    return Object.assign(shown, {
      cost_share: cost == null ? null : shareOfCost(+cost, totalCost),
    });
  };
  const aligned = before === null || earlier === null ? null : line(part, earlier, query, before);
  const frame = frameOf(part.totals, {
    window: window ?? { from: '1970-01-01T00:00:00.000Z', to: now },
    filters,
    now,
  });
  const report = {
    frame,
    query,
    rows: (aligned?.rows ?? part.rows).map(finish),
    other: part.other.map(finish),
    totals: withAverage(part.totals),
    comparison: aligned?.comparison ?? null,
    truncated: part.truncated,
    from: part.from,
  };
  return { summary: describeReport(report), ...report };
}

function line(
  part: Part,
  earlier: Part,
  { dimensions = [], measures, window }: Query,
  before: Window,
): { rows: QueryRow[]; comparison: ReportComparison } {
  const shift = Date.parse(window!.from) - Date.parse(before.from);
  const { rows, compared } = alignRows(part.rows, earlier.rows, dimensions, measures, shift);
  const totals = compareRow(withAverage(part.totals), withAverage(earlier.totals), measures);
  const [rest] = part.other;
  const other =
    rest === undefined || part.other.length > 1
      ? null
      : compareRow(withAverage(rest), withAverage(earlier.other[0] ?? {}), measures);
  return { rows, comparison: { window: before, rows: compared, totals, other } };
}

/**
 * One query for the rows, one for the totals. The groups beyond `top` are what is left of the totals;
 * where a measure does not follow from that, or by time, they are asked for.
 */
async function askPart(
  ask: AnswerBooks['query'],
  query: Query,
  among: QueryRow[] | null,
): Promise<Part> {
  const { measures, dimensions = [], filters = [], limit: _limit, bucket, ...scope } = query;
  const [dimension] = dimensions;
  const single = among !== null && dimensions.length === 1 && dimension !== undefined;
  const isLeft = bucket === undefined && measures.every(followsFromSums);
  // Rows without calls have no average, and whether they have any must be known to say so.
  const wanted = unique(measures.includes('calls') ? measures : [...measures, 'calls']);
  const asked = among === null ? wanted : sumsFor(wanted);
  const narrowed = (op: Filter['op']): Filter[] => [
    ...filters,
    {
      dimension: dimension!,
      op,
      values: (among ?? []).map((row) => row[dimension!] as string | null),
    },
  ];
  const inTime = bucket === undefined ? {} : { bucket };
  const [result, total, rest] = await Promise.all([
    ask({
      ...query,
      measures: asked,
      ...(single ? { filters: narrowed('in') } : {}),
      ...(among !== null && !single ? { limit: 100_000 } : {}),
    }),
    ask({ ...scope, filters, measures: unique([...asked, ...gapMeasures]) }),
    single && !isLeft
      ? ask({ ...scope, ...inTime, filters: narrowed('not_in'), measures: wanted })
      : null,
  ]);
  const totals = total.rows[0] ?? {};
  const isGrouped = dimensions.length > 0 || bucket !== undefined;
  const hasFigures = (row: QueryRow): boolean => !isGrouped || saysAnything(row, wanted);
  const part = { totals: only(totals, [...wanted, ...gapMeasures]), from: result.from };
  if (among === null) {
    return {
      ...part,
      rows: result.rows.filter(hasFigures),
      other: [],
      truncated: result.truncated,
    };
  }
  const keys = new Set(among.map((row) => groupKey(row, dimensions)));
  const rows = result.rows.filter((row) => keys.has(groupKey(row, dimensions)) && hasFigures(row));
  const other = rest === null ? [restOf(totals, rows, wanted)] : rest.rows;
  return {
    ...part,
    rows: rows.map((row) => only(row, ['bucket', ...dimensions, ...wanted])),
    other: other.filter((row) => saysAnything(row, wanted)),
    truncated: false,
  };
}

function only(row: QueryRow, names: readonly string[]): QueryRow {
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name)));
}

/** The groups that a report with `top` shows: those of the window itself, also beside another one. */
async function topGroups(
  ask: AnswerBooks['query'],
  { bucket: _bucket, ...query }: Query,
  top: number,
): Promise<QueryRow[]> {
  if (query.dimensions?.length === 0) {
    throw invalid('`top` counts groups. Name a dimension in `by`, e.g. feature.');
  }
  return (await ask({ ...query, measures: [query.measures[0]!], limit: top })).rows;
}

function comparedWindow({ compare, window, bucket }: ReportRequest): Window | null {
  if (compare === undefined) return null;
  if (window === undefined) {
    throw invalid('`compare` needs a window. Add `since`, e.g. 7d.');
  }
  const before = compare === 'previous' ? previousWindow(window) : compare;
  const length = bucket === undefined ? 1 : bucketMilliseconds[bucket];
  if (length === undefined || (Date.parse(window.from) - Date.parse(before.from)) % length !== 0) {
    throw invalid(
      `The windows lie no whole number of ${bucket}s apart, so that their buckets cannot be compared. Choose a window of whole ${bucket}s, or a smaller bucket.`,
    );
  }
  return before;
}

/** Of buckets that are all equally long. */
const bucketMilliseconds: Partial<Record<BucketSize, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/**
 * A row of adjusting entries alone (`--by source`) has an amount and no calls to divide it by, although
 * the entries change the number of calls whose cost is known.
 */
function withAverage(row: QueryRow): QueryRow {
  if (Number(row['calls'] ?? 0) > 0) return { ...row };
  const shown = { ...row };
  for (const name of ['cost_average', 'cost_per_1k_calls']) {
    if (shown[name] != null) shown[name] = null;
  }
  return shown;
}

/**
 * Whether a group has a call, a cost or another figure that is asked for. What only says how runs ended
 * makes a group in the books (without a source, or a model) of which a report has nothing to tell.
 */
function saysAnything(row: QueryRow, measures: readonly Measure[]): boolean {
  // Times are no numbers, and therefore none that are 0.
  return measures.some((name) => row[name] != null && Number(row[name]) !== 0);
}

function unique(items: Measure[]): Measure[] {
  return [...new Set(items)];
}

function invalid(message: string): FarthingError {
  return new FarthingError('invalid_query', message);
}
