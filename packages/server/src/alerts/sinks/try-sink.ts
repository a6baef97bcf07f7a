import type { Incident, SinkTrial } from '@farthing/core';
import type { AlertSinkConfig } from '../../config/index.js';
import { within } from '../../delivery/within.js';
import type { IncidentSink, Notice } from './sink.js';

export interface TrialParts {
  now(): Date;
  dashboardUrl: string | null;
  open(config: AlertSinkConfig): Promise<IncidentSink>;
  /** Default 20 seconds. */
  sendMilliseconds?: number;
}

/**
 * Sends a notice that says that it is a test. Where somebody would stay alarmed until it is over, it is
 * over at once.
 */
export async function trySink(config: AlertSinkConfig, parts: TrialParts): Promise<SinkTrial> {
  const { sendMilliseconds = 20_000 } = parts;
  let sink: IncidentSink | null = null;
  try {
    sink = await parts.open(config);
    const opening = testNotice(config.name, parts);
    const notices = config.type === 'pagerduty' ? [opening, resolved(opening)] : [opening];
    for (const notice of notices) {
      const sent = sink.send(notice, opening);
      sent.catch(() => undefined);
      if (!(await within(sendMilliseconds, sent))) {
        return { ok: false, problem: 'the sink does not answer in time' };
      }
    }
    return { ok: true };
  } catch (error) {
    return { ok: false, problem: (error as Error).message };
  } finally {
    await within(
      500,
      sink?.close().catch(() => undefined),
    );
  }
}

function testNotice(name: string, { now, dashboardUrl }: TrialParts): Notice {
  const at = now().toISOString();
  const incident: Incident = {
    id: `test-${name}-${at.replaceAll(/\D/g, '')}`,
    version: 1,
    state: 'open',
    severity: 'page',
    muted_until: null,
    group: {},
    cause: 'rule',
    run: null,
    title: `This is a test of the sink "${name}"`,
    summary: 'Somebody asked Farthing to try this sink. Nothing is wrong.',
    suggestion: 'Nothing is to be done.',
    since: at,
    opened_at: at,
    updated_at: at,
    last_seen_at: at,
    resolved_at: null,
    calls: 0,
    factor: null,
    size: null,
    below_least_page: null,
    change: null,
    first_call: null,
    examples: [],
    findings: [],
    actions: [],
    history: [{ at, what: 'opened', by: 'farthing' }],
  };
  return { key: `${incident.id}:1`, what: 'opened', at, incident, url: dashboardUrl };
}

function resolved(opening: Notice): Notice {
  const { incident, at } = opening;
  return {
    ...opening,
    key: `${incident.id}:2`,
    what: 'resolved',
    incident: { ...incident, version: 2, state: 'resolved', resolved_at: at },
  };
}
