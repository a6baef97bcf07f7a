import { recordedAt, type Cost, type Entry } from '../entry.js';
import { promptSources, type PromptSource } from '../estimate/prompt-sources.js';
import { formatUsd, parseUsdRounded } from '../money.js';
import { tagNames, type Tags } from '../tags.js';
import type { CallRow } from './call-row.js';
import { comparedEstimate } from '../drift/compared-estimate.js';
import { rowDrift } from '../drift/cost-drift.js';
import { costByKind } from './cost-by-kind.js';

/** The longest duration a row holds: a signed 32-bit count of milliseconds, about 24 days. */
export const maxDurationMilliseconds = 2_147_483_647;

/**
 * The flat row of a ledger entry, as tables and live views show it and as every store returns it.
 * Normalised so that equal calls have equal rows: times in UTC with milliseconds, durations in whole
 * milliseconds (never negative, whatever the clocks did), money without trailing zeros, ids in lower
 * case, absent tags left out. Throws `invalid_amount` or a RangeError for amounts or times that are none.
 */
export function toCallRow(entry: Entry): CallRow {
  const { usage, cost } = entry;
  const split = costByKind(cost);
  const costUsd = split === null ? null : formatUsd(split.total);
  const estimated = comparedEstimate(entry)?.usd;
  const estimatedUsd = estimated === undefined ? null : formatUsd(parseUsdRounded(estimated));
  return {
    id: entry.id.toLowerCase(),
    kind: entry.kind,
    source: entry.source,
    started_at: new Date(entry.started_at).toISOString(),
    recorded_at: new Date(recordedAt(entry)).toISOString(),
    adjusts: entry.adjusts?.entry?.toLowerCase() ?? null,
    duration_ms: wholeMilliseconds(entry.duration_ms),
    first_byte_ms:
      entry.first_byte_ms === undefined ? null : wholeMilliseconds(entry.first_byte_ms),
    provider: entry.provider,
    api: entry.api,
    path: entry.path ?? null,
    stream: entry.stream,
    model_requested: entry.model_requested,
    model: entry.model,
    outcome: entry.outcome,
    http_status: entry.http_status,
    error_type: entry.error_type ?? null,
    attempt: entry.attempt,
    tags: compactTags(entry.tags),
    tokens: usage === null ? null : { ...usage.tokens, reasoning: usage.details.reasoning ?? 0 },
    usage_estimated: usage?.estimated ?? false,
    prompt: promptBySource(entry),
    cost_usd: costUsd,
    // An adjustment stands where the call stands that it adjusts, also in reports by status.
    cost_status: entry.adjusts?.status_booked ?? entry.adjusts?.status_before ?? cost.status,
    cost_source: cost.source ?? null,
    cost_input_usd:
      split === null
        ? null
        : formatUsd(split.input_uncached + split.cache_read + split.cache_write),
    cost_cache_read_usd: split === null ? null : formatUsd(split.cache_read),
    cost_cache_write_usd: split === null ? null : formatUsd(split.cache_write),
    cost_output_usd: split === null ? null : formatUsd(split.output),
    reported_usd:
      cost.reported_usd === undefined ? null : formatUsd(parseUsdRounded(cost.reported_usd)),
    list_usd: listUsd(cost),
    estimated_usd: estimatedUsd,
    cost_drift: rowDrift(entry.kind, estimatedUsd, costUsd),
  };
}

/** Null also where a count, times the calls that it stands for, is more than can be counted exactly. */
export function promptBySource({ prompt }: Pick<Entry, 'prompt'>): CallRow['prompt'] {
  if (prompt === undefined) return null;
  const calls = prompt.calls ?? 1;
  const counts = promptSources.map((source) => prompt[source] ?? 0);
  const isExact = [calls, ...counts, ...counts.map((count) => count * calls)].every(
    (count) => Number.isSafeInteger(count) && count >= 0,
  );
  if (!isExact || calls === 0) return null;
  return Object.fromEntries(
    promptSources.map((source, index) => [source, counts[index]!]),
  ) as Record<PromptSource, number>;
}

function listUsd(cost: Cost): string | null {
  const list = cost.list_usd ?? cost.computed_usd ?? cost.usd;
  return list === null ? null : formatUsd(parseUsdRounded(list));
}

function wholeMilliseconds(value: number): number {
  return Math.min(Math.max(Math.round(value), 0), maxDurationMilliseconds);
}

/** Known names in their fixed order, then the custom ones by key; an empty `custom` is none. */
function compactTags(tags: Tags): Tags {
  const compact: Tags = {};
  for (const name of tagNames) {
    const value = tags[name];
    if (value !== undefined) compact[name] = value;
  }
  const keys = Object.keys(tags.custom ?? {}).sort();
  if (tags.custom !== undefined && keys.length > 0) {
    const custom = tags.custom;
    compact.custom = Object.fromEntries(keys.map((key) => [key, custom[key] ?? '']));
  }
  return compact;
}
