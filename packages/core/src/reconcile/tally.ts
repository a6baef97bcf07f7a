import { formatUsd, type Picodollars } from '../money.js';
import { usdLeft, type Claim, type RateCell, type SumCell, type TokenAtom } from './atoms.js';
import { magnitude } from './rate.js';
import type { CauseShare, Comparison, ReconciliationCauseName } from './result.js';

/** Adds comparisons up; every amount of every cell goes into exactly one place of it. */
export class Tally {
  provider = 0n;
  ledger = 0n;
  other = 0n;
  unexplained = 0n;
  unrecorded = 0n;
  /** Σ of absolute amounts over the finest cells: parts that cancel out are no accuracy. */
  #unaccounted = 0n;
  readonly causes = new Map<ReconciliationCauseName, Picodollars>();

  addCell(cell: RateCell): void {
    this.provider += cell.providerUsd;
    this.ledger += cell.ledgerUsd;
    if (cell.scope === 'other') this.other += cell.providerUsd;
    for (const atom of cell.atoms) {
      for (const claim of atom.claims) this.#addClaim(claim);
      this.#addUnexplained(usdLeft(atom));
    }
    for (const claim of cell.rest.claims) this.#addClaim(claim);
    this.#addUnexplained(cell.rest.left);
  }

  addSum(sum: SumCell): void {
    this.provider += sum.providerUsd;
    this.ledger += sum.ledgerUsd;
    for (const claim of sum.rest.claims) this.#addClaim(claim);
    this.#addUnexplained(sum.rest.left);
  }

  comparison(): Comparison {
    return {
      provider_usd: formatUsd(this.provider),
      ledger_usd: formatUsd(this.ledger),
      difference_usd: formatUsd(this.provider - this.ledger),
      unexplained_usd: formatUsd(this.unexplained),
      unrecorded_usd: formatUsd(this.unrecorded),
      accuracy: accuracyOf(this.#unaccounted, this.provider - this.other),
    };
  }

  /** Largest first. */
  shares(): CauseShare[] {
    return [...this.causes.entries()]
      .sort(([, left], [, right]) => compare(magnitude(right), magnitude(left)))
      .map(([cause, usd]) => ({ cause, usd: formatUsd(usd) }));
  }

  #addClaim({ cause, usd }: Claim): void {
    this.causes.set(cause, (this.causes.get(cause) ?? 0n) + usd);
    if (cause !== 'unrecorded_calls') return;
    this.unrecorded += usd;
    this.#unaccounted += magnitude(usd);
  }

  #addUnexplained(usd: Picodollars): void {
    this.unexplained += usd;
    this.#unaccounted += magnitude(usd);
  }
}

const millionths = 1_000_000n;

/** Rounded down to a millionth, so that only what is whole is called so. */
function accuracyOf(unaccounted: Picodollars, provider: Picodollars): number | null {
  if (provider <= 0n) return null;
  if (unaccounted >= provider) return 0;
  return Number(((provider - unaccounted) * millionths) / provider) / Number(millionths);
}

export function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Every claim with the place that it was made at. */
export function* claimsOf(
  cells: readonly RateCell[],
  sums: Iterable<SumCell>,
): Generator<{
  claim: Claim;
  day: string;
  model: string | null;
  cell?: RateCell;
  atom?: TokenAtom;
}> {
  for (const cell of cells) {
    const { day, model } = cell;
    for (const atom of cell.atoms) {
      for (const claim of atom.claims) yield { claim, day, model, cell, atom };
    }
    for (const claim of cell.rest.claims) yield { claim, day, model, cell };
  }
  for (const sum of sums) {
    const model = modelOfSum(sum);
    for (const claim of sum.rest.claims) yield { claim, day: sum.day, model };
  }
}

/** Amounts of the ledger without tokens are kept by model; fees and services by their own names. */
export function modelOfSum({ category, name }: SumCell): string | null {
  return category === 'manual' || category === 'uncategorised' ? name : null;
}
