import { FarthingError } from '../errors.js';
import { formatUsd, parseUsd, type Picodollars } from '../money.js';
import type {
  Incident,
  IncidentAction,
  IncidentCause,
  IncidentEvent,
  IncidentSize,
} from './incident.js';
import { describeChange, describeSize, suggestionFor } from './describe-incident.js';
import { incidentId } from './incident-id.js';
import {
  addExcess,
  excessOfRun,
  excessSince,
  settled,
  sizeOf,
  type Excess,
} from './incident-size.js';
import { subjectText } from './incident-words.js';
import {
  belowLeastPage,
  describeBelowLeastPage,
  pagingOf,
  soonerPaging,
  type Paging,
} from './least-page.js';
import { likelyChange } from './likely-change.js';
import { isAboutCost, isMoreDetailed } from './severity.js';
import { runText, runTitle, type Signal } from './signal.js';
import { addSums, dayLength, hourLength, type SpendRecord } from './spend-record.js';
import type { WatchedCall } from './watched-call.js';

/** What became of an incident; `refreshed`: its figures alone, which nobody is told. */
export interface IncidentUpdate {
  what:
    | 'opened'
    | 'updated'
    | 'acknowledged'
    | 'resolved'
    | 'reopened'
    | 'action'
    | 'muted'
    | 'unmuted'
    | 'refreshed';
  incident: Incident;
}

/** Where a signal comes from. */
export interface SignalSource {
  key: string;
  group: Record<string, string>;
  provider: string;
  model: string;
  /** The call that made it sure; null where time did. */
  call: string | null;
}

interface Member {
  key: string;
  group: Record<string, string>;
  since: number;
}

/** An incident with what is needed to follow it. */
interface Followed {
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

export interface BookState {
  followed: (Omit<Followed, 'toldPerHour' | 'dearest' | 'paging' | 'said'> & {
    /** Not there where an earlier Farthing wrote it. */
    paging?: Paging;
    /** Where an earlier Farthing wrote it, without `why`. */
    said: Omit<Followed['said'], 'why'> & { why?: string };
    toldPerHour: string;
    dearest: { id: string; cost: string }[];
  })[];
}

const minute = 60_000;
const mostOpen = 1_000;
const mostFindings = 20;
const mostEvents = 100;
const mostExamples = 5;
const leastQuiet = 30;
/** A run that has not called for so long has ended. */
const runIdle = 30 * minute;
/** Not told more often about the same incident, unless it becomes a page. */
const tellEvery = 30 * minute;
const muchWorse = 1.5;
const reopenWithin = dayLength;
/** Groups whose same change begins within this time have one cause. */
const sharedWithin = dayLength;
/** Causes that may come from outside of a group: a provider's price, its cache, its errors. */
const fromOutside: ReadonlySet<IncidentCause> = new Set(['unit_price', 'cache', 'retries']);

/**
 * Makes incidents of what detectors and rules find, and follows them until they are over. One group has one
 * incident about what its calls cost, whatever number of quantities moved; runs, rules, volume, silence and
 * single dear calls have their own. What comes from a provider and is found in several groups is one.
 */
export class IncidentBook {
  readonly #recordOf: (key: string) => SpendRecord | null;
  readonly #leastPage: Picodollars;
  readonly #followed = new Map<string, Followed>();
  /** Incidents that each group is a member of. */
  readonly #ofGroup = new Map<string, Set<Followed>>();
  readonly #shared = new Map<string, Followed>();

