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
  filters?: Filter[];
  limit?: number;
}

/** `cost_share` is the row's part of the report's total cost, 0 to 1; null when the total is nothing. */
export type ReportRow = QueryRow & { cost_share: number | null };

export interface Report {
  query: Query;
  rows: ReportRow[];
  /** The same measures over the whole window, with what is unattributed and what has no price. */
  totals: QueryRow;
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

/**
 * The spend report of the API and the command line: rows by dimension with their share of the total.
 * `ask` answers a query, from a store or over HTTP. The totals are asked for on their own, so that
 * they are right when `limit` cuts rows off and for measures that do not add up (percentiles).
 */
export async function buildReport(
  ask: (query: Query) => Promise<QueryResult>,
  request: ReportRequest,
): Promise<Report> {
  const chosen = request.measures ?? [...defaultReportMeasures];
  const measures = unique(chosen.includes('cost') ? chosen : [...chosen, 'cost']);
  const scope = {
    ...(request.window === undefined ? {} : { window: request.window }),
    ...(request.filters === undefined ? {} : { filters: request.filters }),
    ...(request.asOf === undefined ? {} : { as_of: request.asOf }),
  };
  const query: Query = {
    ...scope,
    measures,
    dimensions: request.by,
    ...(request.bucket === undefined ? {} : { bucket: request.bucket }),
    ...(request.limit === undefined ? {} : { limit: request.limit }),
  };
  // Rows without calls have no average, and whether they have any must be known to say so.
  const countsCalls = measures.includes('calls') || !measures.includes('cost_average');
  const [result, total] = await Promise.all([
    ask(countsCalls ? query : { ...query, measures: [...measures, 'calls'] }),
    ask({ ...scope, measures: unique([...measures, ...gapMeasures]) }),
  ]);
  const totals = withAverage(total.rows[0] ?? {});
  const totalCost = Number(totals['cost'] ?? 0);
  return {
    query,
    rows: result.rows.map((row) => {
      const shown: QueryRow = withAverage(row);
      if (!countsCalls) delete shown['calls'];
      return Object.assign(shown, { cost_share: share(row['cost'], totalCost) });
    }),
    totals,
    truncated: result.truncated,
    from: result.from,
  };
}

/**
 * A row of adjusting entries alone (`--by source`) has an amount and no calls to divide it by, although
 * the entries change the number of calls whose cost is known.
 */
function withAverage(row: QueryRow): QueryRow {
  if (row['cost_average'] == null || Number(row['calls'] ?? 0) > 0) return { ...row };
  return { ...row, cost_average: null };
}

/** A proportion for display, so a float is good enough: six decimals. */
function share(cost: string | number | null | undefined, total: number): number | null {
  if (cost == null || total === 0) return null;
  return Math.round((Number(cost) / total) * 1e6) / 1e6;
}

function unique(items: Measure[]): Measure[] {
  return [...new Set(items)];
}
