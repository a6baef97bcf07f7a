interface Held<Value> {
  value: Value;
  used: number;
}

/** So many of those used longest ago are looked up at once when one must go. */
const lookedUp = 256;

/**
 * A map of bounded size: beyond it, what was used longest ago goes. Unlike taking an entry out and putting it
 * in again at each use, which makes a large `Map` copy itself over and over, a use costs a number.
 */
export class RecentMap<Value> {
  readonly #most: number;
  readonly #held = new Map<string, Held<Value>>();
  /** Those used longest ago, the first of them last, with when that was. */
  #oldest: [key: string, used: number][] = [];
  #uses = 0;

  /** @param entries those used longest ago first. */
  constructor(most: number, entries: Iterable<readonly [string, Value]> = []) {
    this.#most = most;
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#held.size;
  }

  /** The value, which is used by this; undefined where there is none. */
  use(key: string): Value | undefined {
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    held.used = ++this.#uses;
    return held.value;
  }

  /** The value, without using it. */
  get(key: string): Value | undefined {
    return this.#held.get(key)?.value;
  }

  /** Puts a value in, which is used by this. */
  set(key: string, value: Value): void {
    const held = this.#held.get(key);
    if (held !== undefined) {
      held.value = value;
      held.used = ++this.#uses;
      return;
    }
    if (this.#held.size >= this.#most) this.#dropOldest();
    this.#held.set(key, { value, used: ++this.#uses });
  }

  /** In no order that means anything. */
  *values(): Generator<Value> {
    for (const { value } of this.#held.values()) yield value;
  }

  /** Those used longest ago first; as of now. */
  entries(): [key: string, value: Value][] {
    return this.#inOrder().map(([key, { value }]) => [key, value]);
  }

  [Symbol.iterator](): Iterator<[key: string, value: Value]> {
    return this.entries()[Symbol.iterator]();
  }

  #inOrder(): [key: string, held: Held<Value>][] {
    return [...this.#held].sort(([, a], [, b]) => a.used - b.used);
  }

  #dropOldest(): void {
    for (;;) {
      const [key, used] = this.#oldest.pop() ?? [];
      if (key === undefined) {
        this.#oldest = this.#inOrder()
          .slice(0, lookedUp)
          .map(([each, held]): [string, number] => [each, held.used])
          .toReversed();
      } else if (this.#held.get(key)?.used === used) {
        this.#held.delete(key);
        return;
      }
      // It was used since it was looked up: the next one is older.
    }
  }
}
