import {
  decimalFromNumber,
  entryEvent,
  entrySchema,
  formatUsd,
  parseUsdRounded,
  TagCollector,
  usageOfReading,
  type CallContext,
  type Entry,
  type Outcome,
  type Tags,
  type UsageReading,
} from '@farthing/core';
import type { ImportPorts } from './ports.js';

/** What an importer knows of a call. */
export interface CallParts {
  id: string;
  source: string;
  /** ISO 8601 in UTC with milliseconds. */
  startedAt: string;
  durationMs?: number;
  provider: string;
  api: string;
  stream?: boolean;
  modelRequested: string | null;
  model: string | null;
  reading: UsageReading;
  /** What the source says the call cost: a decimal string in USD. Stands beside what is computed. */
  reportedUsd?: string | null;
  responseId?: string | undefined;
  outcome?: Outcome;
  context?: CallContext;
  tags: Tags;
}

/** The entry of an imported call, priced as of its own time. */
export function buildEntry(parts: CallParts, ports: Pick<ImportPorts, 'priceBook'>): Entry {
  const { provider, api, model, startedAt, reading, durationMs = 0 } = parts;
  const context = parts.context === undefined ? {} : { context: parts.context };
  const computed = ports.priceBook.price({
    provider,
    api,
    model,
    at: startedAt,
    reading,
    ...context,
  });
  const cost =
    parts.reportedUsd == null ? computed : { ...computed, reported_usd: parts.reportedUsd };
  return {
    schema: entrySchema,
    event: entryEvent,
    id: parts.id,
    kind: 'call',
    source: parts.source,
    started_at: startedAt,
    ended_at: new Date(Date.parse(startedAt) + durationMs).toISOString(),
    duration_ms: durationMs,
    provider,
    api,
    stream: parts.stream ?? false,
    model_requested: parts.modelRequested,
    model,
    ...(parts.responseId === undefined ? {} : { response_id: parts.responseId }),
    outcome: parts.outcome ?? 'ok',
    http_status: null,
    attempt: 1,
    usage: usageOfReading(reading),
    cost,
    ...context,
    tags: parts.tags,
  };
}

/** Tags as they are stored: later ones win, and what is personal is a pseudonym. */
export function buildTags(
  found: Iterable<readonly [name: string, value: string | null | undefined]>,
  constant: Readonly<Record<string, string>>,
  ports: Pick<ImportPorts, 'protect'>,
): Tags {
  const collector = new TagCollector();
  for (const [name, value] of found) if (value != null) collector.set(name, value);
  for (const [name, value] of Object.entries(constant)) collector.set(name, value);
  ports.protect(collector.tags);
  return collector.tags;
}

/** A recorded cost as an exact decimal, rounded half-even to the picodollar; null when it is no amount. */
export function recordedUsd(value: unknown): string | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  try {
    const amount = parseUsdRounded(
      typeof value === 'number' ? decimalFromNumber(value) : value.trim(),
    );
    return amount >= 0n ? formatUsd(amount) : null;
  } catch {
    return null;
  }
}

/** A value as a message may show it: short, and never a whole text. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return (JSON.stringify(value) ?? String(value)).slice(0, 40);
}
