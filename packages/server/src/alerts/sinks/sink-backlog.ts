import { concerns, type SinkFilter } from './sink-filter.js';
import type { SinkPlace } from './sink-place.js';
import type { Notice } from './sink.js';

/** A notice with its place in the order of all. */
export interface KeptNotice {
  sequence: number;
  notice: Notice;
}

/** A notice to send, with the one by which the sink was first told of the incident. */
export interface Sending {
  kept: KeptNotice;
  opening: KeptNotice;
}

/** Incidents of which a sink has something to hear, and incidents it has heard of that are not over. */
export const mostIncidents = 1_000;

/**
 * What one sink has still to be told. Of an incident it keeps the notice by which the sink hears of it
 * first, and the latest: what had not gone out when a later one came is replaced by that. So whatever
 * comes while a sink is away, at most two notices of each of {@link mostIncidents} incidents wait; beyond,
 * those go that matter least: what is over and was never told, then the oldest.
 *
 * What was told is followed to its end, also when severity or cause have changed to what the sink does
 * not ask for. A muted incident's notices go nowhere, but for the end of what was told; a sink that can mute
 * what it was told of hears of that as well.
 */
export class SinkBacklog {
  readonly #filter: SinkFilter;
  readonly #mutes: boolean;
  /** By incident, those that have waited longest first. */
  readonly #waiting = new Map<string, KeptNotice[]>();
  /** By incident that is not over. */
  readonly #told = new Map<string, { opening: KeptNotice; last: KeptNotice }>();
  #through = 0;
  #replaced = 0;
  #sending: KeptNotice | null = null;

  /** `mutes`: whether the other side can be told that an incident it knows is muted. */
  constructor(filter: SinkFilter, mutes = false) {
    this.#filter = filter;
    this.#mutes = mutes;
  }

  /** Goes on from a place: `kept` are the notices of the file, in order. */
  restore(place: SinkPlace, kept: readonly KeptNotice[]): void {
    const bySequence = new Map(kept.map((one) => [one.sequence, one]));
    this.#through = place.through;
    this.#replaced = place.replaced;
    for (const [opening, last] of place.told) {
      const [from, to] = [bySequence.get(opening), bySequence.get(last)];
      if (to !== undefined) {
        this.#told.set(to.notice.incident.id, { opening: from ?? to, last: to });
      }
    }
    for (const sequence of place.waiting) {
      const one = bySequence.get(sequence);
      if (one !== undefined) this.#listOf(one.notice.incident.id).push(one);
    }
    for (const one of kept) if (one.sequence > place.through) this.take(one);
  }

  /** Notices that wait. */
  get size(): number {
    let sum = 0;
    for (const list of this.#waiting.values()) sum += list.length;
    return sum;
  }

  get replaced(): number {
    return this.#replaced;
  }

  /** Whether it waits, or has been told and is not over. */
  knows(incident: string): boolean {
    return this.#waiting.has(incident) || this.#told.has(incident);
  }

  /** Whether the last that there is to tell of an incident is its end. */
  isOver(incident: string): boolean {
    const last = this.#waiting.get(incident)?.at(-1);
    return last !== undefined && isEnd(last.notice);
  }

  /** Incidents that have something to be told, those that have waited longest first. */
  get incidents(): IterableIterator<string> {
    return this.#waiting.keys();
  }

  /** What the sink was told last of each incident that is not over. */
  *told(): Generator<Sending> {
    for (const { opening, last } of this.#told.values()) yield { kept: last, opening };
  }

  /** Notices that must stay in the file for this sink. */
  *needed(): Generator<KeptNotice> {
    for (const list of this.#waiting.values()) yield* list;
    for (const { opening, last } of this.#told.values()) {
      yield opening;
      yield last;
    }
  }

  /** Whether the sink is to hear of it. */
  take(kept: KeptNotice): boolean {
    this.#through = Math.max(this.#through, kept.sequence);
    const { incident, at } = kept.notice;
    const isKnown = this.#told.has(incident.id) || this.#waiting.has(incident.id);
    const isOver = isEnd(kept.notice);
    const isMuted = incident.muted_until !== null && incident.muted_until > at;
    const isTold = isMuted
      ? isKnown && (isOver || this.#mutes)
      : isKnown || (!isOver && concerns(this.#filter, incident));
    if (!isTold) return false;
    const list = this.#listOf(incident.id);
    const stays = list.filter(
      (one, index) => one === this.#sending || (index === 0 && !this.#told.has(incident.id)),
    );
    this.#replaced += list.length - stays.length;
    this.#waiting.set(incident.id, [...stays, kept]);
    this.#bound();
    return true;
  }

  /** The next notice of an incident; null where nothing waits. It stays until it is `delivered`. */
  next(incident: string): Sending | null {
    const kept = this.#waiting.get(incident)?.[0];
    if (kept === undefined) return null;
    return { kept, opening: this.#told.get(incident)?.opening ?? kept };
  }

  /** A notice is on its way: a later one does not replace it. Null when none is any more. */
  sending(kept: KeptNotice | null): void {
    this.#sending = kept;
  }

  delivered(kept: KeptNotice): void {
    const { id } = kept.notice.incident;
    this.#remove(kept);
    if (isEnd(kept.notice)) {
      this.#told.delete(id);
      return;
    }
    const opening = this.#told.get(id)?.opening ?? kept;
    this.#told.delete(id);
    this.#told.set(id, { opening, last: kept });
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= mostIncidents) break;
      this.#told.delete(oldest);
    }
  }

  /** Lets others go first. */
  setAside(incident: string): void {
    const list = this.#waiting.get(incident);
    if (list === undefined) return;
    this.#waiting.delete(incident);
    this.#waiting.set(incident, list);
  }

  /** Gives an incident's notices up. */
  drop(incident: string): void {
    this.#replaced += this.#waiting.get(incident)?.length ?? 0;
    this.#waiting.delete(incident);
  }

  place(): Pick<SinkPlace, 'through' | 'waiting' | 'told' | 'replaced'> {
    return {
      through: this.#through,
      waiting: [...this.#waiting.values()].flat().map(({ sequence }) => sequence),
      told: [...this.#told.values()].map(({ opening, last }) => [opening.sequence, last.sequence]),
      replaced: this.#replaced,
    };
  }

  #listOf(incident: string): KeptNotice[] {
    let list = this.#waiting.get(incident);
    if (list === undefined) this.#waiting.set(incident, (list = []));
    return list;
  }

  #remove(kept: KeptNotice): void {
    const { id } = kept.notice.incident;
    const rest = (this.#waiting.get(id) ?? []).filter((one) => one !== kept);
    if (rest.length === 0) this.#waiting.delete(id);
    else this.#waiting.set(id, rest);
  }

  #bound(): void {
    while (this.#waiting.size > mostIncidents) this.drop(this.#leastOfAll());
  }

  #leastOfAll(): string {
    let oldest: string | null = null;
    let oldestUntold: string | null = null;
    for (const [incident, list] of this.#waiting) {
      if (list[0] === this.#sending) continue;
      oldest ??= incident;
      if (this.#told.has(incident)) continue;
      if (isEnd(list.at(-1)!.notice)) return incident;
      oldestUntold ??= incident;
    }
    return oldestUntold ?? oldest!;
  }
}

function isEnd({ what, incident }: Notice): boolean {
  return what === 'resolved' || incident.state === 'resolved';
}
