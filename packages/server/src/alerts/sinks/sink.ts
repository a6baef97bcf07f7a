import type { Incident } from '@farthing/core';

/** Something about an incident that people are to be told. */
export interface Notice {
  /** `<incident id>:<version>`: the same each time when it is sent again. */
  key: string;
  what: 'opened' | 'updated' | 'acknowledged' | 'resolved' | 'reopened' | 'action';
  at: string;
  incident: Incident;
  /** The incident's page in the dashboard; null where nobody knows its address. */
  url: string | null;
}

/**
 * Where people are told of incidents.
 *
 * Laws, checked by the conformance suite for every driver:
 * - `send` resolves only when the other side has taken the notice; else it rejects, and the notice is sent
 *   again, so that each arrives at least once. Notices of one incident come in the order of its versions.
 * - A notice that comes again carries the same key, in the way in which the other side deduplicates.
 * - No prompt, no answer and no key of an API is ever in a notice.
 * - A failure's message names the host and never a path, a key or a password.
 */
export interface IncidentSink {
  /**
   * `opening` is the notice by which this sink was first told of the incident, maybe `notice` itself: what
   * must stay the same over an incident's life (labels, the root of a thread) comes from it.
   */
  send(notice: Notice, opening: Notice): Promise<void>;
  /** Gives up what is under way: it rejects, and keeps no process from ending. */
  close(): Promise<void>;
}

/** What the other side will refuse however often it is tried: a wrong address, a revoked token. */
export class SinkRefused extends Error {
  override name = 'SinkRefused';
}

/** The other side asks for a pause. */
export class SinkBusy extends Error {
  override name = 'SinkBusy';
  constructor(
    message: string,
    readonly retryAfterMilliseconds: number,
  ) {
    super(message);
  }
}
