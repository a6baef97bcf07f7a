import { runOf } from '../admission/restrictions.js';
import { runDepth, type ObservedCall } from '../detect/index.js';
import { recordedAt, type Entry } from '../entry.js';
import { parseUsd, type Picodollars } from '../money.js';

/** What may have changed when something begins to cost more. */
export const changeDimensions = ['template_version', 'release', 'model', 'price', 'agent'] as const;
export type ChangeDimension = (typeof changeDimensions)[number];

/** An entry as those look at it who watch for incidents. */
export interface WatchedCall {
  id: string;
  /** Tags of the calls that it is compared with; none for what belongs to nobody. */
  group: Record<string, string>;
  key: string;
  observed: ObservedCall;
  /** Null where it is not known. */
  cost: Picodollars | null;
  provider: string;
  model: string;
  values: Partial<Record<ChangeDimension, string>>;
  /** When it ended and when that became known, milliseconds since 1970. */
  endedAt: number;
  knownAt: number;
  /** What it has of a dimension (a tag, `provider`, `model`, `tag:<name>`); '' of `all`; null where it has none. */
  valueOf(dimension: string): string | null;
}

/** The name of a group among others, and the way it is written: `feature=search`. */
export function groupKey(group: Readonly<Record<string, string>>): string {
  return Object.entries(group)
    .map(([dimension, value]) => `${dimension}=${value}`)
    .join(' ');
}

/** Null for what is no call, or passes through unmetered. */
export function watchedCall(entry: Entry): WatchedCall | null {
  if (entry.kind !== 'call' || entry.outcome === 'unmetered') return null;
  const { tags, usage, cost } = entry;
  const group: Record<string, string> =
    tags.feature !== undefined
      ? { feature: tags.feature }
      : tags.agent !== undefined
        ? { agent: tags.agent }
        : {};
  // What failed before it used anything costs nothing, which is known.
  const isFailed = entry.outcome === 'error' && usage === null;
  const usd = cost.usd ?? (isFailed || cost.status === 'not_billed' ? '0' : null);
  const tokens = usage?.tokens;
  const model = entry.model ?? entry.model_requested ?? '';
  const price = priceOf(entry);
  const values: WatchedCall['values'] = {};
  if (tags.template_version !== undefined) values.template_version = tags.template_version;
  const release = tags.custom?.['release'] ?? tags.custom?.['version'];
  if (release !== undefined) values.release = release;
  if (model !== '') values.model = model;
  if (price !== null) values.price = price.text;
  if (tags.agent !== undefined) values.agent = tags.agent;
  const estimate = entry.estimate?.usd;
  const depth = runDepth(tags);
  return {
    id: entry.id.toLowerCase(),
    group,
    key: groupKey(group),
    observed: {
      at: Date.parse(entry.started_at),
      cost: usd === null ? null : Number(usd),
      tokens: {
        uncached: tokens?.input_uncached ?? 0,
        cache_read: tokens?.cache_read ?? 0,
        cache_write:
          (tokens?.cache_write ?? 0) +
          (tokens?.cache_write_5m ?? 0) +
          (tokens?.cache_write_1h ?? 0),
        output: tokens?.output ?? 0,
      },
      unit_price: price?.rate ?? null,
      estimate: estimate === undefined ? null : Number(estimate),
      template: tags.template_version ?? null,
      run: runOf(tags) ?? null,
      ...(depth === undefined ? {} : { depth }),
      billed: cost.status !== 'not_billed',
      // Who belongs to nobody is judged over all calls, not within a group.
      attributed: true,
      retry: entry.attempt > 1,
      repeated: (entry.repeats ?? 0) > 0,
      sized: usage !== null,
    },
    cost: usd === null ? null : parseUsd(usd),
    provider: entry.provider,
    model,
    values,
    endedAt: Date.parse(entry.ended_at),
    knownAt: Date.parse(recordedAt(entry)),
    valueOf: (dimension) => valueOf(entry, dimension),
  };
}

function valueOf({ tags, provider, model }: Entry, dimension: string): string | null {
  if (dimension === 'all') return '';
  if (dimension === 'provider') return provider;
  if (dimension === 'model') return model;
  if (dimension.startsWith('tag:')) return tags.custom?.[dimension.slice(4)] ?? null;
  const value = tags[dimension as keyof typeof tags];
  return typeof value === 'string' ? value : null;
}

/** What it was charged for output, or for input where there is none. */
function priceOf({ cost }: Entry): { rate: number; text: string } | null {
  const charge =
    cost.charges.find(({ kind }) => kind === 'output') ??
    cost.charges.find(({ kind }) => kind === 'input_uncached');
  if (charge === undefined || charge.quantity <= 0) return null;
  const per = charge.per === 1_000_000 ? 'million' : String(charge.per);
  const what = charge.kind === 'output' ? 'output' : 'input';
  return {
    rate: Number(charge.rate_usd) / charge.per,
    text: `$${charge.rate_usd} per ${per} ${what} tokens`,
  };
}
