import {
  formatUsd,
  parseUsd,
  totalInput,
  type CostComparison,
  type CostDisagreement,
  type Entry,
  type ImportSummary,
  type UnpricedImport,
} from '@farthing/core';

/** Differences up to a billionth of a dollar are the recorder's floating point, not a disagreement. */
const tolerance = 1000n;
const largestKept = 10;

interface Sums {
  calls: number;
  disagreeing: number;
  recorded: bigint;
  computed: bigint;
}

/** Sets what a source recorded beside what the price book computes, call by call, in exact arithmetic. */
export class CostComparer {
  readonly #total = emptySums();
  readonly #byModel = new Map<string, Sums & { provider: string; model: string | null }>();
  readonly #unpriced = new Map<
    string,
    Omit<UnpricedImport, 'recorded_usd'> & { recorded: bigint | null }
  >();
  /** Sorted, largest difference first. */
  #largest: { size: bigint; call: CostDisagreement }[] = [];

  add(entry: Entry, line: number): void {
    const { usd, reported_usd: reported } = entry.cost;
    if (usd === null) this.#addUnpriced(entry);
    if (usd === null || reported === undefined) return;
    const recorded = parseUsd(reported);
    const computed = parseUsd(usd);
    const difference = recorded - computed;
    const size = difference < 0n ? -difference : difference;
    for (const sums of [this.#total, this.#modelSums(entry)]) {
      sums.calls++;
      sums.recorded += recorded;
      sums.computed += computed;
      if (size > tolerance) sums.disagreeing++;
    }
    if (size > tolerance) this.#keepIfLarge(entry, line, recorded, computed, size);
  }

  get comparison(): ImportSummary['comparison'] {
    const byModel = [...this.#byModel.values()].sort(
      (a, b) => compare(gap(b), gap(a)) || compare(a.model ?? '', b.model ?? ''),
    );
    return {
      ...written(this.#total),
      by_model: byModel.map((sums) => ({
        provider: sums.provider,
        model: sums.model,
        ...written(sums),
      })),
      largest: this.#largest.map(({ call }) => call),
    };
  }

  get unpriced(): UnpricedImport[] {
    return [...this.#unpriced.values()]
      .sort((a, b) => b.calls - a.calls || compare(a.model ?? '', b.model ?? ''))
      .map(({ recorded, ...model }) => ({
        ...model,
        recorded_usd: recorded === null ? null : formatUsd(recorded),
      }));
  }

  #addUnpriced(entry: Entry): void {
    const { provider, model, cost } = entry;
    const key = JSON.stringify([provider, model, cost.status]);
    const sums = this.#unpriced.get(key) ?? {
      provider,
      model,
      status: cost.status,
      calls: 0,
      recorded: null,
    };
    this.#unpriced.set(key, sums);
    sums.calls++;
    if (cost.reported_usd !== undefined) {
      sums.recorded = (sums.recorded ?? 0n) + parseUsd(cost.reported_usd);
    }
  }

  #modelSums(entry: Entry): Sums {
    const { provider, model } = entry;
    const key = JSON.stringify([provider, model]);
    const known = this.#byModel.get(key);
    if (known !== undefined) return known;
    const sums = { provider, model, ...emptySums() };
    this.#byModel.set(key, sums);
    return sums;
  }

  #keepIfLarge(entry: Entry, line: number, recorded: bigint, computed: bigint, size: bigint): void {
    const smallest = this.#largest[largestKept - 1];
    if (smallest !== undefined && size <= smallest.size) return;
    const call: CostDisagreement = {
      id: entry.id,
      line,
      started_at: entry.started_at,
      provider: entry.provider,
      model: entry.model,
      input_tokens: entry.usage === null ? 0 : totalInput(entry.usage.tokens),
      output_tokens: entry.usage?.tokens.output ?? 0,
      recorded_usd: formatUsd(recorded),
      computed_usd: formatUsd(computed),
      difference_usd: formatUsd(recorded - computed),
    };
    this.#largest.push({ size, call });
    this.#largest.sort((a, b) => compare(b.size, a.size));
    this.#largest.length = Math.min(this.#largest.length, largestKept);
  }
}

function emptySums(): Sums {
  return { calls: 0, disagreeing: 0, recorded: 0n, computed: 0n };
}

function written(sums: Sums): CostComparison {
  return {
    calls: sums.calls,
    disagreeing: sums.disagreeing,
    recorded_usd: formatUsd(sums.recorded),
    computed_usd: formatUsd(sums.computed),
    difference_usd: formatUsd(sums.recorded - sums.computed),
  };
}

function gap(sums: Sums): bigint {
  const difference = sums.recorded - sums.computed;
  return difference < 0n ? -difference : difference;
}

function compare<Value extends bigint | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
