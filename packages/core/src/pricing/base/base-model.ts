import type { DailyWindow, PriceRule, Rates, Threshold } from '../price-rows.js';
import type { RateUnit } from '../rate-units.js';

/** One model's list prices as the base of the price book stores them: one JSON line each. */
export interface BaseModel {
  provider: string;
  model: string;
  aliases?: string[];
  rows: BaseRow[];
}

/** A complete price list from a date on (or within daily hours), with its long-context bands. */
export interface BaseRow {
  from?: string;
  daily?: DailyWindow;
  rates: Partial<Record<RateUnit, string>>;
  above?: { threshold: Threshold; rates: Rates }[];
}

/** The rules of a price book that a base model stands for. `source` says where it is published. */
export function baseRules(base: BaseModel, source: string): PriceRule[] {
  const { provider, model, aliases, rows } = base;
  return rows.flatMap((row) => {
    const rule: PriceRule = {
      provider,
      model,
      ...(aliases === undefined ? {} : { aliases }),
      ...(row.from === undefined ? {} : { from: row.from }),
      ...(row.daily === undefined ? {} : { daily: row.daily }),
      source,
    };
    const bands = (row.above ?? []).map(({ threshold, rates }) => ({ ...rule, threshold, rates }));
    return [{ ...rule, rates: row.rates, complete: true }, ...bands];
  });
}
