import type { Incident } from '@farthing/core';
import type { Notice } from './sink.js';

/** An incident that was over before that has been told, or nobody waits for it any more. */
const longestGap = 10 * 60_000;

/**
 * What was told last of each incident that is not over, or has been for minutes alone: to be pushed at a
 * start, for a crash may have come between keeping an incident and telling of it. The queue ignores the
 * versions that it has.
 *
 * @param now milliseconds since the epoch.
 */
export function lastNotices(
  incidents: Iterable<Incident>,
  now: number,
): Pick<Notice, 'what' | 'at' | 'incident'>[] {
  return [...incidents]
    .filter(
      ({ state, updated_at: at }) => state !== 'resolved' || Date.parse(at) > now - longestGap,
    )
    .map((incident) => {
      const last = incident.history.at(-1)?.what ?? 'updated';
      const what = last === 'muted' || last === 'unmuted' ? 'updated' : last;
      return { what, at: incident.updated_at, incident };
    });
}
