import type { Picodollars } from '../money.js';
import type { Followed } from './followed-incident.js';
import type { SignalSource } from './incident-update.js';
import type { Incident, IncidentCause } from './incident.js';
import { pagingOf } from './least-page.js';
import { isMoreDetailed } from './severity.js';
import type { Signal } from './signal.js';
import type { SpendRecord } from './spend-record.js';

const mostFindings = 20;
const mostExamples = 5;
/** Worth a word though it is known. */
export const muchWorse = 1.5;

/** Makes the cause of what was found the incident's. */
export function takeCause(known: Followed, signal: Signal): void {
  known.incident.cause = signal.cause;
  known.incident.factor = signal.factor;
  known.toldFactor = signal.factor ?? 1;
}

/** It was over, and is found again: it begins anew, under its name. */
export function beginAgain(known: Followed, signal: Signal, source: SignalSource): void {
  const { incident } = known;
  incident.state = 'open';
  incident.resolved_at = null;
  incident.severity = 'record';
  incident.below_least_page = null;
  known.paging = pagingOf(signal);
  known.since = signal.since;
  incident.since = new Date(signal.since).toISOString();
  known.members = [{ key: source.key, group: { ...source.group }, since: signal.since }];
  takeCause(known, signal);
  known.said = saidOf(signal);
  takeFinding(known, signal);
}

/** The same is found in another group: it is about what they have in common. */
export function joinGroup(known: Followed, signal: Signal, source: SignalSource): void {
  known.members.push({ key: source.key, group: { ...source.group }, since: signal.since });
  known.incident.group =
    signal.cause === 'retries' ? { provider: source.provider } : { model: source.model };
}

/** What was found becomes part of the incident; it is not over. */
export function takeFinding(known: Followed, signal: Signal): void {
  const { incident } = known;
  known.quiet = 0;
  known.seen = Math.max(known.seen, signal.at);
  known.enough = Math.max(known.enough, 3 * signal.calls);
  incident.last_seen_at = new Date(known.seen).toISOString();
  known.template = signal.template ?? known.template;
  const { cause, factor } = signal;
  // Found once more it is told as it was at first, unless it has become much worse; a pace as it is now.
  const isWorse = factor !== null && factor >= muchWorse * (incident.factor ?? 1);
  const isTold = isWorse || cause === 'budget_pace';
  if (cause === incident.cause && isTold) incident.factor = factor;
  if ((cause === known.said.cause && isTold) || saysMore(cause, known.said.cause)) {
    known.said = saidOf(signal);
  }
  addFinding(known, signal);
}

export function addFinding({ incident }: Followed, signal: Signal): void {
  incident.findings.push({
    cause: signal.cause,
    ...(signal.rule === null ? {} : { rule: signal.rule }),
    at: new Date(signal.at).toISOString(),
    since: new Date(signal.since).toISOString(),
    factor: signal.factor,
    calls: signal.calls,
    text: signal.text,
  });
  // The first one says how it began.
  if (incident.findings.length > mostFindings) incident.findings.splice(1, 1);
}

/** Calls that were like it before it was sure. */
export function takeExamples(
  known: Followed,
  signal: Signal,
  source: SignalSource,
  record: SpendRecord | null,
): void {
  const calls = record?.callsSince(signal.since) ?? [];
  for (const { id, cost, run } of calls) {
    if (signal.run !== null && run !== signal.run) continue;
    if (signal.cause === 'outlier' && id !== source.call) continue;
    if (cost !== null) keepDearest(known, id, cost);
  }
}

export function keepDearest(known: Followed, id: string, cost: Picodollars): void {
  const { dearest } = known;
  if (dearest.length >= mostExamples && cost <= dearest.at(-1)!.cost) return;
  if (dearest.some((each) => each.id === id)) return;
  dearest.push({ id, cost });
  dearest.sort((a, b) => (a.cost === b.cost ? 0 : a.cost > b.cost ? -1 : 1));
  if (dearest.length > mostExamples) dearest.pop();
}

/** The first call that was like it; null where it is longer ago than the calls that are known singly. */
export function firstCall(
  { since, run, cause }: Signal,
  { call }: SignalSource,
  record: SpendRecord | null,
): string | null {
  if (cause === 'outlier' || cause === 'rule') return call;
  const recent = record?.recent ?? [];
  if (recent[0] === undefined || recent[0].at > since + 1_000) return null;
  return recent.find((each) => each.at >= since && (run === null || each.run === run))?.id ?? null;
}

/** Whether it is the same finding, told once more after a crash. */
export function isKnown({ findings }: Incident, { cause, rule, at, since }: Signal): boolean {
  return findings.some(
    (known) =>
      known.cause === cause &&
      (known.rule ?? null) === rule &&
      Date.parse(known.at) === at &&
      Date.parse(known.since) === since,
  );
}

export const saidOf = ({ cause, title, text, why = '' }: Signal): Followed['said'] => ({
  cause,
  title,
  text,
  why,
});

/** A quantity says more of what happened than that it came with a new template. */
function saysMore(cause: IncidentCause, than: IncidentCause): boolean {
  if (cause === 'template') return false;
  return than === 'template' || isMoreDetailed(cause, than);
}
