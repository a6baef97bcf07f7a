import { z } from 'zod';
import { namedApart } from './named-apart.js';

const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,39}$/,
    'a name has small letters, digits and -, and begins with a letter',
  );
const from = z
  .enum(['now', 'beginning'])
  .default('now')
  .describe('Whether a new outlet also gets what was booked before it.');
const base = { name, from };
const headers = z.record(z.string(), z.string()).optional();
/** Checked when its parts from the environment are known: outlets/read-secrets.ts. */
const url = (text: string) =>
  z.string().min(1).describe(`${text} \`\${NAME}\` stands for an environment variable.`);

const outlet = z.discriminatedUnion('type', [
  z.strictObject({
    ...base,
    type: z.literal('jsonl'),
    directory: z.string().min(1).describe('A folder of its own: one file for each day.'),
  }),
  z.strictObject({
    ...base,
    type: z.literal('webhook'),
    url: url('Where to post to.'),
    secret: z
      .string()
      .min(1)
      .optional()
      .describe('Signs each request with HMAC-SHA-256; at least 16 characters.'),
    headers,
  }),
  z.strictObject({
    ...base,
    type: z.literal('otlp'),
    url: url('The collector, e.g. http://localhost:4318.'),
    headers,
    signals: z
      .array(z.enum(['traces', 'metrics']))
      .min(1)
      .optional(),
    service: z.string().min(1).optional(),
    cost_attributes: z
      .boolean()
      .default(false)
      .describe('Also `gen_ai.usage.cost.*`, which the conventions have not settled.'),
  }),
  z.strictObject({
    ...base,
    type: z.literal('postgres'),
    url: url('postgres://user:password@host/database.'),
    table: z.string().optional(),
  }),
  z.strictObject({
    ...base,
    type: z.literal('nats'),
    url: url('nats://host:4222; several, comma-separated.'),
    subject: z
      .string()
      .regex(/^[^\s*>]+$/, 'a subject has no blanks and no wildcards')
      .optional(),
    user: z.string().optional(),
    password: z.string().optional(),
    token: z.string().optional(),
  }),
]);

/** Where booked entries go besides the store. */
export const outletList = z.array(outlet).default([]).superRefine(namedApart('outlets'));

export type OutletConfig = z.infer<typeof outlet>;
