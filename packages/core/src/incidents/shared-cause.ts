import type { SignalSource } from './incident-update.js';
import type { IncidentCause } from './incident.js';
import { likelyChange } from './likely-change.js';
import { isAboutCost } from './severity.js';
import type { Signal } from './signal.js';
import type { SpendRecord } from './spend-record.js';

/** Causes that may come from outside of a group: a provider's price, its cache, its errors. */
const fromOutside: ReadonlySet<IncidentCause> = new Set(['unit_price', 'cache', 'retries']);

/**
 * What several groups have in common where the same is found in them: what comes from a provider, and not
 * from a change that a group made itself. Null where it is the group's own matter.
 */
export function sharedCause(
  { cause, since }: Signal,
  { provider, model }: SignalSource,
  record: SpendRecord | null,
): string | null {
  if (!isAboutCost(cause)) return null;
  const change = record === null ? null : likelyChange(record, since);
  if (cause === 'retries') return change === null ? `retries ${provider}` : null;
  if (change?.dimension === 'price') return `unit_price ${provider} ${model}`;
  return change === null && fromOutside.has(cause) ? `${cause} ${provider} ${model}` : null;
}
