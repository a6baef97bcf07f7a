import type { Incident } from '@farthing/core';

/** An open page of the feature `search`; `above` is what it costs above normal in an hour. */
export function someIncident({ above = '0.5', ...part }: Partial<Incident> & { above?: string }) {
  const incident: Incident = {
    id: 'inc-1',
    version: 1,
    state: 'open',
    severity: 'page',
    muted_until: null,
    group: { feature: 'search' },
    cause: 'output',
    run: null,
    title: 'search: output per call is 2.1 times what it was',
    summary: '',
    suggestion: '',
    since: '2026-11-23T10:00:00.000Z',
    opened_at: '2026-11-23T10:07:00.000Z',
    updated_at: '2026-11-23T10:07:00.000Z',
    last_seen_at: '2026-11-23T10:07:00.000Z',
    resolved_at: null,
    calls: 31,
    factor: 2.1,
    size: {
      normal_usd_per_hour: '0.4',
      now_usd_per_hour: '0.9',
      above_usd_per_hour: above,
      above_usd: '1',
      by_midnight_usd: '6',
      by_month_end_usd: '90',
    },
    below_least_page: null,
    change: null,
    first_call: null,
    examples: [],
    findings: [],
    actions: [],
    history: [],
    ...part,
  };
  return incident;
}
