import { z } from '@hono/zod-openapi';

/**
 * `schema | null` as OpenAPI 3.1 means it. `.nullable()` on a named schema would make the shared
 * component nullable everywhere (a defect of the generator), and clients would be told a lie.
 */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return z.union([schema, z.null()]);
}

/** Money crosses every boundary as a decimal string: a JSON number would pass through a float. */
export const usdSchema = z
  .string()
  .regex(
    /^-?(0|[1-9]\d{0,8})(\.\d{1,12})?$/,
    'must be a decimal string in USD with at most 12 decimals, e.g. "0.0125"',
  )
  .openapi('Usd', {
    description: 'Exact decimal string in USD, at most 12 decimals, never an exponent.',
    example: '0.0125',
  });

export const instantSchema = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
    'must be an ISO 8601 time in UTC with milliseconds, e.g. "2026-03-15T14:00:00.000Z"',
  )
  .refine((text) => !Number.isNaN(Date.parse(text)), 'is not a date that exists')
  .openapi('Instant', {
    description: 'ISO 8601 in UTC with milliseconds.',
    example: '2026-03-15T14:00:00.000Z',
  });
