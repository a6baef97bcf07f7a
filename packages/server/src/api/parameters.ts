import {
  FarthingError,
  parseMoment,
  parseWindow,
  readBucket,
  readDimension,
  readFilter,
  readList,
  readMeasure,
  type BucketSize,
  type Dimension,
  type Filter,
  type Measure,
  type Window,
} from '@farthing/core';
import { z } from '@hono/zod-openapi';
import { ProblemError } from './problem.js';

/** The query parameters that several routes share, as OpenAPI describes them. */
export const sinceParameter = z.string().max(64).optional().openapi({
  description:
    'Start of the window: 1h, 24h, 7d, 30d, month, today, a date or an ISO date-time (UTC).',
  example: '24h',
});
export const untilParameter = z.string().max(64).optional().openapi({
  description: 'End of the window (exclusive), in the same forms. Default: now.',
});
export const asOfParameter = z.string().max(64).optional().openapi({
  description:
    'As known at this time: entries that were recorded later, adjustments among them, are left out. A time as in since, or "closed": as of the closing of the month which the window lies in.',
});
export const filterParameter = z
  .union([z.string().max(4096), z.array(z.string().max(4096)).max(32)])
  .optional()
  .openapi({
    type: 'array',
    items: { type: 'string' },
    description:
      'Repeatable; all must hold. feature:search, model!:gpt-4o, provider:openai,anthropic (any of them), feature: (not set), tag:team=search.',
    example: ['feature:search'],
  });
export const limitParameter = (most: number, standard: number) =>
  z.coerce
    .number()
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(most, `must be at most ${most}`)
    .default(standard);

export function readWindowParameters(
  ends: { since?: string | undefined; until?: string | undefined },
  now: Date,
): Window | undefined {
  return naming(ends.since === undefined ? 'until' : 'since', () => parseWindow(ends, now));
}

/** `closed` looks up the closing; it is only asked when that word was given. */
export async function readAsOfParameter(
  text: string | undefined,
  now: Date,
  closed: () => Promise<string>,
): Promise<string | undefined> {
  if (text === undefined) return undefined;
  if (text !== 'closed') return naming('as_of', () => parseMoment(text, now));
  try {
    return await closed();
  } catch (error) {
    throw named(error, 'as_of');
  }
}

export function readFilterParameters(filter: string | string[] | undefined): Filter[] {
  if (filter === undefined) return [];
  const texts = typeof filter === 'string' ? [filter] : filter;
  return naming('filter', () => texts.map((text) => readFilter(text)));
}

export function readDimensionParameters(by: string | undefined): Dimension[] {
  return naming('by', () => readList(by ?? '').map((text) => readDimension(text)));
}

export function readMeasureParameters(measures: string | undefined): Measure[] | undefined {
  if (measures === undefined) return undefined;
  return naming('measures', () => readList(measures).map((text) => readMeasure(text)));
}

export function readBucketParameter(bucket: string | undefined): BucketSize | undefined {
  return bucket === undefined ? undefined : naming('bucket', () => readBucket(bucket));
}

/** Core's readers do not know where a text came from; the API's answers do. */
export function naming<Value>(field: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw named(error, field);
  }
}

function named(error: unknown, field: string): unknown {
  return FarthingError.isInstance(error)
    ? new ProblemError(400, error.code, error.message, field)
    : error;
}
