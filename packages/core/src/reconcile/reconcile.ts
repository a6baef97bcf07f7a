import type { RateCell, SumCell } from './atoms.js';
import type { BookRates } from './book-rates.js';
import { explainRates, explainSum } from './explain-rates.js';
import { explainTokens } from './explain-tokens.js';
import { Finality, type FinalAfter } from './finality.js';
import { dayOf, type LedgerCells } from './ledger-cells.js';
import { lineUp, type OwnTraffic } from './line-up.js';
import { assignCosts } from './provider-costs.js';
import type { ProviderReport } from './provider-report.js';
import { magnitude } from './rate.js';
import type {
  Comparison,
  ExcludedDay,
  ReconciledCell,
  ReconciledDay,
  ReconciledModel,
  Reconciliation,
} from './result.js';
import { summariseCauses } from './summarise-causes.js';
import { compare, modelOfSum, Tally } from './tally.js';
import { noTokens, tokenKinds } from './token-kinds.js';
import { unrecordedKeys } from './unrecorded-keys.js';
import { settleSum, valueAtoms } from './value-atoms.js';
import { verdictOf } from './verdict.js';
import { parseUsd } from '../money.js';

export interface ReconcileRequest {
  id: string;
  /** ISO time of the run. */
  ranAt: string;
  report: ProviderReport;
  /** The ledger's side, read over the report's window and {@link marginMilliseconds} around it. */
  ledger: LedgerCells;
  own: OwnTraffic;
  finalAfter: FinalAfter;
  rates: BookRates;
  /** Days that cannot be compared; left out on both sides. */
  excludedDays?: readonly ExcludedDay[];
  notes?: readonly string[];
}

/** How far around the window both sides are read, so that what slipped over its edge is found. */
export const marginMilliseconds = 3 * 3_600_000;

const mostCells = 5_000;

/**
 * Lines a provider's report up with the ledger and explains the difference by named causes, in
 * tokens and in USD: difference = Σ causes + unexplained, exactly, in total and for every day, model
 * and cell. Deterministic: the same input gives the same result. The window must begin and end at
 * UTC midnight, because costs come by day.
 */
export function reconcile(request: ReconcileRequest): Reconciliation {
  const { report, ledger, own, rates, finalAfter } = request;
  const excluded = new Set((request.excludedDays ?? []).map(({ day }) => day));
  const isCompared = ({ day }: { day: string }) => !excluded.has(day);
  const finality = new Finality(report, finalAfter);
  const linedUp = lineUp(report, ledger, own, rates);
  assignCosts(linedUp, report, own, rates);
  linedUp.rateCells = linedUp.rateCells.filter(isCompared);
  linedUp.margin = linedUp.margin.filter(({ at }) => !excluded.has(dayOf(at)));
  const sums = [...linedUp.sums.values()]
    .filter(isCompared)
    .sort((left, right) => (sumOrder(left) < sumOrder(right) ? -1 : 1));
  const cells = linedUp.rateCells;
  for (const cell of cells) valueAtoms(cell, rates);
  for (const sum of sums) settleSum(sum);
  explainTokens(linedUp, report.bucket, finality);
  explainRates(cells, finality);
  for (const sum of sums) explainSum(sum);

  const total = new Tally();
  const days = new Map<string, Tally>();
  const models = new Map<string | null, Tally>();
  const both = new Map<string, { day: string; model: string | null; tally: Tally }>();
  const talliesOf = (day: string, model: string | null): Tally[] => {
    const key = `${day}\n${model}`;
    let cell = both.get(key);
    if (cell === undefined) both.set(key, (cell = { day, model, tally: new Tally() }));
    return [total, tallyOf(days, day), tallyOf(models, model), cell.tally];
  };
  for (const cell of cells) {
    for (const tally of talliesOf(cell.day, cell.model)) tally.addCell(cell);
  }
  for (const sum of sums) {
    for (const tally of talliesOf(sum.day, modelOfSum(sum))) tally.addSum(sum);
  }

  const keyNotes = unrecordedKeys(report, linedUp.distinctions, cells, rates)
    .slice(0, 10)
    .map(
      ({ key, tokens }) =>
        `All traffic of key ${key} (${tokens} tokens) may be among the calls that never passed Farthing.`,
    );
  const { provider, window, bucket } = report;
  const result: Omit<Reconciliation, 'verdict'> = {
    id: request.id,
    ran_at: request.ranAt,
    provider,
    window,
    bucket,
    provider_costs: report.costs === null ? 'computed' : 'reported',
    fetched_at: report.fetched_at,
    ...total.comparison(),
    tokens: tokenTotals(cells),
    causes: summariseCauses(cells, sums, { provider, window }),
    days: [...days.entries()]
      .map(([day, tally]): ReconciledDay => {
        const open = finality.openReason(day);
        return {
          day,
          ...tally.comparison(),
          final: open === null,
          ...(open === null ? {} : { open_reason: open }),
          causes: tally.shares(),
        };
      })
      .sort((left, right) => (left.day < right.day ? -1 : 1)),
    models: [...models.entries()]
      .map(([model, tally]): ReconciledModel => ({
        model,
        ...tally.comparison(),
        causes: tally.shares(),
      }))
      .sort(byProvider),
    cells: [...both.values()]
      .map(({ day, model, tally }): ReconciledCell => ({
        day,
        model,
        ...tally.comparison(),
        causes: tally.shares(),
      }))
      .filter((cell) => cell.difference_usd !== '0' || cell.causes.length > 0)
      .sort(byDifference)
      .slice(0, mostCells),
    excluded_days: [...(request.excludedDays ?? [])],
    notes: [
      ...report.notes,
      ...(request.notes ?? []),
      ...notesOf(report, ledger, cells),
      ...keyNotes,
    ],
  };
  return { ...result, verdict: verdictOf(result) };
}

