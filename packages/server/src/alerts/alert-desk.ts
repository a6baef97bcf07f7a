import { randomUUID } from 'node:crypto';
import {
  causeTexts,
  didYouMean,
  FarthingError,
  formatUsd,
  incidentCauses,
  parseMoment,
  parseUsd,
  readAlertRules,
  ruleKinds,
  usualModes,
  type ActionOrder,
  type AlertAccess,
  type AlertOverview,
  type AlertRule,
  type AlertRuleView,
  type DryRun,
  type DryRunRequest,
  type Incident,
  type IncidentAction,
  type IncidentList,
  type IncidentOrder,
  type IncidentQuestion,
  type IncidentUpdate,
  type SinkStatus,
  type SinkTrial,
  type Watch,
} from '@farthing/core';
import { alertModes, durationOf, type AlertSettings } from '../config/index.js';
import type { ActionPort } from './action-port.js';
import type { AlertEngineStatus } from './alert-engine.js';
import type { IncidentLog } from './incident-log.js';

export interface AlertDeskOptions {
  settings: AlertSettings;
  rules: readonly AlertRule[];
  incidents: IncidentLog;
  /** Null where nothing watches: incidents can then be read and not changed. */
  engine: {
    status(): AlertEngineStatus;
    readonly problem: string | null;
    change(work: (book: Watch['book'], now: number) => IncidentUpdate): Incident;
  } | null;
  actions: ActionPort | null;
  sinks(): readonly SinkStatus[];
  /** Why notices are held in memory alone; null while they are not. */
  sinkProblem(): string | null;
  trySink(name: string): Promise<SinkTrial>;
  dryRun(rule: AlertRule | null, from: number): Promise<DryRun>;
  now(): Date;
}

const hour = 3_600_000;
const usualLimit = 100;
/** A mute of the configuration without an end is renewed when an incident opens again. */
const longestMute = 31 * 24 * hour;
const longestAction = 7 * 24 * hour;

/** Incidents of a data directory: what the API and commands ask and do. */
export class AlertDesk implements AlertAccess {
  readonly #options: AlertDeskOptions;

  constructor(options: AlertDeskOptions) {
    this.#options = options;
  }

