import { z } from '@hono/zod-openapi';
import { orNull, usdSchema } from './money.js';
import { filterSchema, windowSchema } from './query.js';

const shareSchema = orNull(z.number());

/** What every answer states of itself. */
export const frameSchema = z
  .object({
    window: windowSchema,
    filters: z.array(filterSchema),
    calls: z.number().int(),
    cost_usd: orNull(usdSchema).openapi({
      description: 'Of the calls with a known cost; null when none of them has one.',
    }),
    unpriced: z
      .object({ calls: z.number().int(), share: shareSchema })
      .openapi({ description: 'Calls whose cost is unknown: in no sum of money. Share of calls.' }),
    unattributed: z
      .object({ calls: z.number().int(), cost_usd: orNull(usdSchema), share: shareSchema })
      .openapi({ description: 'Calls without a feature. Share of the cost.' }),
    estimated: z.array(z.string()).openapi({
      description: 'What in the answer is estimated; where this is empty, everything is counted.',
    }),
    notes: z.array(z.string()).openapi({
      description: 'What else bears on the figures, e.g. that the window is not over yet.',
    }),
  })
  .openapi('AnswerFrame');
