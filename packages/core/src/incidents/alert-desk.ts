import type { Incident, IncidentAction, IncidentCause, IncidentSeverity } from './incident.js';

/** Which incidents are asked for; all that are kept where nothing is said. */
export interface IncidentQuestion {
  /** `active`: open or acknowledged. */
  state?: 'open' | 'acknowledged' | 'resolved' | 'active' | undefined;
  severity?: IncidentSeverity | undefined;
  cause?: IncidentCause | undefined;
  /** Those that were seen at this ISO time or later. */
  since?: string | undefined;
  /** Tags of the group, `feature=search`. */
  group?: string | undefined;
  /** Most that are told, the latest first. */
  limit?: number | undefined;
}

export interface IncidentList {
  incidents: Incident[];
  /** Pages that nobody has acknowledged, muted or resolved, whatever was asked for. */
  open: number;
}

/** What a person says with what they do to an incident. */
export interface IncidentOrder {
  by: string;
  note?: string | undefined;
}

export interface ActionOrder {
  by: string;
  do: IncidentAction['do'];
  /** A duration: `30m`. */
  for: string;
}

/** `off`: not watched; `record`: written down and shown; `page`: people are told. */
export type AlertMode = 'page' | 'record' | 'off';

/** A detector, or a rule of the configuration, as it is in force. */
export interface AlertRuleView {
  name: string;
  /** Null for detectors: they have no thresholds to set. */
  rule: string | null;
  mode: AlertMode;
  text: string;
  /** Thresholds, as they are in force. */
  terms: Record<string, unknown>;
}

/** What people may want done when something is found. */
export interface ActionPolicyView {
  on: string;
  do: IncidentAction['do'];
  for: string;
  approval: 'manual' | 'automatic';
  group: string | null;
}

/** How a sink is doing. */
export interface SinkStatus {
  name: string;
  type: string;
  state: 'running' | 'waiting' | 'refused' | 'stopped';
  /** Notices that it has taken since it was set up; what is only repeated does not count. */
  delivered: number;
  /** Notices that it has still to take. */
  waiting: number;
  /** Notices that went out no more: a later one of the same incident, or too many others, took their place. */
  replaced: number;
  last_delivered_at: string | null;
  /** Why the last attempt failed, without any secret; null when it did not. */
  problem: string | null;
}

export interface AlertOverview {
  detectors: AlertRuleView[];
  rules: AlertRuleView[];
  /** What growth costs above normal, so far and within the next day, where it is a page; decimal USD. */
  least_page_usd: string;
  sinks: SinkStatus[];
  actions: ActionPolicyView[];
  /** Groups that are watched: features, agents without one, and what belongs to neither. */
  groups: number;
  /** `learning`: the journals' past is being read; what is new waits until that is done. */
  state: 'learning' | 'watching' | 'stopped';
  /** Of the past, while it is read: 0 to 1. */
  progress: number;
  /** Entries that are booked and not looked at yet. */
  behind: number;
  /** When the youngest entry was looked at; null before the first. */
  watched_until: string | null;
  /** Why incidents cannot be kept on disk at the moment; null when they can. */
  problem: string | null;
}

/** A rule that is tried on what has been booked. */
export interface DryRunRequest {
  /** A rule's name, or `detectors` for all that watch by themselves. */
  rule?: string | undefined;
  /** A duration back from now (`30d`) or an ISO time. */
  since?: string | undefined;
}

/** Where a rule would have fired. */
export interface DryRunGroup {
  group: Record<string, string>;
  /** Times that it would have said something. */
  findings: number;
  incidents: number;
  causes: string[];
  first_at: string;
  last_at: string;
  /** Ids of calls that it would have shown; at most five. */
  examples: string[];
}

export interface DryRun {
  rule: string;
  mode: AlertMode;
  from: string;
  to: string;
  entries: number;
  groups: number;
  /** Weeks in which a group had calls, added up. */
  feature_weeks: number;
  findings: number;
  /** What would have been told: findings that belong together are one. */
  incidents: number;
  pages: number;
  /** Findings for each feature-week; null where there was none. */
  findings_per_feature_week: number | null;
  pages_per_feature_week: number | null;
  /** The groups with the most findings, at most ten. */
  top: DryRunGroup[];
}

/** Whether a sink took a test notice. */
export type SinkTrial = { ok: true } | { ok: false; problem: string };

/** What commands, the API and the dashboard ask and do about incidents. */
export interface AlertAccess {
  incidents(question: IncidentQuestion): Promise<IncidentList>;
  /** Throws `unknown_incident`, as all that take an id. */
  incident(id: string): Promise<Incident>;
  acknowledge(id: string, order: IncidentOrder): Promise<Incident>;
  /** `until`: an ISO time, or a duration from now; an hour without. Throws `invalid_time`. */
  mute(id: string, order: IncidentOrder & { until?: string | undefined }): Promise<Incident>;
  unmute(id: string, order: IncidentOrder): Promise<Incident>;
  resolve(id: string, order: IncidentOrder): Promise<Incident>;
  /** Does it at once: a person has asked. Throws `invalid_action`. */
  act(id: string, order: ActionOrder): Promise<Incident>;
  /** Throws `unknown_action`, and `invalid_action` where its state does not allow it. */
  decide(
    id: string,
    action: string,
    decision: 'approve' | 'revert' | 'decline',
    order: IncidentOrder,
  ): Promise<Incident>;
  overview(): Promise<AlertOverview>;
  /** Throws `unknown_rule`, `invalid_time`. */
  test(request: DryRunRequest): Promise<DryRun>;
  /** Sends a notice that is marked as a test. Throws `unknown_sink`. */
  trySink(name: string): Promise<SinkTrial>;
}
