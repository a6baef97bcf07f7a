import {
  formatUsd,
  parseUsdRounded,
  type AdjustmentCause,
  type Entry,
  type RepriceChange,
  type RepriceSummary,
} from '@farthing/core';
import type { PricedAgain } from './price-again.js';

interface Sums {
  provider: string;
  model: string | null;
  cause: AdjustmentCause;
  calls: number;
  newlyPriced: number;
  noLongerPriced: number;
  before: bigint;
  after: bigint;
}

type Counted = Omit<RepriceSummary, 'dry_run' | 'window' | 'booked' | 'out_of_retention'>;

/** Adds up what pricing again changes, exactly. */
export class Tally {
  readonly #changes = new Map<string, Sums>();
  #examined = 0;
  #changed = 0;
  #stillUnpriced = 0;
  #before = 0n;
  #after = 0n;

  get examined(): number {
    return this.#examined;
  }

  get changed(): number {
    return this.#changed;
  }

  /** A call that there is nothing to price by: it stays as it is. */
  left(usd: string | null): void {
    this.#count(usd, usd);
  }

  /** A call that was priced again; `adjustment` is null when nothing changes. */
  priced({ before, now }: PricedAgain, adjustment: Entry | null): void {
    const [was, is] = [before.cost.usd, now.cost.usd];
    this.#count(was, is);
    if (adjustment === null) return;
    this.#changed += 1;
    const { provider, model } = adjustment;
    const { cause } = adjustment.adjusts!;
    const key = JSON.stringify([provider, model, cause]);
    let sums = this.#changes.get(key);
    if (sums === undefined) {
      sums = {
        provider,
        model,
        cause,
        calls: 0,
        newlyPriced: 0,
        noLongerPriced: 0,
        before: 0n,
        after: 0n,
      };
      this.#changes.set(key, sums);
    }
    sums.calls += 1;
    sums.newlyPriced += Number(was === null && is !== null);
    sums.noLongerPriced += Number(was !== null && is === null);
    sums.before += amount(was);
    sums.after += amount(is);
  }

  summary(): Counted {
    const all = [...this.#changes.values()];
    return {
      examined: this.#examined,
      changed: this.#changed,
      unchanged: this.#examined - this.#changed,
      newly_priced: all.reduce((sum, { newlyPriced }) => sum + newlyPriced, 0),
      no_longer_priced: all.reduce((sum, { noLongerPriced }) => sum + noLongerPriced, 0),
      still_unpriced: this.#stillUnpriced,
      cost_before: formatUsd(this.#before),
      cost_after: formatUsd(this.#after),
      difference: formatUsd(this.#after - this.#before),
      changes: all.toSorted(bySize).map(changeOf),
    };
  }

  #count(before: string | null, after: string | null): void {
    this.#examined += 1;
    this.#before += amount(before);
    this.#after += amount(after);
    if (before === null && after === null) this.#stillUnpriced += 1;
  }
}

function changeOf(sums: Sums): RepriceChange {
  return {
    provider: sums.provider,
    model: sums.model,
    cause: sums.cause,
    calls: sums.calls,
    newly_priced: sums.newlyPriced,
    no_longer_priced: sums.noLongerPriced,
    cost_before: formatUsd(sums.before),
    cost_after: formatUsd(sums.after),
    difference: formatUsd(sums.after - sums.before),
  };
}

/** The largest difference first; then by name, so that the order is always the same. */
function bySize(a: Sums, b: Sums): number {
  const [x, y] = [magnitude(a), magnitude(b)];
  if (x !== y) return x > y ? -1 : 1;
  return nameOf(a) < nameOf(b) ? -1 : 1;
}

function magnitude({ before, after }: Sums): bigint {
  return after > before ? after - before : before - after;
}

function nameOf({ provider, model, cause }: Sums): string {
  return `${provider} ${model ?? ''} ${cause}`;
}

function amount(usd: string | null): bigint {
  return usd === null ? 0n : parseUsdRounded(usd);
}
