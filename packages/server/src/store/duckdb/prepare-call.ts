import {
  FarthingError,
  cacheReturn,
  comparedEstimate,
  costByKind,
  costChange,
  hasTokens,
  isOutcomeRecord,
  maxPicodollars,
  parseUsdRounded,
  stepPath,
  toCallRow,
  type CacheReturn,
  type Entry,
} from '@farthing/core';
import type { SourcedEntry } from '../store.js';
import type { PreparedCall } from './columns.js';
import { prefixesOf } from './prompt-prefixes.js';
import { isUuid } from './uuid.js';

const highestInteger = 2_147_483_647;

/**
 * Makes an entry ready for the table. Throws `entry_invalid`, naming the field, for what the columns
 * cannot hold exactly: a booking must not round money or shorten counts in silence.
 */
export function prepareCall({ entry, position }: SourcedEntry, journal: number): PreparedCall {
  if (!isUuid(entry.id)) throw invalid(entry.id, 'id', 'a UUID');
  try {
    const row = toCallRow(entry);
    const cost = costByKind(entry.cost);
    const reported =
      entry.cost.reported_usd === undefined ? null : parseUsdRounded(entry.cost.reported_usd);
    for (const [kind, amount] of Object.entries(cost ?? {})) {
      if (!fits(amount)) throw invalid(entry.id, `cost.${kind}`, 'at most 9.2 million USD');
    }
    if (reported !== null && !fits(reported)) {
      throw invalid(entry.id, 'cost.reported_usd', 'at most 9.2 million USD');
    }
    const list = row.list_usd === null ? null : parseUsdRounded(row.list_usd);
    if (list !== null && !fits(list)) {
      throw invalid(entry.id, 'cost.list_usd', 'at most 9.2 million USD');
    }
    if (row.adjusts !== null && !isUuid(row.adjusts)) {
      throw invalid(entry.id, 'adjusts.entry', 'a UUID or null');
    }
    for (const [bucket, count] of Object.entries(row.tokens ?? {})) {
      if (!Number.isSafeInteger(count)) {
        throw invalid(entry.id, `usage.tokens.${bucket}`, 'a whole number');
      }
    }
    for (const field of ['attempt', 'http_status'] as const) {
      const value = row[field];
      if (value !== null && (!Number.isInteger(value) || Math.abs(value) > highestInteger)) {
        throw invalid(entry.id, field, 'a whole number of at most 32 bits');
      }
    }
    return {
      row,
      cost,
      reported,
      list,
      // What became of a run is no call whose cost could be known or lacking.
      change: isOutcomeRecord(entry) ? { known: 0, unknown: 0 } : costChange(entry),
      cause: entry.adjusts?.cause ?? null,
      estimate: estimateOf(entry),
      // Nor must a prompt keep its call out: counts beyond what is exact are left out.
      prompt: row.prompt === null ? null : (entry.prompt ?? null),
      step: stepPath(entry.span),
      parentSpan: entry.span?.parent ?? null,
      caching: cachingOf(entry),
      ...prefixesOf(entry),
      journal,
      segment: position.segment,
      offset: position.offset,
    };
  } catch (error) {
    if (FarthingError.isInstance(error) && error.code === 'entry_invalid') throw error;
    throw new FarthingError(
      'entry_invalid',
      `Entry ${entry.id} cannot be booked: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** A call is booked whatever its estimate says: what the columns cannot hold is not compared. */
function estimateOf(entry: Entry): PreparedCall['estimate'] {
  const estimate = comparedEstimate(entry);
  if (estimate === null) return null;
  const { input_tokens: input, output_tokens: output, usd } = estimate;
  if (!isCount(input) || !isCount(output)) return null;
  const cost = usd === undefined ? null : parseUsdRounded(usd);
  return {
    cost: cost !== null && fits(cost) ? cost : null,
    ...(hasTokens(estimate) ? { input, output } : { input: null, output: null }),
  };
}

/** Nor may caching's return, where it is beyond what the columns hold. */
function cachingOf({ cost }: Entry): CacheReturn | null {
  const caching = cacheReturn(cost);
  if (caching === null) return null;
  const { saved, premium, tokens } = caching;
  return fits(saved) && fits(premium) && Number.isSafeInteger(tokens) ? caching : null;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function fits(amount: bigint): boolean {
  return amount <= maxPicodollars && amount >= -maxPicodollars;
}

function invalid(id: string, field: string, wanted: string): FarthingError {
  return new FarthingError(
    'entry_invalid',
    `Entry ${String(id).slice(0, 64)} cannot be booked: \`${field}\` must be ${wanted}.`,
  );
}
