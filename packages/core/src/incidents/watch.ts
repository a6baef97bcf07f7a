import {
  OutlierRecorder,
  type AlertRule,
  type OutlierState,
  type RunCeilings,
} from '../detect/index.js';
import { RecentMap } from '../detect/recent-map.js';
import { RateDetector, type RateState } from '../detect/rate-detector.js';
import type { AlertMode } from './alert-desk.js';
import type { BudgetOutlook } from '../forecast/index.js';
import type { Picodollars } from '../money.js';
import { judgePace, paceKey } from './budget-pace.js';
import { GroupWatch, type Found, type GroupWatchState } from './group-watch.js';
import { IncidentBook, type BookState } from './incident-book.js';
import type { IncidentUpdate, SignalSource } from './incident-update.js';
import { percentText, timeText } from './incident-words.js';
import type { IncidentCause } from './incident.js';
import { RuleWatch, type RuleFound, type RuleWatchState } from './rule-watch.js';
import { isMoreDetailed } from './severity.js';
import { signalOfOutlier, signalOfRule } from './signal.js';
import { dayLength } from './spend-record.js';
import type { WatchedCall } from './watched-call.js';

export interface WatchSettings {
  /** How each cause is told. */
  modes: Readonly<Record<Exclude<IncidentCause, 'rule'>, AlertMode>>;
  rules: readonly AlertRule[];
  /**
   * What is to page is a record until it costs so much above normal, so far and within the next day; 0, which
   * it is without, lets all page.
   */
  leastPage?: Picodollars;
  /**
   * What somebody has set that no run may go beyond, of a feature (of an agent where calls have no feature; ''
   * where they have neither). A run that does so is told as `modes` says, whatever it costs.
   */
  runCeilings?: (feature: string) => RunCeilings;
}

/** What is known beside the groups, which are kept one by one. */
export interface WatchState {
  outliers: OutlierState;
  unattributed: { day: number | null; alarmed: boolean; rate: RateState };
  rules: RuleWatchState[];
  book: BookState;
}

const mostGroups = 10_000;

/**
 * All that watches calls as they are booked: the detectors of each group, rules, and the book of incidents
 * that is made of what they find. It knows no clock: whoever feeds it says what time it is.
 */
export class Watch {
  readonly book: IncidentBook;
  /** Told of each finding, before it becomes part of an incident; for counting. */
  onFinding: (found: Found, source: SignalSource, mode: AlertMode) => void = () => undefined;
  readonly #settings: WatchSettings;
  readonly #groups = new RecentMap<GroupWatch>(mostGroups);
  readonly #rules: RuleWatch[];
  readonly #outliers: OutlierRecorder;
  readonly #unattributed: RateDetector;
  #unattributedDay: number | null;
  #unattributedAlarmed: boolean;

  constructor(settings: WatchSettings, state?: WatchState) {
    this.#settings = settings;
    this.book = new IncidentBook(
      (key) => this.#groups.get(key)?.spend ?? null,
      settings.leastPage ?? 0n,
      state?.book,
    );
    this.#rules = settings.rules
      .filter(({ mode }) => mode !== 'off')
      .map((rule) => {
        const known = state?.rules.find((each) => each.rule.name === rule.name);
        return new RuleWatch(rule, known);
      });
    this.#outliers = new OutlierRecorder(state?.outliers);
    this.#unattributed = new RateDetector(state?.unattributed.rate);
    this.#unattributedDay = state?.unattributed.day ?? null;
    this.#unattributedAlarmed = state?.unattributed.alarmed ?? false;
  }

  /** What is known beside the groups. */
  toJSON(): WatchState {
    return {
      outliers: this.#outliers.toJSON(),
      unattributed: {
        day: this.#unattributedDay,
        alarmed: this.#unattributedAlarmed,
        rate: this.#unattributed.toJSON(),
      },
      rules: this.#rules.map((rule) => rule.toJSON()),
      book: this.book.toJSON(),
    };
  }

  /** The groups, those silent longest first; each is a state of its own. */
  get groups(): Iterable<[key: string, group: GroupWatch]> & { readonly size: number } {
    return this.#groups;
  }

  /** Takes up a group again, in the order in which `groups` had them. */
  restoreGroup(key: string, state: GroupWatchState): void {
    this.#groups.set(key, this.#newGroup(state.group, state));
  }

