/** Levels of the stress and their limits in nano-USD: every level runs out before the end. */
export const levels = [
  { name: 'org', limit: 600_000_000_000 },
  { name: 'tenant', limit: 320_000_000_000 },
  { name: 'feature', limit: 240_000_000_000 },
  { name: 'agent', limit: 200_000_000_000 },
  { name: 'user', limit: 60_000_000_000 },
  { name: 'run', limit: 30_000_000_000 },
] as const;

export interface StressOrder {
  worker: number;
  callers: number;
  url: string;
  holdMilliseconds: number;
}

export interface StressResult {
  /** What admitted calls took of which accounts, in nano-USD; lost ones included: they happened. */
  log: AdmittedCall[];
  admitted: number;
  refused: number;
  /** Refused because the balance could not be asked. */
  unavailable: number;
  lost: number;
  repeated: number;
  microseconds: number[];
  refusals: { at: number; key: string; asked: number }[];
}

export interface AdmittedCall {
  at: number;
  keys: string[];
  takes: number;
  /** What is booked for it in the end. */
  counts: number;
}
