import type {
  AlertOverview,
  Incident,
  IncidentAction,
  IncidentCause,
  IncidentEvent,
} from '@farthing/core';
import type { RestrictionList } from '../src/api/incidents-contract.js';
import type { FixtureCall } from './fixture-calls.js';

/** Incidents in every state that they can be in, over the generated calls. What is done to one holds. */

const minute = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * minute).toISOString();

function incident(
  id: string,
  feature: string,
  cause: IncidentCause,
  title: string,
  part: Partial<Incident>,
): Incident {
  const began = part.since ?? ago(95);
  const opened = new Date(Date.parse(began) + 7 * minute).toISOString();
  return {
    id,
    version: 1,
    state: 'open',
    severity: 'page',
    muted_until: null,
    group: { feature },
    cause,
    run: null,
    title,
    summary: `${title}. It began at ${began.slice(11, 16)} UTC.`,
    suggestion: 'Look at the first calls, and ask who released something at that time.',
    since: began,
    opened_at: opened,
    updated_at: ago(2),
    last_seen_at: ago(1),
    resolved_at: null,
    calls: 214,
    factor: 2.14,
    size: sizeOf(0.41, 0.88, 1.6),
    below_least_page: null,
    change: null,
    first_call: null,
    examples: [],
    findings: [{ cause, at: opened, since: began, factor: 2.14, calls: 31, text: `${title}.` }],
    actions: [],
    history: [{ at: opened, what: 'opened', by: 'farthing' }],
    ...part,
  };
}

function sizeOf(normal: number, now: number, hours: number): Incident['size'] {
  const above = now - normal;
  const text = (usd: number) => usd.toFixed(6);
  return {
    normal_usd_per_hour: text(normal),
    now_usd_per_hour: text(now),
    above_usd_per_hour: text(above),
    above_usd: text(above * hours),
    by_midnight_usd: text(above * (hours + 6)),
    by_month_end_usd: text(above * 180),
  };
}

