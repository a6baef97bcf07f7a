import { appendFileSync, readFileSync } from 'node:fs';

/** A place in a journal that could not be booked as it should, and why. */
export interface Damage {
  /** `line`: one line is unreadable. `segment`: a whole file vanished, shrank or began anew. */
  kind: 'line' | 'segment';
  journal: string;
  segment: number;
  offset: number;
  reason: string;
}

const shown = 100;

/**
 * The damage found in journals. It is kept in a file beside them, so that it is still reported after
 * a restart, when the damaged places have long been passed.
 */
export class DamageRecord {
  readonly #path: string;
  readonly #seen = new Set<string>();
  readonly #latest: Damage[] = [];
  readonly #lines = new Map<string, number>();

  constructor(path: string) {
    this.#path = path;
    for (const damage of readRecord(path)) this.#count(damage);
  }

  /** Records it once: a place that is read again after a crash is not counted again. */
  add(damage: Damage, at: Date): void {
    if (!this.#count(damage)) return;
    try {
      appendFileSync(this.#path, `${JSON.stringify({ at: at.toISOString(), ...damage })}\n`, {
        mode: 0o600,
      });
    } catch {
      // The disk may be full. The count in memory still reports it.
    }
  }

  /** The most recent, newest last; at most 100. */
  get latest(): readonly Damage[] {
    return this.#latest;
  }

  unreadableLines(journal: string): number {
    return this.#lines.get(journal) ?? 0;
  }

  #count(damage: Damage): boolean {
    const { kind, journal, segment, offset, reason } = damage;
    const place = JSON.stringify([kind, journal, segment, offset, kind === 'line' ? '' : reason]);
    if (this.#seen.has(place)) return false;
    this.#seen.add(place);
    this.#latest.push({ kind, journal, segment, offset, reason });
    if (this.#latest.length > shown) this.#latest.shift();
    if (kind === 'line') this.#lines.set(journal, this.unreadableLines(journal) + 1);
    return true;
  }
}

function readRecord(path: string): Damage[] {
  try {
    return readFileSync(path, 'utf8').split('\n').flatMap(readDamage);
  } catch {
    return [];
  }
}

function readDamage(line: string): Damage[] {
  try {
    const value = JSON.parse(line) as Damage;
    return typeof value.journal === 'string' ? [value] : [];
  } catch {
    return [];
  }
}
