import { recordedAt, type Entry } from '../entry.js';
import { formatUsd, parseUsd, type Picodollars } from '../money.js';
import type { CostStatus } from '../pricing/charge.js';
import { formatDecimal, type Decimal } from '../pricing/decimal.js';
import { decimalOf } from '../pricing/decimal.js';
import { FocusAggregate } from './aggregate.js';
import { focusVersion, type FocusRow } from './columns.js';
import { addDecimals } from './decimals.js';
import { entryCharges } from './entry-charges.js';
import { toFocusRow, type FocusCharge } from './focus-charge.js';
import type { FocusOptions } from './options.js';

/** What an export holds and what it had to leave out. Amounts are decimal strings in USD. */
export interface FocusSummary {
  focus_version: typeof focusVersion;
  aggregate: FocusOptions['aggregate'];
  /** Ledger entries read, those left out included. */
  entries: number;
  rows: number;
  billed_cost: string;
  effective_cost: string;
  list_cost: string;
  contracted_cost: string;
  /**
   * Calls whose cost is unknown, by the status that says why. They cannot be rows: a row's cost must
   * not be null, and 0 would be wrong. A call that an adjustment has priced since is not among them.
   */
  unpriced_calls: { [status in CostStatus]?: number };
}

/** Turns ledger entries into FOCUS rows, one after the other, and keeps the sums. */
export class FocusExport {
  readonly #options: FocusOptions;
  readonly #aggregate: FocusAggregate | null;
  readonly #unpriced = new Map<CostStatus, number>();
  #entries = 0;
  #rows = 0;
  #billed: Picodollars = 0n;
  #list: Decimal = { numerator: 0n, digits: 0 };
  #contracted: Decimal = { numerator: 0n, digits: 0 };

  constructor(options: FocusOptions) {
    this.#options = options;
    this.#aggregate = options.aggregate === 'hour' ? new FocusAggregate() : null;
  }

  /** The rows that are complete after this entry. */
  add(entry: Entry): FocusRow[] {
    const { asOf } = this.#options;
    if (asOf !== undefined && recordedAt(entry) > asOf) return [];
    this.#entries += 1;
    this.#countUnpriced(entry);
    const charges = entryCharges(entry, this.#options);
    if (this.#aggregate === null) return charges.map((charge) => this.#finish(charge));
    const rows: FocusRow[] = [];
    for (const charge of charges) {
      for (const sum of this.#aggregate.add(charge)) rows.push(this.#finish(sum));
    }
    return rows;
  }

  /** The rows that were still open. Call it once, after the last entry. */
  end(): FocusRow[] {
    return (this.#aggregate?.close() ?? []).map((charge) => this.#finish(charge));
  }

  summary(): FocusSummary {
    const billed = formatUsd(this.#billed);
    return {
      focus_version: focusVersion,
      aggregate: this.#options.aggregate,
      entries: this.#entries,
      rows: this.#rows,
      billed_cost: billed,
      effective_cost: billed,
      list_cost: formatDecimal(this.#list),
      contracted_cost: formatDecimal(this.#contracted),
      unpriced_calls: Object.fromEntries(
        [...this.#unpriced].filter(([, count]) => count !== 0).sort(),
      ),
    };
  }

  #finish(charge: FocusCharge): FocusRow {
    const row = toFocusRow(charge);
    this.#rows += 1;
    this.#billed += parseUsd(row.BilledCost as string);
    this.#list = addDecimals(this.#list, decimalOf(row.ListCost as string));
    this.#contracted = addDecimals(this.#contracted, decimalOf(row.ContractedCost as string));
    return row;
  }

  /** An adjustment moves its call from one status to another; an unmetered path was never a call of a model. */
  #countUnpriced({ cost, adjusts, outcome }: Entry): void {
    if (outcome === 'unmetered') return;
    if (adjusts === undefined) {
      if (cost.usd === null) this.#count(cost.status, 1);
      return;
    }
    if (adjusts.entry === null) return;
    if (adjusts.usd_before === null) this.#count(adjusts.status_before, -1);
    if (adjusts.usd_after === null) this.#count(adjusts.status_after, 1);
  }

  #count(status: CostStatus, change: 1 | -1): void {
    this.#unpriced.set(status, (this.#unpriced.get(status) ?? 0) + change);
  }
}
