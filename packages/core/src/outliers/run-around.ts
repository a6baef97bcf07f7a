import type { AnswerBooks } from '../answer/answer-books.js';
import type { CallRow } from '../report/call-row.js';
import type { Filter, QueryRow, Window } from '../report/query.js';

/** The run that a call belongs to, from a day before the window to a day after it. */
export interface RunAround {
  run: string;
  calls: number;
  cost_usd: string | null;
  /** Calls of the run that were second or later attempts, and what they cost. */
  retries: number;
  retries_usd: string | null;
  /** Which call of its run it was, by the calls that began in the day before it; 1 is the first. */
  position: number;
  /** How many calls such runs have on average; null where none could be counted. */
  usual_calls: number | null;
}

const day = 86_400_000;
/** Of how many runs of a feature the usual number of calls is found. */
const mostRuns = 1_000;
/** Queries that are under way at once. */
const width = 4;

/** The runs around calls that have one, by call id. Every query is bounded by a day or by the window. */
export async function findRuns(
  books: Pick<AnswerBooks, 'query'>,
  calls: readonly CallRow[],
  window: Window,
): Promise<Map<string, RunAround>> {
  const inRuns = calls.filter(({ tags }) => tags.run !== undefined);
  if (inRuns.length === 0) return new Map();
  const runs = [...new Set(inRuns.map(({ tags }) => tags.run!))];
  const { rows } = await books.query({
    measures: ['calls', 'cost', 'retries', 'retries_cost'],
    dimensions: ['run'],
    filters: [{ dimension: 'run', op: 'in', values: runs }],
    window: widened(window),
    limit: runs.length,
  });
  const sums = new Map(rows.map((row) => [String(row['run']), row]));
  const usual = await usualCalls(books, inRuns);
  const found = await eachOf(inRuns, async (call) => {
    const earlier = await callsBefore(books, call);
    return [
      call.id,
      runAround(call, sums.get(call.tags.run!) ?? {}, earlier, usual.get(featureOf(call)) ?? null),
    ] as const;
  });
  return new Map(found);
}

function runAround(
  { tags }: CallRow,
  row: QueryRow,
  earlier: number,
  usual: number | null,
): RunAround {
  const retries = Number(row['retries'] ?? 0);
  return {
    run: tags.run!,
    calls: Math.max(Number(row['calls'] ?? 0), earlier + 1),
    cost_usd: row['cost'] == null ? null : String(row['cost']),
    retries,
    retries_usd: retries === 0 || row['retries_cost'] == null ? null : String(row['retries_cost']),
    position: earlier + 1,
    usual_calls: usual,
  };
}

async function callsBefore(
  books: Pick<AnswerBooks, 'query'>,
  { tags, started_at: to }: CallRow,
): Promise<number> {
  const { rows } = await books.query({
    measures: ['calls'],
    filters: [{ dimension: 'run', op: 'in', values: [tags.run!] }],
    window: { from: moved(to, -day), to },
  });
  return Number(rows[0]?.['calls'] ?? 0);
}

/** Of each feature, the average calls of runs in the day before its first such call. */
async function usualCalls(
  books: Pick<AnswerBooks, 'query'>,
  calls: readonly CallRow[],
): Promise<Map<string, number>> {
  const features = new Map(calls.map((call) => [featureOf(call), call]));
  const found = await eachOf([...features], async ([name, call]) => {
    const { tags, started_at: to } = call;
    const feature: Filter = { dimension: 'feature', op: 'in', values: [tags.feature ?? null] };
    const { rows } = await books.query({
      measures: ['calls'],
      dimensions: ['run'],
      filters: [feature, { dimension: 'run', op: 'not_in', values: [null, tags.run!] }],
      window: { from: moved(to, -day), to },
      // By the name of the run, which says nothing of its length.
      order: [{ by: 'run', direction: 'asc' }],
      limit: mostRuns,
    });
    const all = rows.reduce((sum, row) => sum + Number(row['calls']), 0);
    return [name, rows.length === 0 ? null : all / rows.length] as const;
  });
  return new Map(found.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

function featureOf({ tags }: CallRow): string {
  return JSON.stringify(tags.feature ?? null);
}

function widened({ from, to }: Window): Window {
  return { from: moved(from, -day), to: moved(to, day) };
}

function moved(time: string, milliseconds: number): string {
  return new Date(Date.parse(time) + milliseconds).toISOString();
}

async function eachOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += width) {
    results.push(...(await Promise.all(items.slice(start, start + width).map(work))));
  }
  return results;
}
