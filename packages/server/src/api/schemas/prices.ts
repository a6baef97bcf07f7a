import { z } from '@hono/zod-openapi';
import { instantSchema, orNull } from './money.js';

const priceSourceStatusSchema = z
  .object({
    kind: z.enum(['base', 'overlay', 'file', 'url', 'own', 'config']),
    name: z.string(),
    book: orNull(z.string()).openapi({
      description: 'Edition in use; null while nothing of it is.',
    }),
    state: z.enum(['ok', 'stale', 'failed']).openapi({
      description:
        '`stale`: there is a problem and the last good content stays in use. `failed`: it was never of use.',
    }),
    rows: z.number().int(),
    loaded_at: orNull(instantSchema),
    checked_at: orNull(instantSchema),
    problem: orNull(z.string()),
    problem_since: orNull(instantSchema),
    acceptable: z.boolean().openapi({
      description: 'Whether `farthing prices refresh --accept` may lift the problem.',
    }),
    notes: z.array(z.string()),
  })
  .openapi('PriceSourceStatus');

export const priceBookStatusSchema = z
  .object({
    book: z.string().openapi({
      description: 'Names and editions of all layers, in rising precedence.',
      example: 'genai-prices@0.1.8 + farthing-overlay@2026-11',
    }),
    changed_at: orNull(instantSchema),
    problem: orNull(z.string()),
    sources: z.array(priceSourceStatusSchema),
  })
  .openapi('PriceBookStatus');
