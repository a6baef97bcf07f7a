import type { Cost, Entry } from '../entry.js';
import type { UsageReading } from '../usage/usage.js';
import type { Restated } from './restate.js';

/** What the price book itself remarks on a partial cost; the rest of the reason is about the usage. */
const remarksOfPrices = [
  /^no rates? (is|are) known for /,
  /: priced as your fallback /,
  / is priced by GPU time, and the call states none: /,
];

const unfinished = new Set(['aborted', 'interrupted']);

/**
 * The reading that an entry was priced by, so that it can be priced again; null when the entry does
 * not hold it (a figure without usage). A cost that was partial because of its usage stays partial.
 */
export function readingOfEntry(entry: Entry, restated: Restated): UsageReading | null {
  const { cost, usage } = restated;
  if (usage === null) {
    const reason = cost.reason ?? 'the call has no usage';
    switch (cost.status) {
      case 'no_usage':
      case 'not_billed':
        return { status: cost.status, reason };
      case 'invalid_usage':
        return { status: cost.status, reason, raw: null };
      default:
        return null;
    }
  }
  const partial = partialReason(entry, restated);
  return { status: 'ok', usage, ...(partial === undefined ? {} : { partial }) };
}

function partialReason(entry: Entry, { cost, usage }: Restated): string | undefined {
  if (usage?.partial !== undefined) return usage.partial;
  // Earlier entries say it in the reason of their cost alone, and only while they have one.
  const remarks =
    remarksOfUsage(cost) ?? (cost.usd === null ? remarksOfUsage(entry.cost) : undefined);
  if (remarks !== undefined) return remarks;
  if (usage?.estimated === true) return 'the usage is an estimate';
  // While there was no price, nothing was said about how sure its quantities are.
  return cost.usd === null && unfinished.has(entry.outcome)
    ? 'the answer broke off: its counts may be a lower bound'
    : undefined;
}

function remarksOfUsage({ status, reason = '' }: Cost): string | undefined {
  if (status !== 'partial') return undefined;
  const remarks = reason
    .split('; ')
    .filter((remark) => remark !== '' && !remarksOfPrices.some((pattern) => pattern.test(remark)));
  return remarks.length > 0 ? remarks.join('; ') : undefined;
}
