import {
  formatUsd,
  parseUsd,
  type Cost,
  type Entry,
  type PriceComparison,
  type PriceRequest,
} from '@farthing/core';

type Price = (request: PriceRequest) => Cost;

interface Sums {
  provider: string;
  model: string;
  calls: number;
  before: bigint;
  after: bigint;
  unpricedBefore: number;
  unpricedAfter: number;
}

/**
 * What two price books make of the same calls, by model. Each call is priced at its own time by both;
 * what the provider itself reported stays what it is. Calls without usage are left out, and those
 * whose cost an import's source has stated: as in repricing, no price changes them.
 * @param priceAs whose prices hold for a provider of the configuration.
 */
export async function compareOnLedger(
  entries: AsyncIterable<Entry>,
  before: Price,
  after: Price,
  priceAs: (provider: string) => string,
): Promise<PriceComparison> {
  const byModel = new Map<string, Sums>();
  for await (const entry of entries) {
    const request = isStated(entry) ? null : requestOf(entry, priceAs);
    if (request === null) continue;
    const model = request.model ?? '';
    const key = `${request.provider}\n${model}`;
    let sums = byModel.get(key);
    if (sums === undefined) {
      sums = {
        provider: request.provider,
        model,
        calls: 0,
        before: 0n,
        after: 0n,
        unpricedBefore: 0,
        unpricedAfter: 0,
      };
      byModel.set(key, sums);
    }
    const [was, is] = [before(request).usd, after(request).usd];
    sums.calls += 1;
    if (was === null) sums.unpricedBefore += 1;
    else sums.before += parseUsd(was);
    if (is === null) sums.unpricedAfter += 1;
    else sums.after += parseUsd(is);
  }
  return comparison([...byModel.values()]);
}

/** A figure that came with the record, not from prices. */
function isStated({ cost }: Entry): boolean {
  return cost.usd !== null && (cost.source === undefined || cost.source === 'source');
}

/** The call as the price book is asked about it; null for what has no usage to price. */
export function requestOf(
  entry: Entry,
  priceAs: (provider: string) => string,
): PriceRequest | null {
  if (entry.kind !== 'call' || entry.usage === null) return null;
  return {
    provider: priceAs(entry.provider),
    api: entry.api,
    model: entry.model,
    at: entry.started_at,
    reading: { status: 'ok', usage: entry.usage },
    ...(entry.context === undefined ? {} : { context: entry.context }),
  };
}

function comparison(all: readonly Sums[]): PriceComparison {
  const sum = (pick: (sums: Sums) => bigint) => all.reduce((total, one) => total + pick(one), 0n);
  const count = (pick: (sums: Sums) => number) => all.reduce((total, one) => total + pick(one), 0);
  const [before, after] = [sum((one) => one.before), sum((one) => one.after)];
  const differing = all.filter(
    (one) => one.before !== one.after || one.unpricedBefore !== one.unpricedAfter,
  );
  return {
    calls: count((one) => one.calls),
    before_usd: formatUsd(before),
    after_usd: formatUsd(after),
    change_usd: formatUsd(after - before),
    unpriced_before: count((one) => one.unpricedBefore),
    unpriced_after: count((one) => one.unpricedAfter),
    models: differing
      .toSorted((left, right) => compare(sizeOf(right), sizeOf(left)))
      .map((one) => ({
        provider: one.provider,
        model: one.model,
        calls: one.calls,
        before_usd: formatUsd(one.before),
        after_usd: formatUsd(one.after),
        change_usd: formatUsd(one.after - one.before),
        unpriced_before: one.unpricedBefore,
        unpriced_after: one.unpricedAfter,
      })),
  };
}

function sizeOf({ before, after }: Sums): bigint {
  return after > before ? after - before : before - after;
}

function compare(left: bigint, right: bigint): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
