import { describeNotice, groupText } from '../notice-text.js';
import { plainLine } from '../plain-text.js';
import type { Notice } from '../sink.js';

/** `postableAlert` of Alertmanager's api/v2/openapi.yaml. */
export interface PostableAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL?: string;
}

export interface AlertParts {
  labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  now: number;
  repeatMilliseconds: number;
}

/**
 * The alert of an incident. Its labels say which alert it is, so they come from the notice by which
 * Alertmanager first heard of the incident, whatever severity and cause become later. While the incident
 * is open the alert ends five repeats from now, as Prometheus does it: should Farthing stop, it ends by
 * itself, whatever `resolve_timeout` is. A resolved incident's alert ended then.
 */
export function alertOf(notice: Notice, opening: Notice, parts: AlertParts): PostableAlert {
  const { incident, url } = notice;
  const { event, title, summary, suggestion, facts } = describeNotice(notice);
  const isOver = notice.what === 'resolved' || incident.state === 'resolved';
  const endsAt = isOver
    ? Math.min(Date.parse(incident.resolved_at ?? notice.at), parts.now)
    : parts.now + 5 * parts.repeatMilliseconds;
  // Alertmanager refuses an alert that ends before it begins, as it would where a clock was set back.
  const startsAt = Math.min(
    Date.parse(opening.incident.opened_at),
    isOver ? endsAt - 1 : parts.now,
  );
  return {
    labels: {
      ...groupLabels(opening.incident.group),
      ...parts.labels,
      alertname: 'FarthingIncident',
      incident: opening.incident.id,
      severity: opening.incident.severity,
      cause: opening.incident.cause,
    },
    annotations: {
      ...Object.fromEntries(
        facts.map(({ name, value }) => [name.toLowerCase().replaceAll(' ', '_'), value]),
      ),
      summary: title,
      description: summary,
      suggestion,
      event,
      notice: notice.key,
      group: plainLine(groupText(incident.group), 1_000),
    },
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    ...(url === null ? {} : { generatorURL: url }),
  };
}

/** Names of labels have letters, digits and _; an empty value is no label. */
function groupLabels(group: Readonly<Record<string, string>>): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [tag, value] of Object.entries(group)) {
    const name = tag.replaceAll(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_');
    const text = plainLine(value, 1_000);
    if (name !== '' && text !== '') labels[name] = text;
  }
  return labels;
}