  /**
   * Adds a call.
   *
   * @param judged false for history: it is learnt from, and makes no incident.
   * @param now milliseconds since 1970; calls that say they began later are taken as of now.
   */
  observe(call: WatchedCall, judged: boolean, now: number): IncidentUpdate[] {
    const at = Math.min(call.observed.at, now);
    const group = this.#groupOf(call);
    const found = group.observe(call, judged, now);
    this.#observeUnattributed(call, at, judged, now, found);
    const outlier = this.#outliers.observe(
      { at, cost: call.observed.cost, group: call.key, model: call.model },
      judged,
    );
    if (outlier !== null) found.push(signalOfOutlier(outlier, call));
    const updates: IncidentUpdate[] = [];
    if (judged) this.book.called(call, at);
    const source: SignalSource = {
      key: call.key,
      group: call.group,
      provider: call.provider,
      model: call.model,
      call: call.id,
    };
    // What says most comes first, so that the rest joins it.
    if (found.length > 1) found.sort((a, b) => (isMoreDetailed(a.cause, b.cause) ? -1 : 1));
    for (const each of found) {
      const of = each.cause === 'unattributed' ? { ...source, key: '', group: {} } : source;
      this.#tell(each, of, now, updates);
    }
    for (const rule of this.#rules) {
      for (const each of rule.observe(call, judged, now)) {
        this.#tellRule(rule.rule, each, call, now, updates);
      }
    }
    if (judged) this.#endStates(call.key, group, now, updates);
    return updates;
  }

  /** Lets time pass until `now` (milliseconds since 1970): silence, ended hours and days, what is over. */
  tick(now: number): IncidentUpdate[] {
    return [...this.tickParts(now)].flat();
  }

  /** The same in parts, between which others may have their turn; no call may be added meanwhile. */
  *tickParts(now: number): Generator<IncidentUpdate[]> {
    let updates: IncidentUpdate[] = [];
    let count = 0;
    for (const [key, group] of this.#groups.entries()) {
      if (++count % 250 === 0) {
        yield updates;
        updates = [];
      }
      const found = group.tick(now);
      const { provider, model } = group;
      const source = { key, group: group.group, provider, model, call: null };
      for (const each of found) this.#tell(each, source, now, updates);
      this.#endStates(key, group, now, updates);
    }
    for (const rule of this.#rules) {
      for (const each of rule.tick(now)) this.#tellRule(rule.rule, each, null, now, updates);
    }
    // Where nobody asks for the pace of budgets any more, nobody hears that it is over.
    if (this.#settings.modes.budget_pace === 'off') {
      for (const key of this.book.openKeys('budget_pace')) {
        this.#endPace(key, 'the pace of budgets is no longer watched', now, updates);
      }
    }
    updates.push(...this.book.tick(now));
    yield updates;
  }

  /** Judges the pace of budgets by where they are going; `outlooks` has all that there are. */
  heedBudgets(outlooks: readonly BudgetOutlook[], now: number): IncidentUpdate[] {
    const updates: IncidentUpdate[] = [];
    const gone = new Set(this.book.openKeys('budget_pace'));
    for (const outlook of outlooks) {
      const key = paceKey(outlook);
      gone.delete(key);
      const pace = judgePace(outlook, now);
      if (pace?.state === 'too_fast') {
        this.#tell(pace.found, pace.source, now, updates, pace.isSure);
      } else if (pace?.state === 'lasts') this.#endPace(key, 'it lasts', now, updates);
    }
    for (const key of gone) {
      this.#endPace(key, 'the budget is no longer among the fullest', now, updates);
    }
    return updates;
  }

  #endPace(key: string, note: string, now: number, updates: IncidentUpdate[]): void {
    const update = this.book.ended(key, 'budget_pace', now, note);
    if (update !== null) updates.push(update);
  }

  /** What is not sure wakes nobody, whatever is configured. */
  #tell(
    found: Found,
    source: SignalSource,
    now: number,
    updates: IncidentUpdate[],
    isSure = true,
  ): void {
    const usual = this.#settings.modes[found.cause as Exclude<IncidentCause, 'rule'>];
    const mode = usual === 'page' && !isSure ? 'record' : usual;
    this.onFinding(found, source, mode);
    updates.push(...this.book.found({ ...found, mode }, source, now));
  }

  #tellRule(
    { mode }: AlertRule,
    { finding, key, group }: RuleFound,
    call: WatchedCall | null,
    now: number,
    updates: IncidentUpdate[],
  ): void {
    const found = signalOfRule(finding, call);
    const source: SignalSource = {
      key,
      group,
      provider: call?.provider ?? '',
      model: call?.model ?? '',
      call: call?.id ?? null,
    };
    this.onFinding(found, source, mode);
    updates.push(...this.book.found({ ...found, mode }, source, now));
  }

  /** Volume and silence end when their detectors say so. */
  #endStates(key: string, group: GroupWatch, now: number, updates: IncidentUpdate[]): void {
    const end = (cause: IncidentCause, note: string) => {
      const update = this.book.ended(key, cause, now, note);
      if (update !== null) updates.push(update);
    };
    if (!group.isSilent) end('silence', 'it calls again');
    if (!group.isOfUnusualVolume) end('volume', 'it has as many calls as usual');
  }

  #groupOf(call: WatchedCall): GroupWatch {
    let group = this.#groups.use(call.key);
    if (group === undefined) this.#groups.set(call.key, (group = this.#newGroup(call.group)));
    return group;
  }

  #newGroup(group: Record<string, string>, state?: GroupWatchState): GroupWatch {
    const feature = group['feature'] ?? group['agent'] ?? '';
    return new GroupWatch(group, state, this.#settings.runCeilings?.(feature));
  }

  /** Who belongs to nobody is judged over all calls: within a group, all or none do. */
  #observeUnattributed(
    call: WatchedCall,
    at: number,
    judged: boolean,
    now: number,
    found: Found[],
  ): void {
    const today = Math.floor(at / dayLength);
    this.#unattributedDay ??= today;
    // As in groups: a clock that had run ahead must not silence it once it is right again.
    const latest = Math.floor(now / dayLength);
    if (this.#unattributedDay > latest) this.#unattributedDay = latest;
    if (today < this.#unattributedDay) return;
    if (today > this.#unattributedDay) {
      this.#unattributed.endDay(this.#unattributedAlarmed);
      this.#unattributedAlarmed = false;
      this.#unattributedDay = today;
    }
    const isNobodys = call.group['feature'] === undefined;
    const rise = this.#unattributed.observe(isNobodys, at, judged);
    if (rise === null) return;
    this.#unattributedAlarmed = true;
    const { since, calls, usual, now: share, factor } = rise;
    const title = `${percentText(share)} of all calls name no feature`;
    const text = `${title} since ${timeText(since, at)}, where ${percentText(usual)} are usual.`;
    const base = { rule: null, run: null, template: null, at, since, factor, calls };
    found.push({ ...base, cause: 'unattributed', title, text });
  }
}
