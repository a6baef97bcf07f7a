import { kinds, type Kind, type Level } from './cost-bench.js';
import { seedOf, type Job } from './jobs.js';
import { judgeJob } from './judge-job.js';
import type { Figures } from './table.js';

/** What a full run found, and what a small part of it finds in every detail. */
export interface Recorded {
  replications: number;
  /** By level and for all of them. */
  figures: Record<string, Figures>;
  guard: GuardOutcome[];
}

export const recordedFile = new URL('recorded.json', import.meta.url);

/** What each detector did in one stream. */
export interface GuardOutcome {
  kind: Kind;
  level: Level;
  /** Calls until it was found and what it was taken for, null where nothing was; and alerts beside it. */
  detectors: Record<string, { calls: number | null; name: string | null; false_alerts: number }>;
}

/** Few enough for every test run: all kinds at low traffic with the plain rules, three kinds at medium traffic. */
const jobs: readonly Job[] = [
  ...kinds.map((kind) => jobOf(kind, 'low', true)),
  jobOf('output_doubled', 'mid', false),
  jobOf('cache_break', 'mid', false),
  jobOf('routing', 'mid', false),
];

function jobOf(kind: Kind, level: Level, rules: boolean): Job {
  return { kind, level, seed: seedOf(kind, level, 0), rules };
}

export function guardOutcomes(): GuardOutcome[] {
  return jobs.map((job) => {
    const { outcomes } = judgeJob(job);
    const detectors: GuardOutcome['detectors'] = {};
    for (const [detector, { delay, falsePages }] of Object.entries(outcomes)) {
      const { calls = null, name = null } = delay ?? {};
      detectors[detector] = { calls, name, false_alerts: falsePages };
    }
    return { kind: job.kind, level: job.level, detectors };
  });
}