function makeIncidents(calls: readonly FixtureCall[], count: number): Incident[] {
  const examples = calls
    .filter(({ row }) => row.tags.feature === 'support-assistant' && row.started_at > ago(95))
    .slice(0, 5)
    .map(({ row }) => row.id);
  const held: IncidentAction = {
    id: 'act-1',
    do: 'throttle',
    state: 'in_force',
    scope: { feature: 'support-assistant' },
    at: ago(12),
    until: ago(-48),
    by: 'ada',
  };
  const named = [
    incident(
      'inc-output',
      'support-assistant',
      'output',
      'support-assistant: output per call is 2.14 times what it was',
      {
        summary:
          'Calls of `support-assistant` answer with 2.14 times the tokens since 1 h 35 min ago, 612 where 286 were usual. That costs $0.47 an hour above normal. It began with template `v12`, which 96% of the calls carry since.',
        suggestion:
          'Compare template `v12` with `v11`, and give the calls a limit of output tokens until it is clear.',
        change: {
          dimension: 'template_version',
          from: 'v11',
          to: 'v12',
          at: ago(95),
          share: 0.964,
        },
        first_call: examples[0] ?? null,
        examples,
        actions: [
          held,
          { ...held, id: 'act-2', do: 'break', state: 'waiting', by: null, until: null },
        ],
        findings: [
          {
            cause: 'output',
            at: ago(88),
            since: ago(95),
            factor: 2.14,
            calls: 31,
            text: 'Output per call: 612 tokens, 286 before.',
          },
          {
            cause: 'cost',
            at: ago(80),
            since: ago(95),
            factor: 1.72,
            calls: 44,
            text: 'Cost per call: $0.0071, $0.0041 before.',
          },
          {
            cause: 'rule',
            rule: 'daily three times',
            at: ago(60),
            since: ago(95),
            factor: 3.1,
            calls: 0,
            text: 'Spend of the last hour is 3.1 times the mean of the hours before.',
          },
        ],
        history: [
          { at: ago(88), what: 'opened', by: 'farthing' },
          {
            at: ago(60),
            what: 'updated',
            by: 'farthing',
            note: 'The rule “daily three times” says so too.',
          },
          { at: ago(12), what: 'action', by: 'ada', note: 'Throttle for 1 h.' },
        ],
      },
    ),
    incident('inc-run', 'report-writer', 'run', 'run-8842 of report-writer repeats itself', {
      run: 'run-8842',
      since: ago(22),
      factor: 14.2,
      calls: 61,
      size: sizeOf(1.1, 5.52, 0.4),
      suggestion: 'Stop the run: its last 18 calls ask the same with other numbers.',
    }),
    incident(
      'inc-cache',
      'meeting-notes',
      'cache',
      'meeting-notes: 12% of the input comes from cache, 71% before',
      {
        state: 'acknowledged',
        since: ago(260),
        factor: 0.17,
      },
    ),
    incident(
      'inc-unpriced',
      'search-embeddings',
      'unpriced',
      'search-embeddings: 38% of the calls have no price',
      {
        severity: 'record',
        size: null,
        factor: null,
        since: ago(600),
      },
    ),
    incident(
      'inc-muted',
      'code-suggestions',
      'retries',
      'code-suggestions: 9% of the calls are retries, 1% before',
      {
        muted_until: ago(-180),
        since: ago(400),
        factor: 9.2,
      },
    ),
    incident(
      'inc-over',
      'contract-review',
      'input',
      'contract-review: input per call was 3.4 times what it was',
      {
        state: 'resolved',
        since: ago(2_900),
        resolved_at: ago(2_610),
      },
    ),
    incident(
      'inc-over-2',
      'support-assistant',
      'cost',
      'support-assistant: cost per call was 1.8 times what it was',
      {
        state: 'resolved',
        since: ago(7_200),
        resolved_at: ago(7_010),
      },
    ),
  ];
  const many = Array.from({ length: Math.max(0, count - named.length) }, (_, index) =>
    incident(
      `inc-${index}`,
      `feature-${index}`,
      'cost',
      `feature-${index}: cost per call is 1.${index % 9} times what it was`,
      {
        severity: index % 3 === 0 ? 'page' : 'record',
        since: ago(30 + index),
      },
    ),
  );
  return [...named, ...many];
}

function overview(quiet: boolean): AlertOverview {
  const detector = (name: string, mode: 'page' | 'record', text: string) => ({
    name,
    rule: null,
    mode,
    text,
    terms: {},
  });
  return {
    detectors: [
      detector('output', 'page', 'Output per call shifts and stays shifted.'),
      detector('cache', 'page', 'Less of the input comes from cache than before.'),
      detector('run', 'page', 'A run costs, calls or repeats itself far beyond other runs.'),
      detector('outlier', 'record', 'A single call costs far more than its peers.'),
    ],
    rules: quiet
      ? []
      : [
          {
            name: 'daily three times',
            rule: 'mean_factor',
            mode: 'record',
            text: 'Spend of an hour above a multiple of the mean of the hours before.',
            terms: { factor: 3, window: '24h' },
          },
        ],
    least_page_usd: '1',
    sinks: quiet
      ? []
      : [
          {
            name: 'ops',
            type: 'slack',
            state: 'running',
            delivered: 12,
            waiting: 0,
            replaced: 0,
            last_delivered_at: ago(12),
            problem: null,
          },
          {
            name: 'pager',
            type: 'pagerduty',
            state: 'waiting',
            delivered: 3,
            waiting: 2,
            replaced: 0,
            last_delivered_at: ago(300),
            problem: 'events.pagerduty.com answered 503; tried again in 40 s.',
          },
        ],
    actions: quiet
      ? []
      : [{ on: 'run', do: 'stop_run', for: '1h', approval: 'manual', group: null }],
    groups: 14,
    state: 'watching',
    progress: 1,
    behind: 0,
    watched_until: ago(0),
    problem: null,
  };
}