  /**
   * @param recordOf what a group has spent; null where it is no longer known.
   * @param leastPage what is to page is a record until it costs as much above normal, so far and within the
   * next day; 0 lets all page.
   */
  constructor(
    recordOf: (key: string) => SpendRecord | null,
    leastPage: Picodollars,
    state?: BookState,
  ) {
    this.#recordOf = recordOf;
    this.#leastPage = leastPage;
    for (const each of state?.followed ?? []) {
      this.#follow({
        ...each,
        incident: wholeCopy(each.incident),
        paging: each.paging ?? pagingSeen(each.incident),
        said: { ...each.said, why: each.said.why ?? '' },
        members: each.members.map((member) => ({ ...member })),
        toldPerHour: parseUsd(each.toldPerHour),
        dearest: each.dearest.map(({ id, cost }) => ({ id, cost: parseUsd(cost) })),
      });
    }
  }

  toJSON(): BookState {
    return {
      followed: [...this.#followed.values()].map((each) => ({
        ...each,
        toldPerHour: formatUsd(each.toldPerHour),
        dearest: each.dearest.map(({ id, cost }) => ({ id, cost: formatUsd(cost) })),
      })),
    };
  }

  /** Incidents that are open, or were until lately. */
  get incidents(): Incident[] {
    return [...this.#followed.values()].map(({ incident }) => incident);
  }

  /** An incident as it was kept elsewhere, which may be newer than this book's state of it. */
  restore(incident: Incident): void {
    for (const each of this.#followed.values()) {
      if (each.incident.id !== incident.id) continue;
      if (each.incident.version < incident.version) each.incident = wholeCopy(incident);
      if (incident.state === 'resolved') each.dismissed = isByHand(incident);
      return;
    }
    if (incident.state === 'resolved') return;
    const { cause, group, run } = incident;
    const member = {
      key: memberKey(group),
      group,
      since: Date.parse(incident.since),
    };
    this.#follow({
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
    });
  }

  /** Takes what was found; tells nothing where it is nothing new. `now`: milliseconds since 1970. */
  found(signal: Signal, source: SignalSource, now: number): IncidentUpdate[] {
    if (signal.mode === 'off') return [];
    // Where all calls of a group cost more, a dear one is no news.
    if (signal.cause === 'outlier' && this.#costOf(source.key) !== undefined) return [];
    const update = this.#take(signal, source, now);
    if (update === null) return [];
    if (!isAboutCost(signal.cause)) return [update];
    return [update, ...this.#endOutliers(source.key, update.incident, now)];
  }

  #take(signal: Signal, source: SignalSource, now: number): IncidentUpdate | null {
    const own = keyOf(source.key, signal.cause, signal.run, signal.rule);
    const shared = this.#sharedKey(signal, source);
    const together = shared === null ? undefined : this.#shared.get(shared);
    const known =
      this.#memberIn(source.key, signal.cause, own) ??
      (together !== undefined && signal.since - together.since < sharedWithin
        ? together
        : undefined);
    if (known === undefined) return this.#open(signal, source, own, shared, now);
    const isJoining = !known.members.some(({ key }) => key === source.key);
    if (known.incident.state === 'resolved') return this.#again(known, signal, source, now);
    if (isJoining) this.#join(known, signal, source);
    return this.#update(known, signal, isJoining, now);
  }

  /** The incident about what a group's calls cost, while it is open or was put aside. */
  #costOf(group: string): Followed | undefined {
    for (const each of this.#ofGroup.get(group) ?? []) {
      const { cause, state } = each.incident;
      if (isAboutCost(cause) && (state !== 'resolved' || each.dismissed)) return each;
    }
    return undefined;
  }

  /** Single dear calls that turn out to have been the first of many. */
  #endOutliers(group: string, { id, since }: Incident, now: number): IncidentUpdate[] {
    const record = this.#followed.get(keyOf(group, 'outlier', null, null));
    if (record === undefined || record.incident.state === 'resolved') return [];
    if (record.seen < Date.parse(since) - hourLength) return [];
    return [this.#close(record, now, 'farthing', `it was the beginning of ${id}`)];
  }

  /** Counts a call of a group to the incidents that it is in. */
  called(call: WatchedCall, at: number): void {
    const followed = this.#ofGroup.get(call.key);
    if (followed === undefined) return;
    for (const each of followed) {
      const { incident } = each;
      if (incident.run !== null) {
        if (call.observed.run !== incident.run) continue;
        each.seen = Math.max(each.seen, at);
        incident.last_seen_at = new Date(each.seen).toISOString();
      }
      each.quiet += 1;
      if (incident.state === 'resolved' || at < each.since || call.cost === null) continue;
      if (incident.cause !== 'outlier') keepDearest(each, call.id, call.cost);
    }
  }

  /** Volume, silence and pace say themselves that they are over. */
  ended(key: string, cause: IncidentCause, now: number, note: string): IncidentUpdate | null {
    const known = this.#followed.get(keyOf(key, cause, null, null));
    if (known === undefined || known.incident.state === 'resolved') return null;
    return this.#close(known, now, 'farthing', note);
  }

  /** Keys of what is open because of this cause. */
  openKeys(cause: IncidentCause): string[] {
    return [...this.#followed.values()]
      .filter(({ incident }) => incident.cause === cause && incident.state !== 'resolved')
      .map(({ members }) => members[0]!.key);
  }

  /** Lets time pass: resolves what is over, brings figures up to date, ends what was for a time. */
  tick(now: number): IncidentUpdate[] {
    const updates: IncidentUpdate[] = [];
    for (const each of Array.from(this.#followed.values())) {
      const over = this.#overSince(each, now);
      if (each.incident.state === 'resolved') {
        if (over !== null) each.dismissed = false;
        if (!each.dismissed && now - Date.parse(each.incident.resolved_at!) > reopenWithin) {
          this.#drop(each);
        }
        continue;
      }
      if (over !== null) {
        updates.push(this.#close(each, now, 'farthing', over));
        continue;
      }
      updates.push(...this.#endActions(each, now));
      const update = this.#unmuteInTime(each, now) ?? this.#refreshed(each, now);
      if (update !== null) updates.push(update);
    }
    return updates;
  }

  acknowledge(id: string, by: string, note: string | undefined, now: number): IncidentUpdate {
    const each = this.#find(id);
    requireOpen(each.incident, 'acknowledged');
    each.incident.state = 'acknowledged';
    return this.#record(each, 'acknowledged', by, now, note);
  }

  mute(id: string, until: number, by: string, note: string | undefined, now: number) {
    const each = this.#find(id);
    requireOpen(each.incident, 'muted');
    each.incident.muted_until = new Date(until).toISOString();
    return this.#record(each, 'muted', by, now, note);
  }

  unmute(id: string, by: string, note: string | undefined, now: number): IncidentUpdate {
    const each = this.#find(id);
    each.incident.muted_until = null;
    return this.#record(each, 'unmuted', by, now, note);
  }

  resolve(id: string, by: string, note: string | undefined, now: number): IncidentUpdate {
    const each = this.#find(id);
    requireOpen(each.incident, 'resolved');
    each.dismissed = true;
    return this.#close(each, now, by, note);
  }

  /** Adds an action, or replaces the one of the same id. */
  setAction(id: string, action: IncidentAction, by: string, note: string, now: number) {
    const each = this.#find(id);
    const { actions } = each.incident;
    const index = actions.findIndex((known) => known.id === action.id);
    if (index < 0) actions.push(action);
    else actions[index] = action;
    return this.#record(each, 'action', by, now, note);
  }

  #find(id: string): Followed {
    for (const each of this.#followed.values()) if (each.incident.id === id) return each;
    throw new FarthingError(
      'unknown_incident',
      `There is no incident ${id} that anything can be done about; "farthing incidents list" tells which there are.`,
    );
  }

  #memberIn(group: string, cause: IncidentCause, own: string): Followed | undefined {
    const exact = this.#followed.get(own);
    return exact !== undefined || !isAboutCost(cause) ? exact : this.#costOf(group);
  }

  #sharedKey({ cause, since }: Signal, { key, provider, model }: SignalSource): string | null {
    if (!isAboutCost(cause)) return null;
    const record = this.#recordOf(key);
    const change = record === null ? null : likelyChange(record, since);
    if (cause === 'retries') return change === null ? `retries ${provider}` : null;
    if (change?.dimension === 'price') return `unit_price ${provider} ${model}`;
    return change === null && fromOutside.has(cause) ? `${cause} ${provider} ${model}` : null;
  }

  #open(
    signal: Signal,
    source: SignalSource,
    key: string,
    shared: string | null,
    now: number,
  ): IncidentUpdate | null {
    if (this.#followed.size >= mostOpen) this.#makeRoom();
    if (this.#followed.size >= mostOpen) return null;
    const at = new Date(now).toISOString();
    const first = this.#firstCall(signal, source);
    const followed: Followed = {
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
    this.#follow(followed);
    this.#addFinding(followed, signal);
    this.#takeExamples(followed, signal, source);
    this.#refresh(followed, now);
    return this.#record(followed, 'opened', 'farthing', now);
  }

  /** The first call that was like it; null where it is longer ago than the calls that are known singly. */
  #firstCall({ since, run, cause }: Signal, { key, call }: SignalSource): string | null {
    if (cause === 'outlier' || cause === 'rule') return call;
    const recent = this.#recordOf(key)?.recent ?? [];
    if (recent[0] === undefined || recent[0].at > since + 1_000) return null;
    return (
      recent.find((each) => each.at >= since && (run === null || each.run === run))?.id ?? null
    );
  }

  /** Found again after it was resolved. */
  #again(known: Followed, signal: Signal, source: SignalSource, now: number) {
    const factor = signal.factor ?? 1;
    if (known.dismissed && factor < muchWorse * known.toldFactor) {
      known.quiet = 0;
      known.seen = Math.max(known.seen, signal.at);
      return null;
    }
    known.dismissed = false;
    if (now - Date.parse(known.incident.resolved_at!) > reopenWithin) {
      this.#drop(known);
      return this.#take(signal, source, now);
    }
    const { incident } = known;
    incident.state = 'open';
    incident.resolved_at = null;
    incident.severity = 'record';
    incident.below_least_page = null;
    known.paging = pagingOf(signal);
    known.since = signal.since;
    incident.since = new Date(signal.since).toISOString();
    known.members = [{ key: source.key, group: { ...source.group }, since: signal.since }];
    this.#takeCause(known, signal);
    known.said = saidOf(signal);
    this.#takeFinding(known, signal);
    this.#refresh(known, now);
    return this.#record(known, 'reopened', 'farthing', now);
  }

  #join(known: Followed, signal: Signal, source: SignalSource): void {
    known.members.push({ key: source.key, group: { ...source.group }, since: signal.since });
    this.#index(known, source.key);
    // Several groups: it is about what they have in common.
    known.incident.group =
      signal.cause === 'retries' ? { provider: source.provider } : { model: source.model };
  }

  #update(known: Followed, signal: Signal, isJoining: boolean, now: number): IncidentUpdate | null {
    const { incident } = known;
    if (isKnown(incident, signal)) return null;
    const isWider = isJoining && known.members.length === 2;
    const isFiner = isMoreDetailed(signal.cause, incident.cause);
    const wasRecord = incident.severity === 'record';
    known.paging = soonerPaging(known.paging, pagingOf(signal));
    if (isFiner) this.#takeCause(known, signal);
    this.#takeFinding(known, signal);
    if (signal.cause !== 'creep' && signal.since < known.since) {
      known.since = signal.since;
      incident.since = new Date(signal.since).toISOString();
    }
    this.#refresh(known, now);
    if (wasRecord && incident.severity === 'page') return this.#paged(known, now);
    const isOutlier = signal.cause === 'outlier';
    if (isWider || isFiner || isOutlier || this.#isWorse(known, now)) {
      return this.#record(known, 'updated', 'farthing', now);
    }
    return { what: 'refreshed', incident };
  }

  #takeCause(known: Followed, signal: Signal): void {
    known.incident.cause = signal.cause;
    known.incident.factor = signal.factor;
    known.toldFactor = signal.factor ?? 1;
  }

  #takeFinding(known: Followed, signal: Signal): void {
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
    this.#addFinding(known, signal);
  }

  #addFinding({ incident }: Followed, signal: Signal): void {
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

  #takeExamples(known: Followed, signal: Signal, source: SignalSource): void {
    const record = this.#recordOf(source.key);
    const calls = record?.callsSince(signal.since) ?? [];
    for (const { id, cost, run } of calls) {
      if (signal.run !== null && run !== signal.run) continue;
      if (signal.cause === 'outlier' && id !== source.call) continue;
      if (cost !== null) keepDearest(known, id, cost);
    }
  }

  /** Brings figures and sentences up to date. */
  #refresh(known: Followed, now: number): void {
    const { incident } = known;
    const records = known.members.flatMap(({ key, since }) => {
      const record = this.#recordOf(key);
      return record === null ? [] : [{ record, since: Math.max(since, known.since) }];
    });
    const excess = this.#excess(known, records, now);
    this.#weigh(known, excess);
    if (isAboutCost(incident.cause) && records.length > 0) {
      incident.calls = records
        .map(({ record, since }) => record.since(since))
        .reduce(addSums).calls;
      incident.change ??= records.length > 1 ? null : likelyChange(records[0]!.record, known.since);
    }
    if (incident.run !== null) {
      const run = records[0]?.record.run(incident.run);
      if (run !== undefined && run !== null) {
        incident.calls = run.calls;
        known.said.title = runTitle(incident.run, run);
        known.said.text = runText(incident.run, run, known.since, now, known.said.why);
      }
    }
    incident.size = sizeNow(incident, excess);
    incident.examples = known.dearest.map(({ id }) => id);
    const { said, template, members } = known;
    const many = members.length > 1 ? ` in ${members.length} groups` : '';
    const because =
      template === null || said.cause === 'template' ? '' : ` with template version ${template}`;
    // A budget of all calls is no group of calls.
    const subject = incident.cause === 'budget_pace' ? 'Budget' : subjectText(incident.group);
    incident.title = `${subject}: ${said.title}${because}${many}`.slice(0, 200);
    incident.summary = [
      `${subject}: ${said.text}`,
      describeSize(incident, now),
      describeBelowLeastPage(incident.below_least_page),
      describeChange(incident.change, now),
    ]
      .filter((sentence) => sentence !== '')
      .join(' ');
    incident.suggestion = suggestionFor(incident);
  }

  /** What is to page does so once it costs enough, and stays a page. */
  #weigh({ incident, paging }: Followed, excess: Excess | null): void {
    if (incident.state === 'resolved' || incident.severity === 'page' || paging === 'never') return;
    const before = incident.below_least_page;
    // What was known to be small is not large because its group has been forgotten since.
    if (before !== null && excess === null && paging === 'by_size') return;
    const below = paging === 'by_size' ? belowLeastPage(excess, this.#leastPage) : null;
    incident.below_least_page = below;
    if (below === null) incident.severity = 'page';
  }

  #paged(known: Followed, now: number): IncidentUpdate {
    return this.#record(known, 'opened', 'farthing', now, 'it has become a page');
  }

  #excess(
    { incident }: Followed,
    records: readonly { record: SpendRecord; since: number }[],
    now: number,
  ): Excess | null {
    if (incident.run !== null) {
      const [first] = records;
      const run = first?.record.run(incident.run) ?? null;
      return first === undefined || run === null ? null : excessOfRun(first.record, run, now);
    }
    if (!isAboutCost(incident.cause)) return null;
    const known = records.flatMap(({ record, since }) => excessSince(record, since, now) ?? []);
    if (known.length === 0) return null;
    const sum = known.reduce(addExcess);
    return { ...sum, isWhole: sum.isWhole && known.length === records.length };
  }

  #refreshed(known: Followed, now: number): IncidentUpdate | null {
    const { incident } = known;
    if (!isAboutCost(incident.cause) && incident.run === null) return null;
    const figures = () => JSON.stringify([incident.size, incident.summary]);
    const before = figures();
    const wasRecord = incident.severity === 'record';
    this.#refresh(known, now);
    if (wasRecord && incident.severity === 'page') return this.#paged(known, now);
    if (this.#isWorse(known, now)) return this.#record(known, 'updated', 'farthing', now);
    return figures() === before ? null : { what: 'refreshed', incident };
  }

  #isWorse(known: Followed, now: number): boolean {
    if (now - known.toldAt < tellEvery) return false;
    const { factor, size } = known.incident;
    if (factor !== null && factor >= muchWorse * known.toldFactor) return true;
    const perHour = parseUsd(size?.above_usd_per_hour ?? '0');
    return known.toldPerHour > 0n && perHour >= 2n * known.toldPerHour;
  }

  #record(
    known: Followed,
    what: Exclude<IncidentUpdate['what'], 'refreshed'>,
    by: string,
    now: number,
    note?: string,
  ): IncidentUpdate {
    const { incident } = known;
    incident.version += 1;
    incident.updated_at = new Date(now).toISOString();
    const event: IncidentEvent = { at: incident.updated_at, what, by };
    if (note !== undefined) event.note = note;
    incident.history.push(event);
    if (incident.history.length > mostEvents) incident.history.splice(1, 1);
    if (what === 'opened' || what === 'updated' || what === 'reopened') {
      known.toldFactor = incident.factor ?? 1;
      known.toldPerHour = parseUsd(incident.size?.above_usd_per_hour ?? '0');
      known.toldAt = now;
    }
    return { what, incident: structuredCopy(incident) };
  }

  #close(known: Followed, now: number, by: string, note: string | undefined): IncidentUpdate {
    known.incident.state = 'resolved';
    this.#refresh(known, now);
    known.incident.resolved_at = new Date(now).toISOString();
    known.incident.muted_until = null;
    return this.#record(known, 'resolved', by, now, note);
  }

  /** Why it is over; null while it is not. */
  #overSince(known: Followed, now: number): string | null {
    const { incident, seen, quiet, enough } = known;
    const passed = now - seen;
    switch (incident.cause) {
      case 'run':
        return passed > runIdle ? 'the run has not called for half an hour' : null;
      case 'outlier':
        return passed > dayLength ? 'no other call like it for a day' : null;
      case 'rule':
        return passed > dayLength + hourLength ? 'the rule has not fired for a day' : null;
      case 'volume':
      case 'silence':
      case 'budget_pace':
        return null;
      default: {
        const wait = incident.cause === 'creep' ? dayLength + 2 * hourLength : hourLength;
        if (passed > wait && quiet >= enough) {
          return `${quiet} calls since it was last found: it is over, or normal by now`;
        }
        return passed > 7 * dayLength ? 'not found for a week' : null;
      }
    }
  }

  #unmuteInTime(known: Followed, now: number): IncidentUpdate | null {
    const { muted_until: until } = known.incident;
    if (until === null || Date.parse(until) > now) return null;
    known.incident.muted_until = null;
    return this.#record(known, 'unmuted', 'farthing', now);
  }

  #endActions(known: Followed, now: number): IncidentUpdate[] {
    const updates: IncidentUpdate[] = [];
    for (const action of known.incident.actions) {
      if (action.state !== 'in_force' || action.until === null) continue;
      if (Date.parse(action.until) > now) continue;
      action.state = 'ended';
      updates.push(this.#record(known, 'action', 'farthing', now, `${action.do} has ended`));
    }
    return updates;
  }

  #follow(known: Followed): void {
    this.#followed.set(known.key, known);
    if (known.shared !== null && known.incident.state !== 'resolved') {
      this.#shared.set(known.shared, known);
    }
    for (const { key } of known.members) this.#index(known, key);
  }

  #index(known: Followed, group: string): void {
    const followed = this.#ofGroup.get(group);
    if (followed === undefined) this.#ofGroup.set(group, new Set([known]));
    else followed.add(known);
  }

  #drop(known: Followed): void {
    this.#followed.delete(known.key);
    if (known.shared !== null && this.#shared.get(known.shared) === known) {
      this.#shared.delete(known.shared);
    }
    for (const [group, followed] of this.#ofGroup) {
      followed.delete(known);
      if (followed.size === 0) this.#ofGroup.delete(group);
    }
  }

  /** What is resolved goes first, then records; the longest unseen of them. */
  #makeRoom(): void {
    const all = [...this.#followed.values()].sort((a, b) => a.seen - b.seen);
    const least =
      all.find(({ incident }) => incident.state === 'resolved') ??
      all.find(({ incident }) => incident.severity === 'record');
    if (least !== undefined) this.#drop(least);
  }
}

