import {
  FarthingError,
  defaultDriftThreshold,
  driftMillionths,
  readBucket,
  readMeasure,
  type BucketSize,
  type Dimension,
  type Filter,
  type Measure,
  type Query,
} from '@farthing/core';
import type { MeasureOptions } from './measures.js';
import type { Scope } from './query-source.js';
import { readAsOf, readWindow } from './time.js';

const defaultLimit = 1000;
const highestLimit = 100_000;

/** A query with its defaults, each of its parts checked. */
export interface Question {
  measures: Measure[];
  dimensions: Dimension[];
  filters: readonly Filter[];
  bucket: BucketSize | null;
  limit: number;
  options: MeasureOptions;
}

/** Throws `invalid_query`, `unknown_measure` and `unknown_bucket`. */
export function readQuestion(query: Query): Question {
  const measures = unique(query.measures.map(readMeasure));
  if (measures.length === 0) throw invalid('`measures` is empty. Ask for at least one, e.g. cost.');
  return {
    measures,
    dimensions: unique(query.dimensions ?? []),
    filters: query.filters ?? [],
    bucket: query.bucket === undefined ? null : readBucket(query.bucket),
    limit: readLimit(query.limit),
    options: {
      driftMillionths: readDriftThreshold(query.drift_threshold),
      tokenCap: readTokenCap(query.token_cap),
    },
  };
}

/** Throws `invalid_window`. */
export function scopeOf(query: Query): Scope {
  return {
    span: query.window === undefined ? null : readWindow(query.window),
    asOf: query.as_of === undefined ? null : readAsOf(query.as_of),
  };
}

function readLimit(limit: number = defaultLimit): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= highestLimit) return limit;
  throw invalid(`\`limit\` is ${limit}; use a whole number from 1 to ${highestLimit}.`);
}

function readDriftThreshold(threshold: number = defaultDriftThreshold): bigint {
  try {
    return driftMillionths(threshold);
  } catch (error) {
    throw invalid(`\`drift_threshold\`: ${(error as Error).message}.`);
  }
}

function readTokenCap(cap: number = 0): number {
  if (Number.isSafeInteger(cap) && cap >= 0) return cap;
  throw invalid(`\`token_cap\` is ${cap}; use a whole number of tokens, 0 or more.`);
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

export function invalid(message: string): FarthingError {
  return new FarthingError('invalid_query', message);
}
