import { parseUsd, type Picodollars } from '../money.js';
import type { RateCell, Scope, SumCell } from './atoms.js';
import type { BookRates } from './book-rates.js';
import { dayOf, tierName } from './ledger-cells.js';
import { emptyRateCell, scopeOf, sumCell, type LinedUp, type OwnTraffic } from './line-up.js';
import type { CostRow, ProviderReport } from './provider-report.js';
import { apportion, rateFrom, valueAt } from './rate.js';
import { isTokenKind, type TokenKind } from './token-kinds.js';

/** Half of the last digit to which the provider rounds: what one line may be off. */
function halfUnit(rows: readonly CostRow[]): Picodollars {
  // The finest amount of the whole report tells to which digit the provider rounds.
  const decimals = rows.reduce((most, row) => Math.max(most, row.decimals), 2);
  return 10n ** BigInt(12 - Math.min(decimals, 12)) / 2n;
}

/**
 * Gives every cost line to the cells that it is for. A line that says less than a cell (no tier, no
 * kind, no model) is divided over all cells it may be for that no more special line covers, by what
 * their tokens are listed at. Days without cost lines are computed from usage at list price.
 */
export function assignCosts(
  linedUp: LinedUp,
  report: ProviderReport,
  own: OwnTraffic,
  rates: BookRates,
): void {
  const { window, costs, costs_until: until } = report;
  const rows = (costs ?? []).filter((row) => row.day >= window.from && row.day < window.to);
  const bound = halfUnit(rows);
  const reported = (day: string) => costs !== null && (until === null || day < until);
  const byDay = new Map<string, RateCell[]>();
  for (const cell of linedUp.rateCells) {
    if (!reported(cell.day)) computeCost(cell, rates);
    const cells = byDay.get(cell.day);
    if (cells === undefined) byDay.set(cell.day, [cell]);
    else cells.push(cell);
  }
  const covered = new Set<RateCell>();
  const tokenRows = rows.filter((row) => row.category === 'tokens');
  const units = unitsByModel(report, rates);
  for (const group of bySpeciality(tokenRows)) {
    const taken = new Set<RateCell>();
    for (const row of group) {
      const cells = byDay.get(row.day) ?? [];
      const scope = scopeOf({ project: row.project, api_key: null }, own);
      const matching = cells.filter(
        (cell) =>
          matches(cell, row, linedUp.distinctions.long, rates) &&
          (row.project === null || own.projects.length === 0 || cell.scope === scope) &&
          tokensOf(cell, report) > 0,
      );
      const free = matching.filter((cell) => !covered.has(cell));
      const targets = free.length > 0 ? free : matching;
      const unit = row.model === null ? undefined : units.get(rates.modelName(row.model));
      if (targets.length === 0 && row.kind === null && unit !== undefined) {
        assignSum(linedUp, { ...row, category: 'unit', kind: unit }, bound);
        continue;
      }
      if (targets.length === 0) {
        assignAlone(linedUp, byDay, row, scope, rates, bound);
        continue;
      }
      divide(row, targets, report, rates, bound);
      for (const cell of targets) taken.add(cell);
    }
    for (const cell of taken) covered.add(cell);
  }
  for (const row of rows) if (row.category !== 'tokens') assignSum(linedUp, row, bound);
  if (costs === null) computeUnits(linedUp, report, rates);
  if (report.usage === null) tokensFromCosts(linedUp);
}

function computeCost(cell: RateCell, rates: BookRates): void {
  cell.computed = true;
  const rate = listRate(cell, rates) ?? ledgerRate(cell);
  if (rate !== undefined) cell.providerUsd = valueAt(cell.providerTokens, rate);
}

/** Without a usage report, the quantities of cost lines are the provider's tokens, where it states them. */
function tokensFromCosts({ rateCells }: LinedUp): void {
  for (const cell of rateCells) {
    const [atom] = cell.atoms;
    if (cell.costQuantity === null || atom === undefined) {
      cell.tokensKnown = false;
      cell.providerTokens = cell.ledgerTokens;
      for (const one of cell.atoms) one.provider = one.ledger;
    } else {
      cell.providerTokens = cell.costQuantity;
      atom.provider = cell.costQuantity;
    }
    for (const one of cell.atoms) one.left = one.provider - one.ledger;
  }
}

/** Without a cost report, fees are taken at list price or, where no list has them, at the ledger's. */
function computeUnits({ sums }: LinedUp, report: ProviderReport, rates: BookRates): void {
  const { from, to } = report.window;
  for (const { at, model, units } of report.usage ?? []) {
    if (at < from || at >= to) continue;
    for (const [unit, quantity] of Object.entries(units)) {
      const day = dayOf(at);
      const sum = sumCell(sums, day, 'unit', unit);
      const listed = model === null ? undefined : rates.unitRate(rates.modelName(model), unit, day);
      const rate = listed ?? rateFrom(sum.ledgerUsd, Math.round(sum.ledgerQuantity));
      if (rate !== undefined) sum.providerUsd += valueAt(Math.round(quantity), rate);
    }
  }
}

