import { parseDecimal } from '../../packages/core/src/money.js';
import { isRateUnit, isTokenUnit, perUnits } from '../../packages/core/src/pricing/rate-units.js';
import type { SnapshotModel } from '../../packages/core/src/pricing/snapshot/index.js';

/** No published rate comes near: a figure above is per token where per million was meant. */
const highestTokenRate = 10_000;
const highestUnitRate = 10_000;
/** Losing more than this share of the models means the source is broken, not that prices moved. */
const largestLoss = 0.2;

/** What is wrong with a converted snapshot; empty when it may replace the current one. */
export function checkSnapshot(
  models: readonly SnapshotModel[],
  before: readonly SnapshotModel[],
): string[] {
  const problems: string[] = [];
  if (models.length < before.length * (1 - largestLoss)) {
    problems.push(`only ${models.length} models, the last good snapshot has ${before.length}`);
  }
  const seen = new Set<string>();
  for (const { provider, model, rows } of models) {
    const name = `${provider}/${model}`;
    if (seen.has(name)) problems.push(`${name} is listed twice`);
    seen.add(name);
    if (rows.length === 0) problems.push(`${name} has no price row`);
    for (const row of rows) {
      if (row.from !== undefined && Number.isNaN(Date.parse(row.from))) {
        problems.push(`${name}: "${row.from}" is no time`);
      }
      for (const rates of [row.rates, ...(row.above ?? []).map((band) => band.rates)]) {
        for (const [unit, rate] of Object.entries(rates))
          problems.push(...checkRate(name, unit, rate));
      }
    }
  }
  return problems;
}

function checkRate(name: string, unit: string, rate: string): string[] {
  if (!isRateUnit(unit)) return [`${name}: unknown unit ${unit}`];
  try {
    const [numerator] = parseDecimal(rate);
    if (numerator < 0n) return [`${name}: ${unit} is negative (${rate})`];
  } catch {
    return [`${name}: ${unit} is "${rate}", not a plain decimal`];
  }
  const limit = isTokenUnit(unit) ? highestTokenRate : highestUnitRate;
  if (Number(rate) <= limit) return [];
  return [`${name}: ${unit} is ${rate} USD per ${perUnits[unit]}, more than ${limit}`];
}