function keyOf(
  group: string,
  cause: IncidentCause,
  run: string | null,
  rule: string | null,
): string {
  if (run !== null) return `${group}|run|${run}`;
  if (rule !== null) return `${group}|rule|${rule}`;
  return `${group}|${isAboutCost(cause) ? 'cost' : cause}`;
}

/** A quantity says more of what happened than that it came with a new template. */
function saysMore(cause: IncidentCause, than: IncidentCause): boolean {
  if (cause === 'template') return false;
  return than === 'template' || isMoreDetailed(cause, than);
}

const saidOf = ({ cause, title, text, why = '' }: Signal): Followed['said'] => ({
  cause,
  title,
  text,
  why,
});

/** What is not known any more stays as it was; of what is over, and of a run that is forgotten, nothing more comes. */
function sizeNow({ size, state, run }: Incident, excess: Excess | null): IncidentSize | null {
  const known = excess === null ? size : sizeOf(excess);
  const isOver = state === 'resolved' || (excess === null && run !== null);
  return known !== null && isOver ? settled(known) : known;
}

const memberKey = (group: Readonly<Record<string, string>>) =>
  Object.entries(group)
    .map(([dimension, value]) => `${dimension}=${value}`)
    .join(' ');

function isKnown({ findings }: Incident, { cause, rule, at, since }: Signal): boolean {
  return findings.some(
    (known) =>
      known.cause === cause &&
      (known.rule ?? null) === rule &&
      Date.parse(known.at) === at &&
      Date.parse(known.since) === since,
  );
}

