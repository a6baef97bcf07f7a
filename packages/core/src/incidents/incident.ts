/** What an incident is about; each names the quantity or the rule that moved. */
export const incidentCauses = [
  'cost',
  'input',
  'output',
  'unit_price',
  'cache',
  'estimate',
  'retries',
  'unpriced',
  'unattributed',
  'template',
  'creep',
  'outlier',
  'run',
  'volume',
  'silence',
  'budget_pace',
  'rule',
] as const;
export type IncidentCause = (typeof incidentCauses)[number];

/** A `page` wakes somebody; a `record` is written down and shown, and goes to no sink unless asked for. */
export type IncidentSeverity = 'page' | 'record';

/** An incident is muted beside its state: it goes on being judged, and nobody is told. */
export type IncidentState = 'open' | 'acknowledged' | 'resolved';

/** What it costs. Amounts are USD as exact decimal strings; null where prices are unknown. */
export interface IncidentSize {
  /** What the group's calls of such an hour cost before. */
  normal_usd_per_hour: string;
  /** What they cost now; of a run at its pace of the last ten minutes. */
  now_usd_per_hour: string;
  above_usd_per_hour: string;
  /** Above normal since it began. */
  above_usd: string;
  /**
   * Above normal until then, should it go on like this: a run for as long again as it has called; what is over
   * or silent, not at all. Midnight and month's end in UTC.
   */
  by_midnight_usd: string;
  /** Null for a run: none goes on for weeks. */
  by_month_end_usd: string | null;
}

/** Why an incident is a record that would else be a page. Amounts are USD as exact decimal strings. */
export interface BelowLeastPage {
  /** What it costs above normal so far and within the next day, should it go on like this. */
  size_usd: string;
  /** What it becomes a page at. */
  least_usd: string;
}

/** What changed at about the time when it began, and so is the likely reason. */
export interface IncidentChange {
  dimension: 'template_version' | 'model' | 'release' | 'agent' | 'price';
  from: string | null;
  to: string;
  /** First call with it. */
  at: string;
  /** Of the calls since it began, 0 to 1. */
  share: number;
}

/** One thing that a detector or a rule said. */
export interface IncidentFinding {
  cause: IncidentCause;
  /** Name of the rule, where `cause` is `rule`. */
  rule?: string;
  at: string;
  since: string;
  /** How many times what it was; null where the cause has no factor. */
  factor: number | null;
  calls: number;
  /** A sentence for people. */
  text: string;
}

/** Something that was done, or waits for somebody's word. */
export interface IncidentAction {
  id: string;
  do: 'throttle' | 'degrade' | 'break' | 'stop_run';
  /** `waiting`: for approval. */
  state: 'waiting' | 'in_force' | 'ended' | 'reverted' | 'declined';
  /** What it holds for: tags of calls, or a run. */
  scope: Record<string, string>;
  at: string;
  until: string | null;
  /** Who approved or reverted it; `farthing` where nobody had to. */
  by: string | null;
}

/** What happened to it, oldest first. */
export interface IncidentEvent {
  at: string;
  what:
    | 'opened'
    | 'updated'
    | 'acknowledged'
    | 'muted'
    | 'unmuted'
    | 'resolved'
    | 'reopened'
    | 'action';
  /** `farthing`, or who asked for it. */
  by: string;
  note?: string;
}

/**
 * One thing that is wrong, whatever number of calls and detectors told of it. The same shape stands in the
 * file, the API, webhooks and `--json`. Times are ISO 8601 in UTC.
 */
export interface Incident {
  /** Stable over its life: what sinks deduplicate by. */
  id: string;
  /** Grows by one with every change that is worth telling; `id` and it together name a notice. */
  version: number;
  state: IncidentState;
  severity: IncidentSeverity;
  muted_until: string | null;
  /** Tags of the calls it is about, e.g. `{ "feature": "search" }`; none: all calls. */
  group: Record<string, string>;
  cause: IncidentCause;
  /** The run that runs away, where it is one. */
  run: string | null;
  /** A line: "search: output per call is 2.1 times what it was". */
  title: string;
  /** Sentences: cause, size and likely change, for people who were asleep. */
  summary: string;
  /** What to do about it. */
  suggestion: string;
  /** When it began, which is before it was found. */
  since: string;
  opened_at: string;
  updated_at: string;
  /** The last call that was like it. */
  last_seen_at: string;
  resolved_at: string | null;
  /** Calls of the group since it began. */
  calls: number;
  /** How many times what it was, by the cause's quantity. */
  factor: number | null;
  size: IncidentSize | null;
  /** Null where its size keeps it from nothing: a page, or what is told as a record anyhow. */
  below_least_page: BelowLeastPage | null;
  change: IncidentChange | null;
  first_call: string | null;
  /** Ids of calls that show it, dearest first; at most five. */
  examples: string[];
  findings: IncidentFinding[];
  actions: IncidentAction[];
  history: IncidentEvent[];
}
