import {
  formatReviewCell,
  type Incident,
  type IncidentAction,
  type IncidentSize,
} from '@farthing/core';
import { plainLine } from './plain-text.js';
import type { Notice } from './sink.js';

export interface NoticeFact {
  name: string;
  value: string;
}

/** A notice in plain lines for people; sinks put them into their own form. */
export interface NoticeText {
  /** `Opened (page)`: what happened to the incident. */
  event: string;
  title: string;
  summary: string;
  suggestion: string;
  facts: NoticeFact[];
}

/** Longest text of a fact, of a title and of a paragraph, in characters. */
const most = { fact: 300, title: 300, paragraph: 1_500 };

export function describeNotice({ what, incident }: Notice): NoticeText {
  return {
    event: `${events[what]}${incident.severity === 'page' ? ' (page)' : ''}`,
    title: plainLine(incident.title, most.title),
    summary: plainLine(incident.summary, most.paragraph),
    suggestion: plainLine(incident.suggestion, most.paragraph),
    facts: factsOf(incident).map(({ name, value }) => ({
      name,
      value: plainLine(value, most.fact),
    })),
  };
}

const events: Record<Notice['what'], string> = {
  opened: 'Opened',
  updated: 'Updated',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  reopened: 'Reopened',
  action: 'Action',
};

/** A run does not go on to the month's end, and what is over not at all. */
function aboveText({
  above_usd: soFar,
  by_midnight_usd: day,
  by_month_end_usd: month,
  above_usd_per_hour: perHour,
}: IncidentSize) {
  if (perHour === '0') return `${usd(soFar)} in all`;
  const until = `${usd(soFar)} so far, ${usd(day)} by midnight`;
  return month === null ? until : `${until}, ${usd(month)} by the month's end`;
}

function factsOf(incident: Incident): NoticeFact[] {
  const { size, change, actions } = incident;
  const facts: (NoticeFact | null)[] = [
    // Without tags the title says whose calls they are.
    Object.keys(incident.group).length === 0
      ? null
      : { name: 'Calls of', value: groupText(incident.group) },
    { name: 'Cause', value: incident.cause.replaceAll('_', ' ') },
    incident.run === null ? null : { name: 'Run', value: incident.run },
    { name: 'Since', value: timeText(incident.since) },
    size === null
      ? null
      : {
          name: 'Cost',
          value: `${usd(size.now_usd_per_hour)} an hour, normally ${usd(size.normal_usd_per_hour)}`,
        },
    size === null ? null : { name: 'Above normal', value: aboveText(size) },
    change === null
      ? null
      : {
          name: 'Likely change',
          value: `${change.dimension.replaceAll('_', ' ')} ${change.from ?? 'none'} → ${change.to} at ${timeText(change.at)}`,
        },
    incident.examples.length === 0
      ? null
      : { name: 'Example', value: `call ${incident.examples[0]}` },
    actions.length === 0 ? null : { name: 'Actions', value: actions.map(actionText).join('; ') },
  ];
  return facts.filter((fact) => fact !== null);
}

function actionText({ do: deed, state, by }: IncidentAction): string {
  const who = by === null ? '' : ` (${by})`;
  return `${deed.replaceAll('_', ' ')}: ${state.replaceAll('_', ' ')}${who}`;
}

export function groupText(group: Readonly<Record<string, string>>): string {
  const tags = Object.entries(group);
  return tags.length === 0 ? 'all calls' : tags.map(([tag, value]) => `${tag} ${value}`).join(', ');
}

/** `2026-11-23 14:02 UTC`, or the text itself where it is no time. */
function timeText(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso)
    ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
    : iso;
}

function usd(amount: string): string {
  return formatReviewCell('usd', amount);
}
