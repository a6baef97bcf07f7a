/**
 * The latest items of batches that were counted. Whoever fetches the results of a batch again has each
 * item booked under the same id (UUID version 8) again. Ids are kept by their first 64 bits.
 */
export class BatchItems implements Iterable<string> {
  #items = new Set<string>();

  get size(): number {
    return this.#items.size;
  }

  has(id: string): boolean {
    return this.#items.has(short(id));
  }

  add(id: string): void {
    this.restore(short(id));
  }

  /** One that a snapshot has. */
  restore(item: string): void {
    this.#items.add(item);
    if (this.#items.size > 2 * mostItems) this.#items = new Set([...this.#items].slice(-mostItems));
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#items.values();
  }
}

/** Whether an entry is an item of a batch: only those have ids that are made of what they name. */
export function isBatchItem(id: string): boolean {
  return id[14] === '8';
}

/** A batch has at most 100,000 items. */
const mostItems = 100_000;

function short(id: string): string {
  return id.slice(0, 18).replaceAll('-', '');
}
