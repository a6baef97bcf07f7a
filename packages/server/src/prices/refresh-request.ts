import { readFileSync } from 'node:fs';
import { writeAtomically } from './atomic-file.js';

/** A content that a person has accepted although the guard found something about it. */
export interface Acceptance {
  /** Id of the source's location. */
  source: string;
  hash: string;
  at: string;
  by: string;
}

/** What running processes read to know that they are to look again, and what has been accepted. */
export interface RefreshRequest {
  requested_at: string | null;
  accepted: Acceptance[];
}

const mostAcceptances = 200;

export function readRefreshRequest(path: string): RefreshRequest {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<RefreshRequest>;
    return {
      requested_at: value.requested_at ?? null,
      accepted: Array.isArray(value.accepted) ? value.accepted : [],
    };
  } catch {
    return { requested_at: null, accepted: [] };
  }
}

/** Asks every running process to look at its sources again. */
export function requestRefresh(path: string, accepted: readonly Acceptance[], at: string): void {
  const all = [...readRefreshRequest(path).accepted, ...accepted].slice(-mostAcceptances);
  const request: RefreshRequest = { requested_at: at, accepted: all };
  writeAtomically(path, `${JSON.stringify(request)}\n`);
}
