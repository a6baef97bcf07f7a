import {
  incidentCauses,
  parseUsd,
  readAlertRules,
  usualModes,
  type AlertMode,
  type WatchSettings,
} from '@farthing/core';
import { z } from 'zod';
import { alertSinkList } from './alert-sink-settings.js';
import { durationOf } from './duration.js';
import { runCeilingsByFeature, type RunGuardSettings } from './run-guard-settings.js';

const mode = z.enum(['page', 'record', 'off']);

/** For editors; what is wrong with a rule is said by the one reader that every way in shares. */
const ruleShape = {
  type: 'object',
  required: ['name', 'rule'],
  properties: {
    name: { type: 'string' },
    rule: {
      enum: [
        'fixed_cap',
        'pro_rata_day',
        'pro_rata_hour',
        'moving_average',
        'hourly_average',
        'z_score',
        'median',
      ],
    },
    mode: { enum: ['page', 'record', 'off'] },
    by: { type: 'string', description: 'A tag, model, provider, tag:<name>, or all.' },
  },
} as const;

const ruleList = z
  .array(z.unknown().meta(ruleShape as Record<string, unknown>))
  .superRefine((list, context) => {
    for (const { path, message } of readAlertRules(list).problems) {
      context.addIssue({ code: 'custom', path, message });
    }
  })
  .default([]);

const causes = Object.keys(usualModes) as (keyof typeof usualModes)[];

const group = z
  .record(z.string(), z.string())
  .describe('Tags of the calls it is about, e.g. { feature: search }; all when left out.');
const cause = z.enum(incidentCauses);

const leastPage = z
  .union([z.string(), z.number()])
  .refine((value) => /^\d{1,9}(\.\d{1,12})?$/.test(String(value)), {
    error: 'must be an amount in USD, like "1.00"; "0" lets all page',
  })
  .transform(String)
  .default('1.00');

const duration = z
  .string()
  .refine((text) => durationOf(text) >= 60_000 && durationOf(text) <= 7 * 86_400_000, {
    error: 'must be a duration from 1m to 7d, like 30m or 2h',
  });

const action = z.strictObject({
  on: z
    .string()
    .min(1)
    .describe('A cause of incidents (run, output, cost …), or the name of a rule.'),
  do: z
    .enum(['throttle', 'degrade', 'break', 'stop_run'])
    .describe('Let one call in four pass, use cheaper models, refuse, or refuse the run alone.'),
  for: duration.default('1h').describe('How long it holds.'),
  approval: z
    .enum(['manual', 'automatic'])
    .default('manual')
    .describe('Whether somebody has to agree first.'),
  group: group.optional(),
  downgrade: z
    .array(z.string().min(1))
    .min(2)
    .optional()
    .describe('Models for `degrade`, the dearest first.'),
});

/** What watches, what is told to whom, and what is done about it. */
export const alertSettings = z
  .strictObject({
    detectors: z
      .partialRecord(z.enum(causes), mode)
      .default({})
      .describe('How each cause is told: page, record or off. docs/alerts.md has the usual ones.'),
    least_page_usd: leastPage.describe(
      'What growth must cost above normal, so far and within the next day, to page; until then it is a record. 0 lets all page.',
    ),
    rules: ruleList.describe('Plain rules, with thresholds of your own: docs/alerts.md.'),
    sinks: alertSinkList.describe('Where people are told: docs/alert-sinks.md.'),
    actions: z
      .array(action)
      .default([])
      .describe('What is done, or proposed, when something is found.'),
    mute: z
      .array(
        z.strictObject({
          group: group.optional(),
          causes: z.array(cause).min(1).optional(),
          until: z.iso
            .datetime({ offset: true, error: 'must be an ISO time like 2026-03-01T08:00:00Z' })
            .optional(),
        }),
      )
      .default([])
      .describe('Incidents that are kept and shown, and that nobody is told of.'),
    dashboard_url: z
      .url({ protocol: /^https?$/, error: 'must be a http(s) URL' })
      .optional()
      .describe('Where people open the dashboard, for links in notices.'),
  })
  .superRefine(({ actions, rules }, context) => {
    const names = readAlertRules(rules).rules.map((rule) => rule.name);
    const known = [...incidentCauses, ...names];
    actions.forEach(({ on, do: what, downgrade }, index) => {
      const problem = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['actions', index, field], message });
      if (!known.includes(on)) {
        problem('on', `"${on}" is no cause and no rule: use one of ${known.join(', ')}`);
      }
      if (what === 'stop_run' && on !== 'run') {
        problem('do', 'stop_run is for incidents about a run: `on: run`');
      }
      if (what === 'degrade' && downgrade === undefined) {
        problem('downgrade', 'degrade needs models, the dearest first: [gpt-5, gpt-5-mini]');
      }
    });
  });

export type AlertSettings = z.infer<typeof alertSettings>;
export type AlertModes = Readonly<Record<keyof typeof usualModes, AlertMode>>;

/** What watches is told of the configuration: of `alerts`, and of `run_guard` what runs are held to. */
export function watchSettings(
  settings: Pick<AlertSettings, 'detectors' | 'rules' | 'least_page_usd'>,
  runGuard: RunGuardSettings,
): Required<WatchSettings> {
  return {
    modes: alertModes(settings),
    rules: readAlertRules(settings.rules).rules,
    leastPage: parseUsd(settings.least_page_usd),
    runCeilings: runCeilingsByFeature(runGuard),
  };
}

/** How each cause is told, with what the configuration changes. */
export function alertModes({ detectors }: Pick<AlertSettings, 'detectors'>): AlertModes {
  return { ...usualModes, ...detectors };
}
