import { FarthingError } from '../errors.js';
import type { Followed } from './followed-incident.js';
import { isAboutCost } from './severity.js';

const mostFollowed = 1_000;

/** The incidents that a book follows: by key, by the groups that they are about, and by what groups share. */
export class FollowedIncidents implements Iterable<Followed> {
  readonly #byKey = new Map<string, Followed>();
  readonly #ofGroup = new Map<string, Set<Followed>>();
  readonly #shared = new Map<string, Followed>();

  [Symbol.iterator](): IterableIterator<Followed> {
    return this.#byKey.values();
  }

  get(key: string): Followed | undefined {
    return this.#byKey.get(key);
  }

  /** Incidents that a group is a member of. */
  ofGroup(group: string): Iterable<Followed> {
    return this.#ofGroup.get(group) ?? [];
  }

  /** The one of what several groups have in common. */
  sharedBy(shared: string): Followed | undefined {
    return this.#shared.get(shared);
  }

  /** The incident about what a group's calls cost, while it is open or was put aside. */
  costOf(group: string): Followed | undefined {
    for (const each of this.ofGroup(group)) {
      const { cause, state } = each.incident;
      if (isAboutCost(cause) && (state !== 'resolved' || each.dismissed)) return each;
    }
    return undefined;
  }

  /** @throws FarthingError `unknown_incident` */
  find(id: string): Followed {
    for (const each of this.#byKey.values()) if (each.incident.id === id) return each;
    throw new FarthingError(
      'unknown_incident',
      `There is no incident ${id} that anything can be done about; "farthing incidents list" tells which there are.`,
    );
  }

  add(known: Followed): void {
    this.#byKey.set(known.key, known);
    if (known.shared !== null && known.incident.state !== 'resolved') {
      this.#shared.set(known.shared, known);
    }
    for (const { key } of known.members) this.addMember(known, key);
  }

  /** Makes a group a member of an incident. */
  addMember(known: Followed, group: string): void {
    const followed = this.#ofGroup.get(group);
    if (followed === undefined) this.#ofGroup.set(group, new Set([known]));
    else followed.add(known);
  }

  delete(known: Followed): void {
    this.#byKey.delete(known.key);
    if (known.shared !== null && this.#shared.get(known.shared) === known) {
      this.#shared.delete(known.shared);
    }
    for (const [group, followed] of this.#ofGroup) {
      followed.delete(known);
      if (followed.size === 0) this.#ofGroup.delete(group);
    }
  }

  /**
   * Makes room for another one; false where there is none. What is resolved goes first, then records; the
   * longest unseen of them.
   */
  makeRoom(): boolean {
    if (this.#byKey.size < mostFollowed) return true;
    const all = [...this.#byKey.values()].sort((a, b) => a.seen - b.seen);
    const least =
      all.find(({ incident }) => incident.state === 'resolved') ??
      all.find(({ incident }) => incident.severity === 'record');
    if (least !== undefined) this.delete(least);
    return least !== undefined;
  }
}
