import { countedSources } from '../admission/taken-amounts.js';
import type { BudgetMeasure } from '../budget/budget.js';
import { parseUsdRounded } from '../money.js';
import type { Dimension, Filter, Measure, QueryRow } from '../report/query.js';

/** A scope's model is the one that is asked for; the name of a key stands in a tag. */
const names: Record<string, Dimension> = { model: 'model_requested', key: 'tag:key' };

/** The dimension of the books that a dimension of a budget's scope is. */
export function dimensionOfScope(name: string): Dimension {
  return names[name] ?? (name as Dimension);
}

/**
 * Filters for the calls that count for these scopes of one budget (values of its dimensions): those
 * that are made, not imported ones.
 */
export function countedBy(scopes: readonly Readonly<Record<string, string>>[]): Filter[] {
  const filters: Filter[] = [{ dimension: 'source', op: 'in', values: [...countedSources] }];
  for (const name of Object.keys(scopes[0] ?? {})) {
    const values = [...new Set(scopes.map((scope) => scope[name]))];
    const own = values.filter((value) => value !== undefined && value !== '*');
    if (own.length === values.length) {
      filters.push({ dimension: dimensionOfScope(name), op: 'in', values: own as string[] });
    }
  }
  return filters;
}

/** What is asked of the books to know what an account took. */
export const measuresOf: Readonly<Record<BudgetMeasure, Measure[]>> = {
  usd: ['cost'],
  tokens: ['tokens_input', 'tokens_output'],
  calls: ['calls'],
};

/** What a row with those measures took: USD, tokens or calls. */
export function takenOf(row: QueryRow, measure: BudgetMeasure): number {
  return measuresOf[measure].reduce((sum, name) => sum + Number(row[name] ?? 0), 0);
}

/** An amount of a budget as its API states it, as a number: USD, tokens or calls. */
export function amountOf(measure: BudgetMeasure, amount: string): number {
  return measure === 'usd' ? Number(parseUsdRounded(amount)) / 1e12 : Number(amount);
}
