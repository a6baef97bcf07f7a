import type { Dimension, Query, QueryResult, Window } from '../report/query.js';
import { readDimension } from '../report/read-query.js';
import { tagNames } from '../tags.js';

/** Calls that lack a tag, and who sends them. */
export interface UntaggedTag {
  tag: string;
  /** Whether a rule asks for it. */
  required: boolean;
  calls: number;
  /** USD, a decimal string; null when no cost of them is known. */
  cost: string | null;
  /** Of all calls in the window, 0 to 1. */
  share_of_calls: number;
  /** Those that spend most first. */
  senders: UntaggedSender[];
}

export interface UntaggedSender {
  source: string;
  provider: string;
  api: string;
  model: string | null;
  /** The name of the caller's key, where keys are named. */
  key: string | null;
  calls: number;
  cost: string | null;
}

export interface UntaggedReport {
  window: Window;
  calls: number;
  cost: string | null;
  tags: UntaggedTag[];
}

/** By what senders are told apart. `key` is a hash; no address is recorded. */
const senderDimensions: readonly Dimension[] = ['source', 'provider', 'api', 'model', 'tag:key'];

/**
 * Who sends calls without the tags that are asked for.
 *
 * @param tags the tags to look for, without `tag:`; @param required those that rules ask for.
 * @param limit most senders of each tag.
 */
export async function buildUntagged(
  query: (query: Query) => Promise<QueryResult>,
  {
    tags,
    required,
    window,
    limit,
  }: { tags: readonly string[]; required: readonly string[]; window: Window; limit: number },
): Promise<UntaggedReport> {
  const all = await query({ measures: ['calls', 'cost'], window });
  const calls = Number(all.rows[0]?.['calls'] ?? 0);
  const found: UntaggedTag[] = [];
  for (const tag of tags) {
    const filters: Query['filters'] = [
      { dimension: dimensionOf(tag), op: 'in', values: [null] },
      // What passes through unmetered has no cost to attribute.
      { dimension: 'outcome', op: 'not_in', values: ['unmetered'] },
    ];
    const measures: Query['measures'] = ['calls', 'cost'];
    const [sum] = (await query({ measures, filters, window })).rows;
    const senders = await query({
      measures,
      dimensions: [...senderDimensions],
      filters,
      window,
      order: [
        { by: 'cost', direction: 'desc' },
        { by: 'calls', direction: 'desc' },
      ],
      limit,
    });
    const missing = Number(sum?.['calls'] ?? 0);
    found.push({
      tag,
      required: required.includes(tag),
      calls: missing,
      cost: missing === 0 ? '0' : textOf(sum?.['cost']),
      share_of_calls: calls === 0 ? 0 : missing / calls,
      senders: senders.rows
        .filter((row) => Number(row['calls']) > 0)
        .map((row) => ({
          source: String(row['source']),
          provider: String(row['provider']),
          api: String(row['api']),
          model: textOf(row['model']),
          key: textOf(row['tag:key']),
          calls: Number(row['calls']),
          cost: textOf(row['cost']),
        })),
    });
  }
  return { window, calls, cost: calls === 0 ? '0' : textOf(all.rows[0]?.['cost']), tags: found };
}

function dimensionOf(tag: string): Dimension {
  return readDimension((tagNames as readonly string[]).includes(tag) ? tag : `tag:${tag}`);
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