function restrictions(quiet: boolean): RestrictionList {
  const order = { note: null, by: 'ada', since: ago(12), until: ago(-48) };
  return {
    restrictions: quiet
      ? []
      : [
          {
            ...order,
            id: 'r-1',
            scope: { feature: 'support-assistant' },
            step: 'throttle',
            downgrade: [],
            one_in: 4,
            cause: 'output per call is 2.14 times what it was',
            incident: 'inc-output',
          },
        ],
    stopped_runs: quiet
      ? []
      : [{ ...order, id: 'r-2', run: 'run-17', cause: 'stopped by ada', incident: null }],
  };
}

let incidents: Incident[] | null = null;

/** Answers what stands below `/api/v1/incidents` and `/api/v1/alerts`; undefined for other paths. */
export async function incidentAnswer(
  path: string,
  search: URLSearchParams,
  body: () => Promise<string>,
  calls: readonly FixtureCall[],
  quiet: boolean,
  tell: (incident: Incident) => void,
  count: number,
): Promise<unknown> {
  if (path === '/api/v1/alerts') return overview(quiet);
  if (path.startsWith('/api/v1/alerts/sinks/')) return { ok: true };
  if (path === '/api/v1/restrictions') return restrictions(quiet);
  if (!path.startsWith('/api/v1/incidents')) return undefined;
  incidents ??= makeIncidents(calls, count);
  const [id, order, action, decision] = path.split('/').slice(4).map(decodeURIComponent);
  if (id === undefined) {
    const state = search.get('state');
    const found = quiet
      ? []
      : incidents.filter((each) => (each.state === 'resolved') === (state === 'resolved'));
    return { incidents: found, open: found.length };
  }
  const found = incidents.find((each) => each.id === id);
  if (found === undefined || order === undefined) return found;
  const { until, do: deed } = JSON.parse(await body()) as {
    until?: string;
    do?: IncidentAction['do'];
  };
  const done = after(found, { order, action, decision, until, deed });
  incidents = incidents.map((each) => (each.id === id ? done : each));
  tell(done);
  return done;
}

const events: Record<string, IncidentEvent['what']> = {
  acknowledge: 'acknowledged',
  mute: 'muted',
  unmute: 'unmuted',
  resolve: 'resolved',
  actions: 'action',
};
const decided = { approve: 'in_force', decline: 'declined', revert: 'reverted' } as const;

function after(
  before: Incident,
  asked: {
    order: string;
    action: string | undefined;
    decision: string | undefined;
    until: string | undefined;
    deed: IncidentAction['do'] | undefined;
  },
): Incident {
  const { order, action, decision, until, deed } = asked;
  const at = new Date().toISOString();
  const what = events[order] ?? 'updated';
  return {
    ...before,
    version: before.version + 1,
    history: [...before.history, { at, what, by: 'dashboard' }],
    ...(order === 'acknowledge' ? { state: 'acknowledged' as const } : {}),
    ...(order === 'resolve' ? { state: 'resolved' as const, resolved_at: at } : {}),
    ...(order === 'mute'
      ? { muted_until: ago(until === '1d' ? -1_440 : -60 * parseInt(until ?? '1', 10)) }
      : {}),
    ...(order === 'unmute' ? { muted_until: null } : {}),
    ...(order !== 'actions'
      ? {}
      : action === undefined
        ? {
            actions: [
              {
                id: `act-${before.version}`,
                do: deed ?? 'throttle',
                state: 'in_force' as const,
                scope: before.run === null ? before.group : { run: before.run },
                at,
                until: ago(-60),
                by: 'dashboard',
              },
              ...before.actions,
            ],
          }
        : {
            actions: before.actions.map((each) =>
              each.id === action
                ? { ...each, state: decided[decision as keyof typeof decided], by: 'dashboard' }
                : each,
            ),
          }),
  };
}
