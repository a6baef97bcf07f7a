import type { Picodollars } from '../money.js';
import { FollowedIncidents } from './followed-incidents.js';
import {
  followedAgain,
  followedOf,
  keyOf,
  newFollowed,
  stateOfFollowed,
  wholeCopy,
  type Followed,
  type FollowedState,
} from './followed-incident.js';
import { endActions, unmuteInTime, whyOver } from './incident-end.js';
import {
  addFinding,
  beginAgain,
  firstCall,
  isKnown,
  joinGroup,
  keepDearest,
  muchWorse,
  takeCause,
  takeExamples,
  takeFinding,
} from './incident-findings.js';
import { isByHand, isWorse, recordEvent } from './incident-history.js';
import { acknowledge, mute, requireOpen, setAction, unmute } from './incident-orders.js';
import { refresh, type RecordOf } from './incident-statement.js';
import type { IncidentUpdate, SignalSource } from './incident-update.js';
import type { Incident, IncidentAction, IncidentCause } from './incident.js';
import { pagingOf, soonerPaging } from './least-page.js';
import { isAboutCost, isMoreDetailed } from './severity.js';
import { sharedCause } from './shared-cause.js';
import type { Signal } from './signal.js';
import { dayLength, hourLength } from './spend-record.js';
import type { WatchedCall } from './watched-call.js';

export interface BookState {
  followed: FollowedState[];
}

const reopenWithin = dayLength;
/** Groups whose same change begins within this time have one cause. */
const sharedWithin = dayLength;

/**
 * Makes incidents of what detectors and rules find, and follows them until they are over. One group has one
 * incident about what its calls cost, whatever number of quantities moved; runs, rules, volume, silence and
 * single dear calls have their own. What comes from a provider and is found in several groups is one.
 */
export class IncidentBook {
  readonly #recordOf: RecordOf;
  readonly #leastPage: Picodollars;
  readonly #followed = new FollowedIncidents();

  /**
   * @param recordOf what a group has spent; null where it is no longer known.
   * @param leastPage what is to page is a record until it costs as much above normal, so far and within the
   * next day; 0 lets all page.
   */
  constructor(recordOf: RecordOf, leastPage: Picodollars, state?: BookState) {
    this.#recordOf = recordOf;
    this.#leastPage = leastPage;
    for (const each of state?.followed ?? []) this.#followed.add(followedOf(each));
  }