function tallyOf<Key>(tallies: Map<Key, Tally>, key: Key): Tally {
  let tally = tallies.get(key);
  if (tally === undefined) tallies.set(key, (tally = new Tally()));
  return tally;
}

function tokenTotals(cells: readonly RateCell[]): Reconciliation['tokens'] {
  const tokens = { provider: noTokens(), ledger: noTokens(), unexplained: noTokens() };
  for (const cell of cells) {
    tokens.provider[cell.kind] += cell.providerTokens;
    tokens.ledger[cell.kind] += cell.ledgerTokens;
    for (const { left } of cell.atoms) tokens.unexplained[cell.kind] += left;
  }
  return tokens;
}

/** What the figures do not say. */
function notesOf(
  report: ProviderReport,
  ledger: LedgerCells,
  cells: readonly RateCell[],
): string[] {
  const notes: string[] = [];
  const unpriced = new Map<string, number>();
  for (const { model, unpricedTokens, providerUsd } of cells) {
    if (unpricedTokens <= 0 || providerUsd !== 0n) continue;
    unpriced.set(model ?? '(none)', (unpriced.get(model ?? '(none)') ?? 0) + unpricedTokens);
  }
  for (const [model, tokens] of unpriced) {
    notes.push(`${tokens} tokens of ${model} have no price on either side.`);
  }
  if (ledger.unmetered > 0) {
    notes.push(
      `${ledger.unmetered} calls went through paths that Farthing passes on without metering; what they cost is not in the ledger.`,
    );
  }
  if (report.costs !== null && report.usage === null) {
    notes.push('Without a usage report, other tokens and other prices cannot be told apart.');
  }
  const computed = new Set(cells.filter((cell) => cell.computed).map(({ day }) => day));
  if (report.costs !== null && computed.size > 0) {
    notes.push(
      `The costs of ${computed.size} ${computed.size === 1 ? 'day are' : 'days are'} not reported yet: computed from usage at list price.`,
    );
  }
  const silent = tokenKinds.every((kind) => cells.every((cell) => cell.kind !== kind));
  if (silent) notes.push('Neither side has any tokens in this window.');
  return notes;
}

function sumOrder({ day, category, name }: SumCell): string {
  return [day, category, name ?? ''].join('\n');
}

function byProvider(left: Comparison, right: Comparison): number {
  return compare(parseUsd(right.provider_usd), parseUsd(left.provider_usd));
}

function byDifference(left: Comparison, right: Comparison): number {
  return compare(
    magnitude(parseUsd(right.difference_usd)),
    magnitude(parseUsd(left.difference_usd)),
  );
}
