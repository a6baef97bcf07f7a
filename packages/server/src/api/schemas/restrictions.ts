import { z } from '@hono/zod-openapi';
import { instantSchema, orNull } from './money.js';

const scopeSchema = z.record(z.string().min(1).max(80), z.string().max(256));
const stepSchema = z.enum(['downgrade', 'truncate', 'throttle', 'block']);
const by = z.string().min(1).max(256).default('api');
const note = z.string().max(500).optional();

const inForce = {
  id: z.string(),
  cause: z.string(),
  since: instantSchema,
  until: instantSchema.openapi({ description: 'When it ends by itself.' }),
  by: z.string(),
  note: orNull(z.string()),
  incident: orNull(z.string()).openapi({ description: 'The incident that it is an action of.' }),
};

export const restrictionSchema = z
  .object({
    ...inForce,
    scope: scopeSchema,
    step: stepSchema,
    downgrade: z.array(z.string()).openapi({ description: 'Models, the dearest first.' }),
    one_in: orNull(z.number().int()).openapi({
      description: 'Of a throttle: one call in so many passes.',
    }),
  })
  .openapi('Restriction');

export const stoppedRunSchema = z.object({ ...inForce, run: z.string() }).openapi('StoppedRun');

export const restrictionListSchema = z
  .object({
    restrictions: z.array(restrictionSchema),
    stopped_runs: z.array(stoppedRunSchema),
  })
  .openapi('RestrictionList');

const order = {
  cause: z.string().min(1).max(500).optional().openapi({
    description: 'Why, as a sentence that callers are told.',
  }),
  seconds: z
    .number()
    .int()
    .min(1)
    .max(31 * 86_400)
    .optional()
    .openapi({ description: 'How long it holds. Default: an hour.' }),
  incident: z.string().min(1).max(256).optional(),
  note,
  by,
};

export const restrictSchema = z
  .strictObject({
    scope: scopeSchema.openapi({
      description: 'Dimension → value, like a budget’s. None: all calls.',
      example: { feature: 'search' },
    }),
    step: stepSchema,
    downgrade: z.array(z.string().min(1).max(256)).max(32).optional(),
    one_in: z.number().int().min(2).max(1_000_000).optional(),
    ...order,
  })
  .openapi('Restrict');

export const stopRunSchema = z.strictObject(order).openapi('StopRun');

export const notedSchema = z.strictObject({ by, note }).openapi('Noted');
