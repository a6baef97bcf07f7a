import type { Incident } from '@farthing/core';
import { describeNotice, groupText } from '../notice-text.js';
import { plainLine } from '../plain-text.js';
import type { Notice } from '../sink.js';

export interface PagerDutyEvent {
  event_action: 'trigger' | 'acknowledge' | 'resolve';
  dedup_key: string;
  client: string;
  client_url?: string;
  links?: { href: string; text: string }[];
  payload: {
    summary: string;
    source: string;
    severity: 'critical' | 'warning';
    timestamp: string;
    component?: string;
    group: string;
    class: string;
    custom_details: Record<string, unknown>;
  };
}

/** A whole event may have 512 KB. */
const mostDetailBytes = 400 * 1024;

/**
 * The event of a notice, but for its routing key. Fields and limits are those of PagerDuty's Events API v2
 * (github.com/PagerDuty/developer-docs, docs/events-API-v2/02-Trigger-Events.md): `summary` at most 1,024
 * characters, `dedup_key` 255, the whole 512 KB. A page is critical, a record a warning.
 */
export function pagerDutyEvent(notice: Notice): PagerDutyEvent {
  const { incident, url } = notice;
  const text = describeNotice(notice);
  return {
    event_action: actionOf(notice),
    dedup_key: incident.id.slice(0, 255),
    client: 'Farthing',
    ...(url === null ? {} : { client_url: url, links: [{ href: url, text: 'Open in Farthing' }] }),
    payload: {
      summary: plainLine(incident.title, 1_024),
      source: 'farthing',
      severity: incident.severity === 'page' ? 'critical' : 'warning',
      timestamp: notice.at,
      component: plainLine(Object.values(incident.group)[0] ?? 'all calls', 255),
      group: plainLine(groupText(incident.group), 255),
      class: incident.cause,
      custom_details: {
        key: notice.key,
        event: text.event,
        summary: text.summary,
        suggestion: text.suggestion,
        ...Object.fromEntries(text.facts.map(({ name, value }) => [name.toLowerCase(), value])),
        incident: fitting(incident),
      },
    },
  };
}

function actionOf({ what, incident }: Notice): PagerDutyEvent['event_action'] {
  if (what === 'resolved' || incident.state === 'resolved') return 'resolve';
  return incident.state === 'acknowledged' ? 'acknowledge' : 'trigger';
}

/** The incident, without what has happened to it longest ago where that is too much. */
function fitting(incident: Incident): Partial<Incident> {
  const { findings, actions, history, ...rest } = incident;
  for (const most of [Infinity, 100, 10]) {
    const some = {
      ...rest,
      findings: findings.slice(-most),
      actions: actions.slice(-most),
      history: history.slice(-most),
    };
    if (Buffer.byteLength(JSON.stringify(some)) <= mostDetailBytes) return some;
  }
  const { id, version, state, severity, cause, since, opened_at, size } = incident;
  return { id, version, state, severity, cause, since, opened_at, size };
}
