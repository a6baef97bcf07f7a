import { incidentCauses } from '@farthing/core';
import { z } from 'zod';
import { namedApart } from './named-apart.js';
import { durationOf } from './duration.js';

const base = {
  name: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,39}$/,
      'a name has small letters, digits and -, and begins with a letter',
    ),
  severity: z
    .array(z.enum(['page', 'record']))
    .min(1)
    .default(['page'])
    .describe('Incidents of which severity are told here.'),
  causes: z
    .array(z.enum(incidentCauses))
    .min(1)
    .optional()
    .describe('Only incidents of these causes; all of them when left out.'),
  groups: z
    .array(z.record(z.string(), z.string()))
    .min(1)
    .optional()
    .describe(
      'Only incidents about calls with all tags of one of these, e.g. [{ feature: search }]; all of them when left out.',
    ),
};
const headers = z.record(z.string(), z.string()).optional();
/** Checked when its parts from the environment are known: alerts/sinks/read-sinks.ts. */
const url = (text: string) =>
  z.string().min(1).describe(`${text} \`\${NAME}\` stands for an environment variable.`);

const sink = z.discriminatedUnion('type', [
  z.strictObject({
    ...base,
    type: z.literal('slack'),
    url: url('The incoming webhook of a channel. It is a secret.'),
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
    type: z.literal('alertmanager'),
    url: url('Where Alertmanager is, e.g. http://localhost:9093.'),
    headers,
    labels: z
      .record(
        z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'a label has letters, digits and _'),
        z.string().min(1),
      )
      .optional()
      .describe('Further labels of every alert, for its routes.'),
    repeat: z
      .string()
      .refine(
        (text) => durationOf(text) >= 1_000 && durationOf(text) <= 3_600_000,
        'must be a duration from 1s to 1h, like "1m"',
      )
      .default('1m')
      .describe(
        'How often an open incident is sent again. After five times as long it ends there.',
      ),
  }),
  z.strictObject({
    ...base,
    type: z.literal('pagerduty'),
    routing_key: z.string().min(1).describe('The integration key of a service. It is a secret.'),
    url: url('Where events go.').default('https://events.pagerduty.com/v2/enqueue'),
  }),
  z.strictObject({
    ...base,
    type: z.literal('email'),
    host: z.string().min(1).describe('The mail server.'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe('Default 587, 465 for `tls`, 25 for `none`.'),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .describe('Whether the connection becomes encrypted, is from its beginning, or never is.'),
    user: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    from: z.string().min(3).describe('Address of the sender.'),
    to: z.array(z.string().min(3)).min(1).max(50).describe('Addresses of those who are told.'),
    tls: z
      .strictObject({
        ca_file: z
          .string()
          .min(1)
          .optional()
          .describe('File (PEM) with the certificates to trust, for a server with its own.'),
        servername: z
          .string()
          .min(1)
          .optional()
          .describe('The name in the certificate, where it is not `host`.'),
        verify: z
          .boolean()
          .default(true)
          .describe('False takes any certificate: then anybody in between can read along.'),
      })
      .optional(),
  }),
  z.strictObject({ ...base, type: z.literal('stdout') }),
]);

/** Where people are told of incidents: `alerts.sinks`. */
export const alertSinkList = z.array(sink).default([]).superRefine(namedApart('sinks'));

export type AlertSinkConfig = z.infer<typeof sink>;
