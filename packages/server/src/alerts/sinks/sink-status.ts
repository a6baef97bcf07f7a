import type { SinkStatus as SinkSummary } from '@farthing/core';

/** How a sink is doing. `delivered` counts since it was set up, repeats not; `waiting` is what it has still to take. */
export interface SinkStatus extends SinkSummary {
  /** Notices that a later one of the same incident has replaced, or many others have, before they went out. */
  replaced: number;
}

export type SinkTrial = { ok: true } | { ok: false; problem: string };
