import { adjustEntry, emptyTokens, type Beaten, type Entry, type Usage } from '@farthing/core';
import type { BookedCall } from '../../ledger/index.js';
import { adjustmentId } from '../../reprice/index.js';

/** What entries that take a duplicate back name as their source. */
export const duplicatesSource = 'otlp:duplicates';

/**
 * The adjusting entry that takes back what was booked for a span whose call turned out to be booked
 * elsewhere: cost and tokens come to nothing. Null when they do so already.
 */
export function voidDuplicate(
  { call, adjustments }: BookedCall,
  { by, sameness }: Beaten,
  recordedAt: string,
): Entry | null {
  const other = by.known ? `entry ${by.key}` : `span ${by.span ?? ''}`;
  const reason = `the same call is booked as ${other} (known by its ${sameness})`;
  const usage: Usage | null = call.usage === null ? null : nothing(call.usage, reason);
  return adjustEntry(
    call,
    adjustments,
    {
      cost: { usd: '0', status: 'not_billed', reason, charges: [] },
      ...(usage === null ? {} : { usage }),
    },
    {
      cause: 'usage',
      reason,
      by: 'otlp',
      source: duplicatesSource,
      recorded_at: recordedAt,
    },
    adjustmentId,
  );
}

function nothing(usage: Usage, note: string): Usage {
  const { reported: _reported, partial: _partial, nested: _nested, ...rest } = usage;
  return {
    ...rest,
    tokens: emptyTokens(),
    details: Object.fromEntries(Object.keys(usage.details).map((name) => [name, 0])),
    units: Object.fromEntries(Object.keys(usage.units).map((name) => [name, 0])),
    raw: null,
    notes: [note],
  };
}