function keepDearest(known: Followed, id: string, cost: Picodollars): void {
  const { dearest } = known;
  if (dearest.length >= mostExamples && cost <= dearest.at(-1)!.cost) return;
  if (dearest.some((each) => each.id === id)) return;
  dearest.push({ id, cost });
  dearest.sort((a, b) => (a.cost === b.cost ? 0 : a.cost > b.cost ? -1 : 1));
  if (dearest.length > mostExamples) dearest.pop();
}

function requireOpen({ id, state }: Incident, wanted: string): void {
  if (state !== 'resolved') return;
  throw new FarthingError(
    'invalid_order',
    `Incident ${id} is resolved: it cannot be ${wanted}. It opens again by itself should it come back.`,
  );
}

/** What an incident that was kept without it says of its paging. */
const pagingSeen = ({ below_least_page: below }: Incident): Paging =>
  below == null ? 'never' : 'by_size';

const isByHand = ({ history }: Incident) =>
  history.findLast(({ what }) => what === 'resolved')?.by !== 'farthing';

/** A copy that has what earlier ones were kept without. */
const wholeCopy = (incident: Incident): Incident => ({
  ...structuredCopy(incident),
  below_least_page: incident.below_least_page ?? null,
});

function structuredCopy(incident: Incident): Incident {
  return JSON.parse(JSON.stringify(incident)) as Incident;
}