  async incidents(question: IncidentQuestion): Promise<IncidentList> {
    const { state, severity, cause, since, group, limit = usualLimit } = question;
    const from = since === undefined ? '' : parseMoment(since, this.#options.now());
    const wanted = group === undefined ? null : readGroup(group);
    const all = [...this.#options.incidents.all];
    const found = all
      .filter((incident) => {
        if (state === 'active' ? incident.state === 'resolved' : isOther(state, incident.state)) {
          return false;
        }
        if (isOther(severity, incident.severity) || isOther(cause, incident.cause)) return false;
        return incident.last_seen_at >= from && (wanted === null || hasTags(incident, wanted));
      })
      .sort((a, b) => b.opened_at.localeCompare(a.opened_at) || b.id.localeCompare(a.id))
      .slice(0, limit);
    return { incidents: found, open: all.filter(isUnanswered).length };
  }

  async incident(id: string): Promise<Incident> {
    return this.#find(id);
  }

  async acknowledge(id: string, { by, note }: IncidentOrder): Promise<Incident> {
    return this.#change(id, (book, now) => book.acknowledge(id, by, note, now));
  }

  async mute(
    id: string,
    { by, note, until }: IncidentOrder & { until?: string | undefined },
  ): Promise<Incident> {
    const now = this.#options.now();
    const end = until === undefined ? now.getTime() + hour : endOf(until, now);
    return this.#change(id, (book, at) => book.mute(id, end, by, note, at));
  }

  async unmute(id: string, { by, note }: IncidentOrder): Promise<Incident> {
    return this.#change(id, (book, now) => book.unmute(id, by, note, now));
  }

  async resolve(id: string, { by, note }: IncidentOrder): Promise<Incident> {
    return this.#change(id, (book, now) => book.resolve(id, by, note, now));
  }

  async act(id: string, order: ActionOrder): Promise<Incident> {
    const incident = this.#find(id);
    if (incident.state === 'resolved') {
      throw new FarthingError(
        'invalid_action',
        `Incident ${id} is resolved: nothing is to be done.`,
      );
    }
    const seconds = secondsOf(order.for);
    const action = newAction(order.do, incident, this.#options.now());
    return this.#begin(id, action, seconds, order.by, this.#modelsFor(incident));
  }

  async decide(
    id: string,
    actionId: string,
    decision: 'approve' | 'revert' | 'decline',
    { by }: IncidentOrder,
  ): Promise<Incident> {
    const incident = this.#find(id);
    const action = incident.actions.find((each) => each.id === actionId);
    if (action === undefined) {
      throw new FarthingError('unknown_action', `Incident ${id} has no action ${actionId}.`);
    }
    const needed = decision === 'revert' ? 'in_force' : 'waiting';
    if (action.state !== needed) {
      throw new FarthingError(
        'invalid_action',
        `The action ${actionId} is ${action.state.replace('_', ' ')}: it is too late to ${decision} it.`,
      );
    }
    if (decision === 'approve') {
      const policy = this.#policyOf(incident, action.do);
      const seconds = secondsOf(policy?.for ?? '1h');
      return this.#begin(id, action, seconds, by, this.#modelsFor(incident));
    }
    if (decision === 'revert') await this.#actions().end(action, incident, by);
    const state = decision === 'revert' ? 'reverted' : 'declined';
    return this.#change(id, (book, now) =>
      book.setAction(id, { ...action, state, by }, by, `${action.do} ${state}`, now),
    );
  }

  async overview(): Promise<AlertOverview> {
    const { settings, rules, engine, sinks, incidents, sinkProblem } = this.#options;
    const modes = alertModes(settings);
    const status = engine?.status();
    const names = Object.keys(usualModes) as (keyof typeof usualModes)[];
    return {
      detectors: names.map((name) => ({
        name,
        rule: null,
        mode: modes[name],
        text: causeTexts[name],
        terms: {},
      })),
      rules: rules.map(ruleView),
      least_page_usd: formatUsd(parseUsd(settings.least_page_usd)),
      sinks: [...sinks()],
      actions: settings.actions.map(({ on, do: what, for: length, approval, group }) => ({
        on,
        do: what,
        for: length,
        approval,
        group: group === undefined ? null : textOf(group),
      })),
      groups: status?.groups ?? 0,
      state: status?.state ?? 'stopped',
      progress: status?.progress ?? 0,
      behind: status?.behind ?? 0,
      watched_until:
        status?.watchedUntil == null ? null : new Date(status.watchedUntil).toISOString(),
      problem: incidents.problem ?? sinkProblem() ?? engine?.problem ?? null,
    };
  }

  async test({ rule, since = '30d' }: DryRunRequest): Promise<DryRun> {
    const from = Date.parse(parseMoment(since, this.#options.now()));
    if (rule === undefined || rule === 'detectors') return this.#options.dryRun(null, from);
    return this.#options.dryRun(this.#rule(rule), from);
  }

  trySink(name: string): Promise<SinkTrial> {
    return this.#options.trySink(name);
  }

  /**
   * Does what the configuration says about an incident that was opened, opened again, or is told with
   * another cause: mutes it, and begins or proposes actions.
   */
  async heed({ what, incident }: IncidentUpdate): Promise<void> {
    if (what !== 'opened' && what !== 'reopened' && what !== 'updated') return;
    for (const policy of this.#options.settings.actions) {
      if (!isMeant(policy, incident)) continue;
      // Once for each incident and kind: what somebody reverted is not done again.
      if (incident.actions.some((action) => action.do === policy.do)) continue;
      const action = newAction(policy.do, incident, this.#options.now());
      if (policy.approval === 'automatic') {
        const seconds = secondsOf(policy.for);
        await this.#begin(incident.id, action, seconds, 'farthing', policy.downgrade);
        continue;
      }
      this.#change(incident.id, (book, now) =>
        book.setAction(incident.id, action, 'farthing', `${policy.do} waits for approval`, now),
      );
    }
  }

  /** Until when an incident is muted by the configuration, in milliseconds since 1970; null where it is not. */
  mutedUntil(incident: Incident): number | null {
    const now = this.#options.now().getTime();
    for (const { group, causes, until } of this.#options.settings.mute) {
      if (group !== undefined && !hasTags(incident, group)) continue;
      if (causes !== undefined && !causes.includes(incident.cause)) continue;
      const end = until === undefined ? now + longestMute : Date.parse(until);
      if (end > now) return end;
    }
    return null;
  }

  async #begin(
    id: string,
    action: IncidentAction,
    seconds: number,
    by: string,
    downgrade: readonly string[] | undefined,
  ): Promise<Incident> {
    const incident = this.#find(id);
    const begun = await this.#actions().begin({ do: action.do, incident, seconds, by, downgrade });
    const inForce: IncidentAction = { ...action, ...begun, state: 'in_force', by };
    return this.#change(id, (book, now) =>
      book.setAction(id, inForce, by, `${action.do} until ${begun.until}`, now),
    );
  }

  #modelsFor(incident: Incident): readonly string[] | undefined {
    return this.#policyOf(incident, 'degrade')?.downgrade;
  }

  #policyOf(incident: Incident, what: IncidentAction['do']) {
    const all = this.#options.settings.actions.filter((policy) => policy.do === what);
    return all.find((policy) => isMeant(policy, incident)) ?? all[0];
  }