/** Models that are billed by something other than tokens, and by what: speech, images, sound. */
function unitsByModel(report: ProviderReport, rates: BookRates): Map<string, string> {
  const units = new Map<string, string>();
  for (const row of report.usage ?? []) {
    const [unit] = Object.keys(row.units);
    const hasTokens = Object.values(row.tokens).some((count) => count > 0);
    if (row.model !== null && unit !== undefined && !hasTokens) {
      units.set(rates.modelName(row.model), unit);
    }
  }
  return units;
}

export function listRate(cell: RateCell, rates: BookRates) {
  if (cell.model === null) return undefined;
  const tier = cell.tier === '*' ? 'default' : cell.tier;
  const geo = cell.geo === '*' ? 'global' : cell.geo;
  const { model, long, kind, day } = cell;
  return rates.rate({ model, tier, long, geo, kind, at: day });
}

/** What the ledger paid for a token here, over those that have a price. */
export function ledgerRate(cell: RateCell) {
  return rateFrom(cell.ledgerUsd, cell.ledgerTokens - cell.unpricedTokens);
}

function bySpeciality(rows: readonly CostRow[]): CostRow[][] {
  const groups = new Map<number, CostRow[]>();
  for (const row of rows) {
    const stated = [row.model, row.tier, row.long, row.geo, row.kind, row.project];
    const rank = stated.filter((field) => field !== null).length;
    const group = groups.get(rank);
    if (group === undefined) groups.set(rank, [row]);
    else group.push(row);
  }
  return [...groups.entries()].sort(([left], [right]) => right - left).map(([, group]) => group);
}

/** Without a usage report, the ledger's tokens tell what a line may be for. */
function tokensOf(cell: RateCell, report: ProviderReport): number {
  return report.usage === null ? cell.ledgerTokens : cell.providerTokens;
}

function matches(cell: RateCell, row: CostRow, byLength: boolean, rates: BookRates): boolean {
  return (
    (row.model === null || cell.model === rates.modelName(row.model)) &&
    (row.tier === null || cell.tier === '*' || cell.tier === tierName(row.tier)) &&
    (row.long === null || !byLength || cell.long === row.long) &&
    (row.geo === null || cell.geo === '*' || cell.geo === row.geo) &&
    (row.kind === null || cell.kind === row.kind)
  );
}

function divide(
  row: CostRow,
  targets: readonly RateCell[],
  report: ProviderReport,
  rates: BookRates,
  bound: Picodollars,
): void {
  const weights = targets.map((cell) => {
    const rate = listRate(cell, rates) ?? ledgerRate(cell);
    return rate === undefined ? 0n : valueAt(tokensOf(cell, report), rate);
  });
  const shares = apportion(parseUsd(row.usd), weights);
  for (const [index, cell] of targets.entries()) {
    cell.providerUsd += shares[index]!;
    cell.roundingBound += bound;
    if (row.quantity === null || targets.length > 1) continue;
    cell.costQuantity = (cell.costQuantity ?? 0) + Math.round(row.quantity);
  }
}

/** A line for tokens that the usage report does not have. */
function assignAlone(
  linedUp: LinedUp,
  byDay: Map<string, RateCell[]>,
  row: CostRow,
  scope: Scope,
  rates: BookRates,
  bound: Picodollars,
): void {
  if (row.kind === null || row.model === null || !isTokenKind(row.kind)) {
    const sum = sumCell(linedUp.sums, row.day, 'unassigned', row.model ?? row.label);
    sum.providerUsd += parseUsd(row.usd);
    sum.roundingBound += bound;
    return;
  }
  const model = rates.modelName(row.model);
  const kind: TokenKind = row.kind;
  const cells = byDay.get(row.day) ?? [];
  const same = cells.filter(
    (cell) => cell.model === model && cell.kind === kind && cell.scope === scope,
  );
  const tier = tierName(row.tier);
  let cell = same.find((one) => one.tier === '*' || one.tier === tier) ?? same[0];
  if (cell === undefined) {
    const long = row.long ?? false;
    const geo = row.geo ?? 'global';
    cell = emptyRateCell({ day: row.day, model, tier, long, geo, kind, scope });
    linedUp.rateCells.push(cell);
    byDay.set(row.day, [...cells, cell]);
  }
  cell.providerUsd += parseUsd(row.usd);
  cell.roundingBound += bound;
  if (row.quantity !== null) {
    cell.costQuantity = (cell.costQuantity ?? 0) + Math.round(row.quantity);
  }
}

function assignSum(linedUp: LinedUp, row: CostRow, bound: Picodollars): void {
  const category: SumCell['category'] = row.category === 'tokens' ? 'unassigned' : row.category;
  const sum = sumCell(linedUp.sums, row.day, category, row.kind ?? row.label);
  sum.providerUsd += parseUsd(row.usd);
  sum.roundingBound += bound;
  // The usage report's count is the finer one, where there is one.
  if (row.quantity !== null && sum.providerQuantity === 0) sum.providerQuantity = row.quantity;
}
