import { z } from 'zod';
import { nameInEntries } from './price-as.js';

const tagName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.:/-]{0,63}$/, 'a tag is named in small letters, without `tag:`');

/** One or several; in rules of tags a single name is the usual thing. */
const names = z
  .union([z.string().min(1).max(64), z.array(z.string().min(1).max(64)).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

const requirement = z.strictObject({
  tags: z.array(tagName).min(1).describe('Tags that must be set, e.g. [feature, agent]'),
  missing: z
    .enum(['accept', 'reject'])
    .default('accept')
    .describe(
      'accept: the call is recorded without them; reject: it is refused before it is sent.',
    ),
  provider: names
    .transform((providers) => providers.map(nameInEntries))
    .optional()
    .describe(
      'Only calls to these providers, named as in `providers` or in reports (gemini, google); all when left out.',
    ),
  api: names.optional().describe('Only calls of these APIs, e.g. chat.completions.'),
  key: names.optional().describe('Only calls with these keys, by their names in reports (key_…).'),
});

/** What calls are tagged with, and which tags they must bring. */
export const tagSettings = z
  .strictObject({
    defaults: z
      .record(z.string(), z.string())
      .default({})
      .describe('Tags of calls that do not set them, e.g. environment: production'),
    require: z
      .array(requirement)
      .default([])
      .describe('Tags that calls must have; each call is held to every rule that it is of.'),
  })
  .prefault({});
