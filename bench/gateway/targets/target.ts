import type { Started } from '../processes.js';

export interface Surroundings {
  /** Where to reach the mock provider, e.g. `http://127.0.0.1:40123`. */
  upstream: string;
  upstreamPort: number;
  proxyCore: number;
  /** An empty directory of this target's own, on a real disk; removed after the run. */
  directory: string;
  /** The repository's root. */
  root: string;
}

/** A target that answers. */
export interface Running {
  port: number;
  /** Headers that its clients send, beside those that every request carries. */
  headers: Record<string, string>;
  version: string;
  /** Absent for the direct route: there is no proxy whose CPU could be counted. */
  process?: Started;
}

/** Something that stands between the client and the provider. */
export interface Target {
  name: string;
  title: string;
  /** Throws Unavailable when something that the target needs is missing. */
  start: (surroundings: Surroundings) => Promise<Running>;
  /** Looks, after the target was stopped, whether it did its duties; throws when it did not. */
  checkDuties?: (surroundings: Surroundings, upstreamCalls: number) => Promise<string>;
}

/** Why a target is skipped, and what to do about it. */
export class Unavailable extends Error {}
