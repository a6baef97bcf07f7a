import { setImmediate } from 'node:timers/promises';
import {
  groupKey,
  usualModes,
  watchedCall,
  Watch,
  type AlertMode,
  type AlertRule,
  type DryRun,
  type DryRunGroup,
  type IncidentUpdate,
  type WatchSettings,
} from '@farthing/core';
import type { Store } from '../store/store.js';
import { MergedJournals } from './merged-journals.js';

export interface DryRunOptions {
  dataDirectory: string;
  store: Pick<Store, 'locate' | 'positions'>;
  /** The rule alone, or null: what watches by itself. */
  rule: AlertRule | null;
  /** How causes are told, what pages at least, and what no run may go beyond. */
  settings: Pick<WatchSettings, 'modes' | 'leastPage' | 'runCeilings'>;
  /** Milliseconds since 1970; what began before is learnt from. */
  from: number;
  to: number;
  signal: AbortSignal;
  onProgress?(progress: { entries: number; until: string }): void;
}

const day = 86_400_000;
const week = 7 * day;
/** What is known before the first day that is judged: longer than any detector remembers. */
const learnDays = 30;
const tickEvery = 10 * 60_000;
const mostGroups = 10;
const mostExamples = 5;

/**
 * Lets a rule, or all detectors, look at what the journals hold as if it came now, and tells how often they
 * would have said something, and on what. Nobody is told anything.
 */
export async function dryRun(options: DryRunOptions): Promise<DryRun> {
  const { rule, from, to } = options;
  const off = Object.fromEntries(Object.keys(usualModes).map((cause) => [cause, 'off']));
  const settings: WatchSettings =
    rule === null
      ? { ...options.settings, rules: [] }
      : { modes: off as WatchSettings['modes'], rules: [{ ...rule, mode: 'page' }] };
  const run = new Run(settings, from);
  const journals = new MergedJournals(options.dataDirectory, options.store, [], options.signal);
  let began = performance.now();
  for (;;) {
    const batch = await journals.next(1_000);
    if (batch === null || options.signal.aborted) break;
    for (const { entry } of batch.entries) {
      const call = watchedCall(entry);
      const at = call?.observed.at ?? 0;
      if (call === null || at < from - learnDays * day || at >= to) continue;
      run.observe(call);
      if (performance.now() - began < 8) continue;
      await setImmediate();
      began = performance.now();
    }
    const until = new Date(run.now).toISOString();
    options.onProgress?.({ entries: run.entries, until });
  }
  const mode: AlertMode = rule?.mode ?? 'page';
  return run.result(rule?.name ?? 'detectors', mode, from, to);
}

/** What is counted while it goes. */
class Run {
  now = 0;
  entries = 0;
  #findings = 0;
  #pages = 0;
  readonly #watch: Watch;
  readonly #from: number;
  readonly #groups = new Map<string, DryRunGroup & { ids: Set<string> }>();
  readonly #weeks = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #incidents = new Set<string>();
  readonly #paged = new Set<string>();
  #ticked = 0;

  constructor(settings: WatchSettings, from: number) {
    this.#watch = new Watch(settings);
    this.#from = from;
    this.#watch.onFinding = ({ at, cause }, { key, group, call }, mode) => {
      if (mode === 'off') return;
      this.#findings += 1;
      const of = this.#groupOf(key, group, at);
      of.findings += 1;
      if (!of.causes.includes(cause)) of.causes.push(cause);
      of.last_at = new Date(Math.max(at, Date.parse(of.last_at))).toISOString();
      if (call !== null && of.examples.length < mostExamples) of.examples.push(call);
    };
  }

  observe(call: NonNullable<ReturnType<typeof watchedCall>>): void {
    const { at } = call.observed;
    this.now = Math.max(this.now, at);
    const isJudged = at >= this.#from;
    if (isJudged) {
      this.entries += 1;
      this.#seen.add(call.key);
      this.#weeks.add(`${call.key} ${Math.floor((at - this.#from) / week)}`);
    }
    this.#count(this.#watch.observe(call, isJudged, this.now));
    if (this.now - this.#ticked < tickEvery) return;
    this.#ticked = this.now;
    if (isJudged) this.#count(this.#watch.tick(this.now));
  }

  result(rule: string, mode: AlertMode, from: number, to: number): DryRun {
    const weeks = this.#featureWeeks(to);
    const top = [...this.#groups.values()]
      .sort((a, b) => b.findings - a.findings)
      .slice(0, mostGroups)
      .map(({ ids, ...group }) => ({ ...group, incidents: ids.size }));
    const pages = mode === 'page' ? this.#pages : 0;
    return {
      rule,
      mode,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      entries: this.entries,
      groups: this.#seen.size,
      feature_weeks: weeks,
      findings: this.#findings,
      incidents: this.#incidents.size,
      pages,
      findings_per_feature_week: weeks === 0 ? null : this.#findings / weeks,
      pages_per_feature_week: weeks === 0 ? null : pages / weeks,
      top,
    };
  }

  /** Weeks in which a group called; the last one counts for the part of it that is over. */
  #featureWeeks(to: number): number {
    const whole = Math.floor((to - this.#from) / week);
    const part = (to - this.#from) / week - whole;
    let sum = 0;
    for (const each of this.#weeks) {
      sum += Number(each.slice(each.lastIndexOf(' ') + 1)) < whole ? 1 : part;
    }
    return sum;
  }

  #count(updates: readonly IncidentUpdate[]): void {
    for (const { what, incident } of updates) {
      if (what !== 'opened' && what !== 'reopened') continue;
      this.#incidents.add(incident.id);
      this.#groups.get(groupKey(incident.group))?.ids.add(incident.id);
      if (incident.severity === 'page' && !this.#paged.has(`${incident.id} ${incident.version}`)) {
        this.#paged.add(`${incident.id} ${incident.version}`);
        this.#pages += 1;
      }
    }
  }

  #groupOf(key: string, group: Record<string, string>, at: number) {
    let found = this.#groups.get(key);
    if (found === undefined) {
      const time = new Date(at).toISOString();
      found = {
        group,
        findings: 0,
        incidents: 0,
        causes: [],
        first_at: time,
        last_at: time,
        examples: [],
        ids: new Set(),
      };
      this.#groups.set(key, found);
    }
    return found;
  }
}
