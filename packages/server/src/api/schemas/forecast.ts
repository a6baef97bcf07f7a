import { z } from '@hono/zod-openapi';
import { frameSchema } from './frame.js';
import { instantSchema, orNull, usdSchema } from './money.js';
import { dimensionSchema, windowSchema } from './query.js';

const intervalSchema = z.object({ low_usd: usdSchema, high_usd: usdSchema });
const basisSchema = z.enum(['pattern', 'run_rate', 'stopped', 'nothing', 'over']);

const amounts = {
  spent_usd: usdSchema.openapi({ description: 'Until the moment of the forecast; exact.' }),
  forecast_usd: orNull(usdSchema).openapi({
    description:
      'At the end of the month, what is spent included; rounded. Null where nothing is known to go by.',
  }),
  interval_80: orNull(intervalSchema).openapi({
    description: 'The end of the month lies in here with 80 % probability.',
  }),
  interval_95: orNull(intervalSchema),
  before_usd: orNull(usdSchema).openapi({
    description: 'The month before, exact; null where it is not over.',
  }),
  change: orNull(z.number()).openapi({
    description:
      'The forecast against the month before: 0.4 is 40 % more; null where that took nothing, or is not whole.',
  }),
  run_rate_usd: orNull(usdSchema).openapi({
    description: 'If every day took as much as the month so far: the naive figure, to compare.',
  }),
  basis: basisSchema.openapi({
    description:
      '`pattern`: level, weekdays and trend of its own; `run_rate`: too young for that; `stopped`: silent for longer than ever; `nothing`: no call with a known cost; `over`: no forecast, the month is over.',
  }),
  days: z.number().int().openapi({ description: 'Whole days that it rests on.' }),
  needs_days: z
    .number()
    .int()
    .openapi({ description: 'So many more until a pattern can be told.' }),
};

const pointSchema = z
  .object({
    at: instantSchema,
    actual_usd: orNull(usdSchema).openapi({ description: 'Null for days to come.' }),
    expected_usd: orNull(usdSchema).openapi({
      description: 'What is still to come of the day; null for days that are over.',
    }),
    month_to_date: orNull(
      z.object({
        expected_usd: usdSchema,
        interval_80: intervalSchema,
        interval_95: intervalSchema,
      }),
    ).openapi({ description: 'The month by the end of the day; null outside of it.' }),
  })
  .openapi('ForecastPoint');

const outlookSchema = z
  .object({
    budget: z.string(),
    window: z.string().openapi({ example: 'rolling day' }),
    scope: z.record(z.string(), z.string()),
    measure: z.enum(['usd', 'tokens', 'calls']),
    limit: z.string(),
    spent: z.string(),
    held: z.string(),
    ratio: z.number(),
    paused: z.boolean(),
    resets_at: orNull(instantSchema),
    outlook: z.enum(['used_up', 'runs_out', 'may_run_out', 'lasts', 'unknown']).openapi({
      description:
        '`runs_out`: expected before the window ends; `may_run_out`: not expected, but within what happens in 80 %.',
    }),
    basis: z.enum(['pattern', 'run_rate', 'pace', 'nothing']).openapi({
      description: '`pace`: a straight line from the last 15 minutes, for windows of an hour.',
    }),
    runs_out_at: orNull(instantSchema),
    runs_out_80: orNull(
      z.object({ earliest: orNull(instantSchema), latest: orNull(instantSchema) }),
    ).openapi({ description: 'A null end lies beyond the window.' }),
    before_reset_ms: orNull(z.number()).openapi({
      description: 'How long before the window ends it is used up.',
    }),
    at_reset: orNull(z.string()).openapi({
      description: 'Spent when a calendar window ends, as if nothing were refused; rounded.',
    }),
    at_reset_80: orNull(z.object({ low: z.string(), high: z.string() })),
    summary: z.string(),
  })
  .openapi('BudgetOutlook');

export const forecastSchema = z
  .object({
    frame: frameSchema,
    month: z.string().openapi({ example: '2026-12' }),
    window: windowSchema,
    now: instantSchema.openapi({ description: 'The moment that the forecast was made at.' }),
    by: z.array(dimensionSchema),
    summary: z.string().openapi({ description: 'A sentence or two for people.' }),
    total: z.object(amounts).openapi('ForecastAmounts'),
    rows: z
      .array(
        z
          .object({ group: z.record(z.string(), z.string().nullable()), ...amounts })
          .openapi('ForecastRow'),
      )
      .openapi({
        description: 'The dearest first. With `other` they add up to the total exactly.',
      }),
    other: orNull(z.object(amounts)).openapi({
      description: 'All groups that are not among the rows.',
    }),
    points: z.array(pointSchema).openapi({
      description: 'Days of the total, from four weeks before now to the end of the month.',
    }),
    before_begins: orNull(instantSchema).openapi({
      description:
        'The day of the first call, where it lies within the month before: nothing is compared with that month.',
    }),
    rounded_to_usd: usdSchema.openapi({
      description: 'To what forecasts and intervals are rounded; what is spent is exact.',
    }),
    truncated: z.boolean(),
    budgets: orNull(z.array(outlookSchema)).openapi({
      description: 'With `budgets`: each budget’s fullest accounts.',
    }),
  })
  .openapi('Forecast');
