import { adjustEntry, restate, type Entry, type RepriceSummary, type Window } from '@farthing/core';
import { adjustmentId } from './adjustment-id.js';
import type { BooksToCorrect, Price, WalkProgress } from './ports.js';
import { priceAgain, type PricedAgain } from './price-again.js';
import { Tally } from './tally.js';
import { countCalls, walkCalls, type AdjustedCall } from './walk-calls.js';

export interface RepriceRequest {
  /** Calls that began in it. */
  window: Window;
  provider?: string | undefined;
  model?: string | undefined;
  /** Read the provider's own numbers again, too. */
  reread: boolean;
  /** Only tell what would change. */
  dryRun: boolean;
  /** Who asks. */
  by: string;
  /** Why, in one sentence; left out, each entry says what changed. */
  why?: string | undefined;
}

/**
 * Prices the booked calls of a window again and books an adjusting entry for each that costs something
 * else now. What is booked stays; a second time books nothing, and a run that was cut short is simply
 * repeated: what it has written down counts, wherever it ended.
 */
export async function reprice(
  request: RepriceRequest,
  price: Price,
  books: BooksToCorrect,
  onProgress: (progress: WalkProgress) => void = () => undefined,
): Promise<RepriceSummary> {
  const { window, provider, model, reread, dryRun } = request;
  // Adjustments that an earlier run has journalled must be known before anything is compared.
  await books.bookAll();
  const scope = { window, provider, model };
  const total = await countCalls(books, scope);
  const tally = new Tally();
  const pricing = { price, priceAs: books.priceAs, reread };
  let booked = 0;
  for await (const batch of walkCalls(books, scope)) {
    const adjustments: Entry[] = [];
    const recordedAt = books.now().toISOString();
    for (const adjusted of batch) {
      const priced = priceAgain(adjusted, pricing);
      if (priced === null) {
        tally.left(restate(adjusted.call, adjusted.adjustments).cost.usd);
        continue;
      }
      const adjustment = adjust(adjusted, priced, request, recordedAt);
      tally.priced(priced, adjustment);
      if (adjustment !== null) adjustments.push(adjustment);
    }
    if (!dryRun && adjustments.length > 0) {
      await books.appendEntries(adjustments);
      booked += adjustments.length;
    }
    onProgress({ examined: tally.examined, changed: tally.changed, total });
  }
  if (booked > 0) await books.bookAll();
  return {
    dry_run: dryRun,
    window,
    ...tally.summary(),
    out_of_retention: Math.max(0, total - tally.examined),
    booked,
  };
}

function adjust(
  { call, adjustments }: AdjustedCall,
  { before, now }: PricedAgain,
  { by, why }: RepriceRequest,
  recordedAt: string,
): Entry | null {
  const cause = now.usage === undefined ? 'price' : 'usage';
  const facts = { cause, by, source: 'reprice', recorded_at: recordedAt } as const;
  const made = adjustEntry(
    call,
    adjustments,
    now,
    { ...facts, reason: why ?? reasonOf(before, now) },
    adjustmentId,
  );
  // A usage that reads as before is no cause: then it is the price.
  if (made === null || cause === 'price' || made.usage !== null) return made;
  const { usage: _usage, ...priceOnly } = now;
  return adjustEntry(
    call,
    adjustments,
    priceOnly,
    { ...facts, cause: 'price', reason: why ?? reasonOf(before, priceOnly) },
    adjustmentId,
  );
}

function reasonOf(
  { cost: before }: PricedAgain['before'],
  { cost: after, usage }: PricedAgain['now'],
): string {
  if (usage !== undefined) return 'the usage is read differently now';
  if (after.usd === null) return after.reason ?? 'there is no price for it any more';
  if (before.usd === null) return `a price is known now (${rowOf(after)})`;
  return `the price is another now (${rowOf(before)} → ${rowOf(after)})`;
}

function rowOf({ price, source }: PricedAgain['now']['cost']): string {
  if (price === undefined) return source ?? 'no price row';
  const { book, provider, model, effective_from: from } = price;
  return `${book}: ${provider}/${model}${from === undefined ? '' : ` from ${from}`}`;
}
