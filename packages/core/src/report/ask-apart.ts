import { groupKey } from './group-key.js';
import { followsFromSums } from './other-row.js';
import type { Measure, Query, QueryResult, QueryRow } from './query.js';

type Ask = (query: Query) => Promise<QueryResult>;

/**
 * Asks for sums and for statistics apart, so that the sums can come from roll-ups: adding up each call's
 * columns takes longer than a percentile of one of them. The rows are those of the sums with the others'
 * figures beside them. Where statistics decide which rows there are, it is one question.
 */
export async function askApart(ask: Ask, query: Query): Promise<QueryResult> {
  const isRolledUp = (measure: Measure) => followsFromSums(measure) && !ofSingleCalls.has(measure);
  const sums = query.measures.filter(isRolledUp);
  const statistics = query.measures.filter((measure) => !isRolledUp(measure));
  const [first] = query.measures;
  if (statistics.length === 0 || first === undefined || sums[0] !== first) return ask(query);
  const [result, beside] = await Promise.all([
    ask({ ...query, measures: sums }),
    ask({ ...query, measures: statistics, limit: mostRows }),
  ]);
  if (result.truncated || beside.truncated) return ask(query);
  const keyOf = (row: QueryRow): string =>
    `${row['bucket'] ?? ''} ${groupKey(row, query.dimensions ?? [])}`;
  const others = new Map(beside.rows.map((row) => [keyOf(row), row]));
  return {
    ...result,
    rows: result.rows.map((row) => inOrder({ ...others.get(keyOf(row)), ...row }, query.measures)),
    from: result.from === beside.from ? result.from : 'both',
  };
}

const mostRows = 100_000;

/** They add up, but whether a call counts only the call itself tells. */
const ofSingleCalls: ReadonlySet<Measure> = new Set<Measure>([
  'drifted_calls',
  'tokens_output_over',
  'prompt_history_over',
]);

/** Columns in the order that they were asked for, behind the dimensions. */
function inOrder(row: QueryRow, measures: readonly Measure[]): QueryRow {
  const keys = Object.keys(row).filter((name) => !(measures as readonly string[]).includes(name));
  return Object.fromEntries([...keys, ...measures].map((name) => [name, row[name] ?? null]));
}
