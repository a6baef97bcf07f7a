import { parseDecimal } from '../../money.js';
import { isRateUnit, isTokenUnit, perUnits } from '../rate-units.js';
import type { BaseModel, BaseRow } from './base-model.js';

/** No published rate comes near: a figure above is per token where per million was meant. */
const highestTokenRate = 10_000;
const highestUnitRate = 10_000;

/** What can never be right in a base price list, by model; empty when every row is well formed. */
export function checkBase(models: readonly BaseModel[]): string[] {
  const problems: string[] = [];
  if (models.length === 0) problems.push('it has no models');
  const seen = new Set<string>();
  for (const { provider, model, rows } of models) {
    const name = `${provider}/${model}`;
    if (seen.has(name)) problems.push(`${name} is listed twice`);
    seen.add(name);
    if (rows.length === 0) problems.push(`${name} has no price row`);
    for (const row of rows) problems.push(...checkRow(name, row));
  }
  return problems;
}

function* checkRow(name: string, row: BaseRow): Generator<string> {
  if (row.from !== undefined && Number.isNaN(Date.parse(row.from))) {
    yield `${name}: "${row.from}" is no time`;
  }
  for (const time of row.daily === undefined ? [] : [row.daily.start, row.daily.end]) {
    if (Number.isNaN(Date.parse(`1970-01-01T${time}`)))
      yield `${name}: "${time}" is no time of day`;
  }
  for (const { threshold } of row.above ?? []) {
    if (!Number.isSafeInteger(threshold.tokens) || threshold.tokens < 0) {
      yield `${name}: ${threshold.tokens} is no number of tokens`;
    }
  }
  for (const rates of [row.rates, ...(row.above ?? []).map((band) => band.rates)]) {
    for (const [unit, rate] of Object.entries(rates)) yield* checkRate(name, unit, rate);
  }
}

function* checkRate(name: string, unit: string, rate: string): Generator<string> {
  if (!isRateUnit(unit)) {
    yield `${name}: unknown unit ${unit}`;
    return;
  }
  let negative: boolean;
  try {
    negative = parseDecimal(rate)[0] < 0n;
  } catch {
    yield `${name}: ${unit} is "${rate}", not a plain decimal`;
    return;
  }
  if (negative) yield `${name}: ${unit} is negative (${rate})`;
  const limit = isTokenUnit(unit) ? highestTokenRate : highestUnitRate;
  if (Number(rate) > limit) {
    yield `${name}: ${unit} is ${rate} USD per ${perUnits[unit]}, more than ${limit}`;
  }
}
