import type { Incident, IncidentAction } from '@farthing/core';
import { displayTime } from '../output/display.js';
import { printable } from '../output/table.js';

/** What a command does to an incident. */
export type IncidentChange = 'acknowledge' | 'mute' | 'unmute' | 'resolve';

/** What a command does with an action of an incident. */
export type ActionChange = 'act' | 'approve' | 'revert' | 'decline';

/** What was done to an incident, as a sentence: which, until when, by whom. */
export function renderChange(change: IncidentChange, incident: Incident, by: string): string {
  const { id, muted_until: until } = incident;
  const end = until === null ? '' : ` until ${displayTime(until, 'UTC')} UTC`;
  const sentences = {
    acknowledge: `Acknowledged incident ${id}, by ${by}: it counts as looked after.`,
    mute: `Muted incident ${id}${end}, by ${by}: nobody is told of it meanwhile.`,
    unmute: `Unmuted incident ${id}, by ${by}: people are told of it again.`,
    resolve: `Resolved incident ${id}, by ${by}.`,
  };
  return `${printable(sentences[change])}\n`;
}

/** What was done with an action, as a sentence: which, for what, until when, by whom. */
export function renderActionChange(
  change: ActionChange,
  { id: incident }: Incident,
  { id, do: what, scope, until }: IncidentAction,
  by: string,
): string {
  const end = until === null ? '' : ` until ${displayTime(until, 'UTC')} UTC`;
  const action = `action ${id} (${texts[what]} ${scopeText(scope)}) of incident ${incident}`;
  const sentences = {
    act: `Began ${action}${end}, by ${by}.`,
    approve: `Approved ${action}, by ${by}: it is in force${end}.`,
    revert: `Reverted ${action}, by ${by}: it is in force no more.`,
    decline: `Declined ${action}, by ${by}: it is left undone.`,
  };
  return `${printable(sentences[change])}\n`;
}

const texts: Record<IncidentAction['do'], string> = {
  throttle: 'throttle',
  degrade: 'degrade',
  break: 'break',
  stop_run: 'stop',
};

function scopeText(scope: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(scope).map(([dimension, value]) =>
    dimension === 'run' ? `run ${value}` : `${dimension}=${value}`,
  );
  return pairs.length === 0 ? 'all calls' : pairs.join(' ');
}
