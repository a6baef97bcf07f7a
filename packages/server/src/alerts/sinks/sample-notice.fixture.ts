import type { Incident } from '@farthing/core';
import type { Notice } from './sink.js';

let incidents = 0;

/** An incident as the engine makes it, of a group of its own. */
export function sampleIncident(changes: Partial<Incident> = {}): Incident {
  incidents += 1;
  return {
    id: `inc_sample${String(incidents).padStart(5, '0')}`,
    version: 1,
    state: 'open',
    severity: 'page',
    muted_until: null,
    group: { feature: 'search' },
    cause: 'output',
    run: null,
    title: 'search: output per call is 2.1 times what it was',
    summary:
      'Since 14:02 UTC calls of search cost $4.20 an hour, normally $2.00. Template v8 began then, with 96 % of the calls since.',
    suggestion: 'Look at template v8, or go back to v7.',
    since: '2026-11-23T14:02:11.000Z',
    opened_at: '2026-11-23T14:09:40.512Z',
    updated_at: '2026-11-23T14:09:40.512Z',
    last_seen_at: '2026-11-23T14:09:39.101Z',
    resolved_at: null,
    calls: 37,
    factor: 2.1,
    size: {
      normal_usd_per_hour: '2',
      now_usd_per_hour: '4.2',
      above_usd_per_hour: '2.2',
      above_usd: '0.26',
      by_midnight_usd: '21.9',
      by_month_end_usd: '391.5',
    },
    below_least_page: null,
    change: {
      dimension: 'template_version',
      from: 'v7',
      to: 'v8',
      at: '2026-11-23T14:02:11.000Z',
      share: 0.96,
    },
    first_call: '019a9f63-7d1e-7c55-b1d4-3f4b6a9d2c11',
    examples: ['019a9f63-7d1e-7c55-b1d4-3f4b6a9d2c11'],
    findings: [
      {
        cause: 'output',
        at: '2026-11-23T14:09:39.101Z',
        since: '2026-11-23T14:02:11.000Z',
        factor: 2.1,
        calls: 37,
        text: 'Output per call is 2.1 times what it was.',
      },
    ],
    actions: [],
    history: [{ at: '2026-11-23T14:09:40.512Z', what: 'opened', by: 'farthing' }],
    ...changes,
  };
}

export function noticeOf(
  incident: Incident,
  what: Notice['what'] = 'opened',
  url: string | null = `https://farthing.example/incidents/${incident.id}`,
): Notice {
  return {
    key: `${incident.id}:${incident.version}`,
    what,
    at: incident.updated_at,
    incident,
    url,
  };
}

/** The next thing that happens to an incident. */
export function later(
  notice: Notice,
  what: Notice['what'],
  changes: Partial<Incident> = {},
): Notice {
  const version = notice.incident.version + 1;
  const at = new Date(Date.parse(notice.at) + 60_000).toISOString();
  const incident: Incident = {
    ...notice.incident,
    version,
    updated_at: at,
    ...(what === 'resolved' ? { state: 'resolved' as const, resolved_at: at } : {}),
    ...(what === 'acknowledged' ? { state: 'acknowledged' as const } : {}),
    ...(what === 'reopened' ? { state: 'open' as const, resolved_at: null } : {}),
    ...changes,
  };
  return noticeOf(incident, what, notice.url);
}