  #rule(name: string): AlertRule {
    const { rules } = this.#options;
    const found = rules.find((each) => each.name === name || each.rule === name);
    if (found !== undefined) return found;
    if ((ruleKinds as readonly string[]).includes(name)) return usualRule(name);
    const known = ['detectors', ...rules.map((each) => each.name), ...ruleKinds];
    throw new FarthingError(
      'unknown_rule',
      `There is no rule "${name}".${didYouMean(name, known)} "farthing alerts rules" lists them.`,
    );
  }

  #find(id: string): Incident {
    const found = this.#options.incidents.get(id);
    if (found !== undefined) return found;
    throw new FarthingError(
      'unknown_incident',
      `There is no incident ${id}; "farthing incidents list" tells which there are.`,
    );
  }

  #change(id: string, work: (book: Watch['book'], now: number) => IncidentUpdate): Incident {
    const known = this.#find(id);
    const { engine } = this.#options;
    if (engine === null) {
      throw new FarthingError(
        'alerts_unavailable',
        'Incidents are changed by the control plane: start "farthing up".',
      );
    }
    try {
      return engine.change(work);
    } catch (error) {
      if (!FarthingError.isInstance(error) || error.code !== 'unknown_incident') throw error;
      throw new FarthingError(
        'invalid_order',
        `Incident ${id} was resolved at ${known.resolved_at ?? 'an earlier time'}, and is over.`,
        { cause: error },
      );
    }
  }

  #actions(): ActionPort {
    if (this.#options.actions !== null) return this.#options.actions;
    throw new FarthingError('alerts_unavailable', 'Actions need the control plane: "farthing up".');
  }
}

/** A rule that nobody has configured, with its usual thresholds. Throws `invalid_rule` where it has none. */
function usualRule(kind: string): AlertRule {
  const { rules, problems } = readAlertRules([{ name: kind, rule: kind }]);
  const [rule] = rules;
  if (rule !== undefined && problems.length === 0) return rule;
  throw new FarthingError(
    'invalid_rule',
    `The rule ${kind} has no usual thresholds: write it under \`alerts.rules\` in farthing.yaml. ${problems.map(({ message }) => message).join('; ')}`,
  );
}

export function ruleView(rule: AlertRule): AlertRuleView {
  const { name, rule: kind, mode, ...terms } = rule;
  return { name, rule: kind, mode, text: `Rule ${kind}, for each ${rule.by}`, terms };
}

function newAction(what: IncidentAction['do'], incident: Incident, now: Date): IncidentAction {
  return {
    id: `act_${randomUUID().slice(0, 13)}`,
    do: what,
    state: 'waiting',
    scope: what === 'stop_run' ? { run: incident.run ?? '' } : { ...incident.group },
    at: now.toISOString(),
    until: null,
    by: null,
  };
}

function isMeant({ on, group }: AlertSettings['actions'][number], incident: Incident): boolean {
  if (group !== undefined && !hasTags(incident, group)) return false;
  const isCause = (incidentCauses as readonly string[]).includes(on);
  return isCause ? incident.cause === on : incident.findings.some(({ rule }) => rule === on);
}

/** A page that is open, and that nobody has looked at or muted. */
function isUnanswered({ state, severity, muted_until: muted }: Incident): boolean {
  return state === 'open' && severity === 'page' && muted === null;
}

const isOther = <Value>(wanted: Value | undefined, value: Value): boolean =>
  wanted !== undefined && wanted !== value;

function hasTags({ group }: Incident, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([dimension, value]) => group[dimension] === value);
}

const textOf = (group: Readonly<Record<string, string>>): string =>
  Object.entries(group)
    .map(([dimension, value]) => `${dimension}=${value}`)
    .join(' ');

function readGroup(text: string): Record<string, string> {
  const cut = text.indexOf('=');
  if (cut > 0) return { [text.slice(0, cut)]: text.slice(cut + 1) };
  throw new FarthingError('invalid_group', `"${text}" is no group: write feature=search.`);
}

function endOf(text: string, now: Date): number {
  const length = durationOf(text);
  const end = Number.isNaN(length) ? Date.parse(text) : now.getTime() + length;
  if (end > now.getTime()) return end;
  throw new FarthingError(
    'invalid_time',
    `"${text}" is no time to come: write a duration like 2h, or an ISO time in the future.`,
  );
}

function secondsOf(text: string): number {
  const length = durationOf(text);
  if (length >= 60_000 && length <= longestAction) return length / 1_000;
  throw new FarthingError(
    'invalid_time',
    `"${text}" is no duration from 1m to 7d: write 30m or 2h.`,
  );
}
