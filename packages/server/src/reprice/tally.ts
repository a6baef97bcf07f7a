import {
  formatUsd,
  parseUsdRounded,
  type AdjustmentCause,
  type Entry,
  type RepriceChange,
  type RepriceSummary,
} from '@farthing/core';
import type { PricedAgain } from './price-again.js';

/** Costs added up; a sum of no known cost is unknown, unless there was nothing to add. */
class Sum {
  #known = 0;
  #unknown = 0;
  #total = 0n;

  add(usd: string | null): void {
    if (usd === null) {
      this.#unknown += 1;
    } else {
      this.#known += 1;
      this.#total += parseUsdRounded(usd);
    }
  }

  get picodollars(): bigint {
    return this.#total;
  }

  get usd(): string | null {
    return this.#known === 0 && this.#unknown > 0 ? null : formatUsd(this.#total);
  }
}

interface ModelChange {
  provider: string;
  model: string | null;
  cause: AdjustmentCause;
  calls: number;
  newlyPriced: number;
  noLongerPriced: number;
  before: Sum;
  after: Sum;
}

type Counted = Omit<RepriceSummary, 'dry_run' | 'window' | 'booked' | 'out_of_retention'>;

/** Adds up what pricing again changes, exactly. */
export class Tally {
  readonly #changes = new Map<string, ModelChange>();
  readonly #before = new Sum();
  readonly #after = new Sum();
  #examined = 0;
  #changed = 0;
  #stillUnpriced = 0;

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
    const change = this.#changeOf(adjustment);
    change.calls += 1;
    change.newlyPriced += Number(was === null && is !== null);
    change.noLongerPriced += Number(was !== null && is === null);
    change.before.add(was);
    change.after.add(is);
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
      cost_before: this.#before.usd,
      cost_after: this.#after.usd,
      difference: formatUsd(this.#after.picodollars - this.#before.picodollars),
      changes: all.toSorted(bySize).map(written),
    };
  }

  #count(before: string | null, after: string | null): void {
    this.#examined += 1;
    this.#before.add(before);
    this.#after.add(after);
    if (before === null && after === null) this.#stillUnpriced += 1;
  }

  #changeOf({ provider, model, adjusts }: Entry): ModelChange {
    const { cause } = adjusts!;
    const key = JSON.stringify([provider, model, cause]);
    const known = this.#changes.get(key);
    if (known !== undefined) return known;
    const counts = { calls: 0, newlyPriced: 0, noLongerPriced: 0 };
    const sums = { before: new Sum(), after: new Sum() };
    const change = { provider, model, cause, ...counts, ...sums };
    this.#changes.set(key, change);
    return change;
  }
}

function written(change: ModelChange): RepriceChange {
  return {
    provider: change.provider,
    model: change.model,
    cause: change.cause,
    calls: change.calls,
    newly_priced: change.newlyPriced,
    no_longer_priced: change.noLongerPriced,
    cost_before: change.before.usd,
    cost_after: change.after.usd,
    difference: formatUsd(differenceOf(change)),
  };
}

/** The largest difference first; then by name, so that the order is always the same. */
function bySize(a: ModelChange, b: ModelChange): number {
  const [x, y] = [magnitude(differenceOf(a)), magnitude(differenceOf(b))];
  if (x !== y) return x > y ? -1 : 1;
  return nameOf(a) < nameOf(b) ? -1 : 1;
}

function differenceOf({ before, after }: ModelChange): bigint {
  return after.picodollars - before.picodollars;
}

function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

function nameOf({ provider, model, cause }: ModelChange): string {
  return `${provider} ${model ?? ''} ${cause}`;
}
