import { formatUsd, parseUsd, type Picodollars } from '../money.js';
import { saidOf } from './incident-findings.js';
import { incidentId } from './incident-id.js';
import type { SignalSource } from './incident-update.js';
import type { Incident, IncidentCause } from './incident.js';
import { pagingOf, type Paging } from './least-page.js';
import { isAboutCost } from './severity.js';
import type { Signal } from './signal.js';

export interface Member {
  key: string;
  group: Record<string, string>;
  since: number;
}

/** An incident with what is needed to follow it. */
export interface Followed {
  incident: Incident;
  /** What findings are compared by: those of one key are one incident. */
  key: string;
  /** By which groups in which the same happens are found; null where it is the group's own matter. */
  shared: string | null;
  members: Member[];
  since: number;
  /** When it was last found, milliseconds since 1970, and the calls of its groups since then. */
  seen: number;
  quiet: number;
  /** So many calls without a finding are enough to say that it is over. */
  enough: number;
  /** What says most of what was found: of a new template, the quantity that it moved. */
  said: { cause: IncidentCause; title: string; text: string; why: string };
  template: string | null;
  paging: Paging;
  /** As they were when people were last told. */
  toldFactor: number;
  toldPerHour: Picodollars;
  toldAt: number;
  /** Resolved by hand while it went on: it is not reopened before it has been over, or is much worse. */
  dismissed: boolean;
  dearest: { id: string; cost: Picodollars }[];
}

/** As it is written down. */
export type FollowedState = Omit<Followed, 'toldPerHour' | 'dearest' | 'paging' | 'said'> & {
  /** Not there where an earlier Farthing wrote it. */
  paging?: Paging;
  /** Where an earlier Farthing wrote it, without `why`. */
  said: Omit<Followed['said'], 'why'> & { why?: string };
  toldPerHour: string;
  dearest: { id: string; cost: string }[];
};

const leastQuiet = 30;

export function stateOfFollowed(known: Followed): FollowedState {
  return {
    ...known,
    toldPerHour: formatUsd(known.toldPerHour),
    dearest: known.dearest.map(({ id, cost }) => ({ id, cost: formatUsd(cost) })),
  };
}

export function followedOf(state: FollowedState): Followed {
  return {
    ...state,
    incident: wholeCopy(state.incident),
    paging: state.paging ?? pagingSeen(state.incident),
    said: { ...state.said, why: state.said.why ?? '' },
    members: state.members.map((member) => ({ ...member })),
    toldPerHour: parseUsd(state.toldPerHour),
    dearest: state.dearest.map(({ id, cost }) => ({ id, cost: parseUsd(cost) })),
  };
}

/** One that was just found, before anything is said of it. `now`: milliseconds since 1970. */
export function newFollowed(
  signal: Signal,
  source: SignalSource,
  shared: string | null,
  first: string | null,
  now: number,
): Followed {
  const key = keyOf(source.key, signal.cause, signal.run, signal.rule);
  const at = new Date(now).toISOString();
  return {
    incident: {
      id: incidentId(key, signal.cause, signal.at, first ?? ''),
      version: 0,
      state: 'open',
      severity: 'record',
      muted_until: null,
      group: { ...source.group },
      cause: signal.cause,
      run: signal.run,
      title: '',
      summary: '',
      suggestion: '',
      since: new Date(signal.since).toISOString(),
      opened_at: at,
      updated_at: at,
      last_seen_at: new Date(signal.at).toISOString(),
      resolved_at: null,
      calls: signal.calls,
      factor: signal.factor,
      size: null,
      below_least_page: null,
      change: null,
      first_call: first,
      examples: [],
      findings: [],
      actions: [],
      history: [],
    },
    key,
    shared,
    members: [{ key: source.key, group: { ...source.group }, since: signal.since }],
    since: signal.since,
    seen: signal.at,
    quiet: 0,
    enough: Math.max(leastQuiet, 3 * signal.calls),
    said: saidOf(signal),
    template: signal.template,
    paging: pagingOf(signal),
    toldFactor: signal.factor ?? 1,
    toldPerHour: 0n,
    toldAt: now,
    dismissed: false,
    dearest: [],
  };
}

/** One of which nothing but the incident was kept. */
export function followedAgain(incident: Incident): Followed {
  const { cause, group, run } = incident;
  const member = { key: memberKey(group), group, since: Date.parse(incident.since) };
  return {
    incident: wholeCopy(incident),
    key: keyOf(member.key, cause, run, incident.findings.at(-1)?.rule ?? null),
    shared: null,
    members: [member],
    since: member.since,
    seen: Date.parse(incident.last_seen_at),
    quiet: 0,
    enough: leastQuiet,
    said: {
      cause,
      title: incident.title.slice(incident.title.indexOf(': ') + 2),
      text: incident.findings.at(-1)?.text ?? '',
      why: '',
    },
    template: null,
    paging: pagingSeen(incident),
    toldFactor: incident.factor ?? 1,
    toldPerHour: parseUsd(incident.size?.above_usd_per_hour ?? '0'),
    toldAt: Date.parse(incident.updated_at),
    dismissed: false,
    dearest: incident.examples.map((id) => ({ id, cost: 0n })),
  };
}

/** What findings of a group are compared by: those of one key are one incident. */
export function keyOf(
  group: string,
  cause: IncidentCause,
  run: string | null,
  rule: string | null,
): string {
  if (run !== null) return `${group}|run|${run}`;
  if (rule !== null) return `${group}|rule|${rule}`;
  return `${group}|${isAboutCost(cause) ? 'cost' : cause}`;
}

const memberKey = (group: Readonly<Record<string, string>>) =>
  Object.entries(group)
    .map(([dimension, value]) => `${dimension}=${value}`)
    .join(' ');

/** What an incident that was kept without it says of its paging. */
const pagingSeen = ({ below_least_page: below }: Incident): Paging =>
  below == null ? 'never' : 'by_size';

/** A copy that has what earlier ones were kept without. */
export const wholeCopy = (incident: Incident): Incident => ({
  ...structuredCopy(incident),
  below_least_page: incident.below_least_page ?? null,
});

export function structuredCopy(incident: Incident): Incident {
  return JSON.parse(JSON.stringify(incident)) as Incident;
}