  toJSON(): BookState {
    return { followed: Array.from(this.#followed, stateOfFollowed) };
  }

  /** Incidents that are open, or were until lately. */
  get incidents(): Incident[] {
    return Array.from(this.#followed, ({ incident }) => incident);
  }

  /** An incident as it was kept elsewhere, which may be newer than this book's state of it. */
  restore(incident: Incident): void {
    for (const each of this.#followed) {
      if (each.incident.id !== incident.id) continue;
      if (each.incident.version < incident.version) each.incident = wholeCopy(incident);
      if (incident.state === 'resolved') each.dismissed = isByHand(incident);
      return;
    }
    if (incident.state !== 'resolved') this.#followed.add(followedAgain(incident));
  }

  /** Takes what was found; tells nothing where it is nothing new. `now`: milliseconds since 1970. */
  found(signal: Signal, source: SignalSource, now: number): IncidentUpdate[] {
    if (signal.mode === 'off') return [];
    // Where all calls of a group cost more, a dear one is no news.
    if (signal.cause === 'outlier' && this.#followed.costOf(source.key) !== undefined) return [];
    const update = this.#take(signal, source, now);
    if (update === null) return [];
    if (!isAboutCost(signal.cause)) return [update];
    return [update, ...this.#endOutliers(source.key, update.incident, now)];
  }

  #take(signal: Signal, source: SignalSource, now: number): IncidentUpdate | null {
    const own = keyOf(source.key, signal.cause, signal.run, signal.rule);
    const shared = sharedCause(signal, source, this.#recordOf(source.key));
    const together = shared === null ? undefined : this.#followed.sharedBy(shared);
    const known =
      this.#memberIn(source.key, signal.cause, own) ??
      (together !== undefined && signal.since - together.since < sharedWithin
        ? together
        : undefined);
    if (known === undefined) return this.#open(signal, source, shared, now);
    const isJoining = !known.members.some(({ key }) => key === source.key);
    if (known.incident.state === 'resolved') return this.#again(known, signal, source, now);
    if (isJoining) {
      joinGroup(known, signal, source);
      this.#followed.addMember(known, source.key);
    }
    return this.#update(known, signal, isJoining, now);
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
    for (const each of this.#followed.ofGroup(call.key)) {
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
    return [...this.#followed]
      .filter(({ incident }) => incident.cause === cause && incident.state !== 'resolved')
      .map(({ members }) => members[0]!.key);
  }

  /** Lets time pass: resolves what is over, brings figures up to date, ends what was for a time. */
  tick(now: number): IncidentUpdate[] {
    const updates: IncidentUpdate[] = [];
    for (const each of Array.from(this.#followed)) {
      const over = whyOver(each, now);
      if (each.incident.state === 'resolved') {
        if (over !== null) each.dismissed = false;
        if (!each.dismissed && now - Date.parse(each.incident.resolved_at!) > reopenWithin) {
          this.#followed.delete(each);
        }
        continue;
      }
      if (over !== null) {
        updates.push(this.#close(each, now, 'farthing', over));
        continue;
      }
      updates.push(...endActions(each, now));
      const update = unmuteInTime(each, now) ?? this.#refreshed(each, now);
      if (update !== null) updates.push(update);
    }
    return updates;
  }

  acknowledge(id: string, by: string, note: string | undefined, now: number): IncidentUpdate {
    return acknowledge(this.#followed.find(id), by, note, now);
  }

  mute(id: string, until: number, by: string, note: string | undefined, now: number) {
    return mute(this.#followed.find(id), until, by, note, now);
  }

  unmute(id: string, by: string, note: string | undefined, now: number): IncidentUpdate {
    return unmute(this.#followed.find(id), by, note, now);
  }

  resolve(id: string, by: string, note: string | undefined, now: number): IncidentUpdate {
    const each = this.#followed.find(id);
    requireOpen(each.incident, 'resolved');
    each.dismissed = true;
    return this.#close(each, now, by, note);
  }

  /** Adds an action, or replaces the one of the same id. */
  setAction(id: string, action: IncidentAction, by: string, note: string, now: number) {
    return setAction(this.#followed.find(id), action, by, note, now);
  }

  #memberIn(group: string, cause: IncidentCause, own: string): Followed | undefined {
    const exact = this.#followed.get(own);
    return exact !== undefined || !isAboutCost(cause) ? exact : this.#followed.costOf(group);
  }

  #open(
    signal: Signal,
    source: SignalSource,
    shared: string | null,
    now: number,
  ): IncidentUpdate | null {
    if (!this.#followed.makeRoom()) return null;
    const record = this.#recordOf(source.key);
    const first = firstCall(signal, source, record);
    const followed = newFollowed(signal, source, shared, first, now);
    this.#followed.add(followed);
    addFinding(followed, signal);
    takeExamples(followed, signal, source, record);
    this.#refresh(followed, now);
    return recordEvent(followed, 'opened', 'farthing', now);
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
      this.#followed.delete(known);
      return this.#take(signal, source, now);
    }
    beginAgain(known, signal, source);
    this.#refresh(known, now);
    return recordEvent(known, 'reopened', 'farthing', now);
  }

  #update(known: Followed, signal: Signal, isJoining: boolean, now: number): IncidentUpdate | null {
    const { incident } = known;
    if (isKnown(incident, signal)) return null;
    const isWider = isJoining && known.members.length === 2;
    const isFiner = isMoreDetailed(signal.cause, incident.cause);
    const wasRecord = incident.severity === 'record';
    known.paging = soonerPaging(known.paging, pagingOf(signal));
    if (isFiner) takeCause(known, signal);
    takeFinding(known, signal);
    if (signal.cause !== 'creep' && signal.since < known.since) {
      known.since = signal.since;
      incident.since = new Date(signal.since).toISOString();
    }
    this.#refresh(known, now);
    if (wasRecord && incident.severity === 'page') return this.#paged(known, now);
    const isOutlier = signal.cause === 'outlier';
    if (isWider || isFiner || isOutlier || isWorse(known, now)) {
      return recordEvent(known, 'updated', 'farthing', now);
    }
    return { what: 'refreshed', incident };
  }

  #paged(known: Followed, now: number): IncidentUpdate {
    return recordEvent(known, 'opened', 'farthing', now, 'it has become a page');
  }

  #refreshed(known: Followed, now: number): IncidentUpdate | null {
    const { incident } = known;
    if (!isAboutCost(incident.cause) && incident.run === null) return null;
    const figures = () => JSON.stringify([incident.size, incident.summary]);
    const before = figures();
    const wasRecord = incident.severity === 'record';
    this.#refresh(known, now);
    if (wasRecord && incident.severity === 'page') return this.#paged(known, now);
    if (isWorse(known, now)) return recordEvent(known, 'updated', 'farthing', now);
    return figures() === before ? null : { what: 'refreshed', incident };
  }

  #close(known: Followed, now: number, by: string, note: string | undefined): IncidentUpdate {
    known.incident.state = 'resolved';
    this.#refresh(known, now);
    known.incident.resolved_at = new Date(now).toISOString();
    known.incident.muted_until = null;
    return recordEvent(known, 'resolved', by, now, note);
  }

  #refresh(known: Followed, now: number): void {
    refresh(known, this.#recordOf, this.#leastPage, now);
  }
}
