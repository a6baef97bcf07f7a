import { incidentCauses } from '@farthing/core';
import { z } from '@hono/zod-openapi';
import { instantSchema, orNull, usdSchema } from './money.js';

const scopeSchema = z.record(z.string(), z.string());
const severitySchema = z.enum(['page', 'record']);
const modeSchema = z.enum(['page', 'record', 'off']);
export const causeSchema = z.enum(incidentCauses);
const doSchema = z.enum(['throttle', 'degrade', 'break', 'stop_run']);

const sizeSchema = z
  .object({
    normal_usd_per_hour: usdSchema,
    now_usd_per_hour: usdSchema,
    above_usd_per_hour: usdSchema,
    above_usd: usdSchema,
    by_midnight_usd: usdSchema,
    by_month_end_usd: orNull(usdSchema).openapi({
      description: 'Null for a run: none goes on for weeks.',
    }),
  })
  .openapi('IncidentSize', {
    description:
      'What it costs above normal: so far, by midnight and by the end of the month, UTC.',
  });

const belowLeastPageSchema = z
  .object({ size_usd: usdSchema, least_usd: usdSchema })
  .openapi('BelowLeastPage', {
    description:
      'Why it is a record that would else be a page: what it costs above normal, so far and within the next day, and what it becomes a page at.',
  });

const changeSchema = z
  .object({
    dimension: z.enum(['template_version', 'model', 'release', 'agent', 'price']),
    from: orNull(z.string()),
    to: z.string(),
    at: instantSchema,
    share: z.number(),
  })
  .openapi('IncidentChange', { description: 'What changed when it began: the likely reason.' });

const findingSchema = z
  .object({
    cause: causeSchema,
    rule: z.string().optional(),
    at: instantSchema,
    since: instantSchema,
    factor: orNull(z.number()),
    calls: z.number().int(),
    text: z.string(),
  })
  .openapi('IncidentFinding');

const actionSchema = z
  .object({
    id: z.string(),
    do: doSchema,
    state: z.enum(['waiting', 'in_force', 'ended', 'reverted', 'declined']),
    scope: scopeSchema,
    at: instantSchema,
    until: orNull(instantSchema),
    by: orNull(z.string()),
  })
  .openapi('IncidentAction');

const eventSchema = z
  .object({
    at: instantSchema,
    what: z.enum([
      'opened',
      'updated',
      'acknowledged',
      'muted',
      'unmuted',
      'resolved',
      'reopened',
      'action',
    ]),
    by: z.string(),
    note: z.string().optional(),
  })
  .openapi('IncidentEvent');

export const incidentSchema = z
  .object({
    id: z.string(),
    version: z.number().int().openapi({ description: 'Grows with every change worth telling.' }),
    state: z.enum(['open', 'acknowledged', 'resolved']),
    severity: severitySchema,
    muted_until: orNull(instantSchema),
    group: scopeSchema,
    cause: causeSchema,
    run: orNull(z.string()),
    title: z.string(),
    summary: z.string(),
    suggestion: z.string(),
    since: instantSchema.openapi({ description: 'When it began: before it was found.' }),
    opened_at: instantSchema,
    updated_at: instantSchema,
    last_seen_at: instantSchema,
    resolved_at: orNull(instantSchema),
    calls: z.number().int(),
    factor: orNull(z.number()),
    size: orNull(sizeSchema),
    below_least_page: orNull(belowLeastPageSchema),
    change: orNull(changeSchema),
    first_call: orNull(z.string()),
    examples: z.array(z.string()),
    findings: z.array(findingSchema),
    actions: z.array(actionSchema),
    history: z.array(eventSchema),
  })
  .openapi('Incident');

export const incidentListSchema = z
  .object({
    incidents: z.array(incidentSchema),
    open: z.number().int().openapi({
      description: 'Pages that nobody has acknowledged, muted or resolved, whatever was asked for.',
    }),
  })
  .openapi('IncidentList');

const by = z.string().min(1).max(128).default('api').openapi({ description: 'Who asks for it.' });
const note = z.string().max(2_000).optional();

export const orderSchema = z.strictObject({ by, note });
export const muteSchema = orderSchema.extend({
  until: z.string().max(64).optional().openapi({
    description: 'An ISO time, or a duration from now like "2h"; an hour without.',
  }),
});
export const actSchema = z.strictObject({
  by,
  do: doSchema,
  for: z.string().max(16).openapi({ description: 'A duration: "30m".', example: '30m' }),
});

export const sinkTrialSchema = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), problem: z.string() }),
]);

const ruleViewSchema = z
  .object({
    name: z.string(),
    rule: orNull(z.string()),
    mode: modeSchema,
    text: z.string(),
    terms: z.record(z.string(), z.unknown()),
  })
  .openapi('AlertRule');

export const alertOverviewSchema = z
  .object({
    detectors: z.array(ruleViewSchema),
    rules: z.array(ruleViewSchema),
    least_page_usd: usdSchema.openapi({
      description:
        'What growth costs above normal, so far and within the next day, where it is a page.',
    }),
    sinks: z.array(
      z
        .object({
          name: z.string(),
          type: z.string(),
          state: z.enum(['running', 'waiting', 'refused', 'stopped']),
          delivered: z.number().int(),
          waiting: z.number().int(),
          replaced: z.number().int(),
          last_delivered_at: orNull(z.string()),
          problem: orNull(z.string()),
        })
        .openapi('AlertSink'),
    ),
    actions: z.array(
      z.object({
        on: z.string(),
        do: doSchema,
        for: z.string(),
        approval: z.enum(['manual', 'automatic']),
        group: orNull(z.string()),
      }),
    ),
    groups: z.number().int(),
    state: z.enum(['learning', 'watching', 'stopped']),
    progress: z.number(),
    behind: z.number().int(),
    watched_until: orNull(instantSchema),
    problem: orNull(z.string()),
  })
  .openapi('AlertOverview');

export const dryRunRequestSchema = z.strictObject({
  rule: z.string().max(64).optional().openapi({ description: 'A rule, or "detectors".' }),
  since: z.string().max(64).optional().openapi({ description: '"30d", or an ISO time.' }),
});

export const dryRunSchema = z
  .object({
    rule: z.string(),
    mode: modeSchema,
    from: instantSchema,
    to: instantSchema,
    entries: z.number().int(),
    groups: z.number().int(),
    feature_weeks: z.number(),
    findings: z.number().int(),
    incidents: z.number().int(),
    pages: z.number().int(),
    findings_per_feature_week: orNull(z.number()),
    pages_per_feature_week: orNull(z.number()),
    top: z.array(
      z.object({
        group: scopeSchema,
        findings: z.number().int(),
        incidents: z.number().int(),
        causes: z.array(z.string()),
        first_at: instantSchema,
        last_at: instantSchema,
        examples: z.array(z.string()),
      }),
    ),
  })
  .openapi('AlertDryRun');
