import { parseUsd } from '../money.js';
import type { Dimension, Measure, QueryRow } from '../report/query.js';
import { addBucket, emptyBucket, type Version, type VersionBucket } from './version.js';

export const versionDimensions: readonly Dimension[] = [
  'feature',
  'template_version',
  'cost_status',
];

/** All sums, so that roll-ups can answer. */
export const versionMeasures: readonly Measure[] = [
  'calls',
  'errors',
  'unpriced_calls',
  'cost',
  'tokens_input',
  'tokens_cache_read',
  'tokens_output',
];

/** Calls of which no tokens are known: nothing was answered, or nobody could read what. */
const unmetered: ReadonlySet<unknown> = new Set(['not_billed', 'no_usage', 'invalid_usage']);

/** Bucketed rows as versions with their calls by time. */
export function readVersions(rows: readonly QueryRow[]): Version[] {
  const versions = new Map<string, Version & { byTime: Map<string, VersionBucket> }>();
  for (const row of rows) {
    const feature = text(row, 'feature');
    const template = text(row, 'template_version');
    const key = JSON.stringify([feature, template]);
    let version = versions.get(key);
    if (version === undefined) {
      version = { feature, template, buckets: [], byTime: new Map() };
      versions.set(key, version);
    }
    const at = String(row['bucket']);
    let sum = version.byTime.get(at);
    if (sum === undefined) version.byTime.set(at, (sum = emptyBucket(at)));
    addBucket(sum, bucketOf(row, at));
  }
  return [...versions.values()]
    .map(({ feature, template, byTime }) => ({
      feature,
      template,
      buckets: [...byTime.values()]
        .filter(({ calls }) => calls > 0)
        .toSorted((a, b) => Number(a.at > b.at) - Number(a.at < b.at)),
    }))
    .filter(({ buckets }) => buckets.length > 0);
}

function bucketOf(row: QueryRow, at: string): VersionBucket {
  const calls = count(row, 'calls');
  const status = row['cost_status'];
  const isMetered = !unmetered.has(status);
  return {
    at,
    calls,
    errors: count(row, 'errors'),
    metered: isMetered ? calls : 0,
    // A call that got its price later has one call more here, and one without a price less there.
    priced: status === 'not_billed' ? 0 : calls - count(row, 'unpriced_calls'),
    input: isMetered ? count(row, 'tokens_input') : 0,
    output: isMetered ? count(row, 'tokens_output') : 0,
    cacheRead: isMetered ? count(row, 'tokens_cache_read') : 0,
    cost: row['cost'] == null ? 0n : parseUsd(String(row['cost'])),
  };
}

function text(row: QueryRow, name: string): string | null {
  const value = row[name];
  return value == null ? null : String(value);
}

function count(row: QueryRow, name: string): number {
  return Number(row[name] ?? 0);
}
