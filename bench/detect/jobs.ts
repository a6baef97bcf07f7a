import { kinds, levels, type Kind, type Level } from './cost-bench.js';
import type { Outcome } from './evaluate.js';

/** One stream, to be made and judged. */
export interface Job {
  kind: Kind;
  level: Level;
  seed: number;
  /** Whether the plain rules judge it, too. */
  rules: boolean;
}

/** What each detector did in it, by the detector's name. */
export interface Judged {
  job: Job;
  outcomes: Record<string, Outcome>;
  calls: number;
  /** Milliseconds that our detectors took. */
  spent: number;
  /** Lorden's bound on its delay, in calls; null where it has none. */
  bound: number | null;
}

export const ours = 'Farthing';

/** Every stream has its own. */
export function seedOf(kind: Kind, level: Level, replication: number): number {
  return 7919 * replication + 131 * kinds.indexOf(kind) + 17 * Object.keys(levels).indexOf(level);
}
