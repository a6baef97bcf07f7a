import type { AnswerBooks } from '../answer/index.js';
import type { Query, QueryRow } from '../report/query.js';
import type { AccountToForecast, BudgetToForecast } from './budget-outlook.js';
import { iso } from './calendar.js';
import { countedBy, dimensionOfScope, measuresOf } from './counted-calls.js';
import { floorTo, paceMinutes, type Grain } from './grain.js';
import { firstMinute } from './read-spend.js';

type Books = Pick<AnswerBooks, 'query'>;

const mostRows = 100_000;

/** One question for all accounts of a budget. */
export async function readTaken(
  books: Books,
  budget: BudgetToForecast,
  accounts: readonly AccountToForecast[],
  now: string,
  grain: Grain | undefined,
): Promise<QueryRow[]> {
  const back = grain === undefined ? paceMinutes * 60_000 : grain.history * grain.step;
  const begins = Date.parse(now) - back;
  const measures = [...new Set(accounts.flatMap(({ measure }) => measuresOf[measure]))];
  const query: Query = {
    measures: [...new Set([...measures, 'calls' as const])],
    dimensions: Object.keys(budget.scope).map(dimensionOfScope),
    filters: countedBy(accounts.map(({ scope }) => scope)),
    window: { from: iso(grain === undefined ? begins : floorTo(begins, grain.step)), to: now },
    limit: mostRows,
    ...(grain === undefined ? {} : { bucket: grain.bucket }),
  };
  return (await books.query(query)).rows;
}

/** When the first call of all came, where it came in the step that runs: a rate counts from there. */
export async function youngBegin(
  books: Books,
  accounts: readonly AccountToForecast[],
  rows: readonly QueryRow[],
  now: string,
  { step }: Grain,
): Promise<number | null> {
  const moment = Date.parse(now);
  const begun = floorTo(moment, step);
  if (rows.some((row) => Date.parse(String(row['bucket'])) < begun)) return null;
  return firstMinute(books, countedBy(accounts.map(({ scope }) => scope)), begun, moment);
}

export function isOf(row: QueryRow, { scope }: AccountToForecast): boolean {
  return Object.entries(scope).every(
    ([name, value]) => value === '*' || row[dimensionOfScope(name)] === value,
  );
}
