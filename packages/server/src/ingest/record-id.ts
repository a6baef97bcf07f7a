import { createHash } from 'node:crypto';

/**
 * The id of an imported call, made from the record itself: a second import of the same record has the
 * same id and changes nothing. `occurrence` (from 0) tells identical records of one file apart, which
 * are different calls. UUID version 8 (RFC 9562): the layout of a UUID, with bits of our own making.
 */
export function recordId(source: string, contentHash: Buffer, occurrence: number): string {
  const hash = createHash('sha256')
    .update(`farthing import 1\n${source}\n${occurrence}\n`)
    .update(contentHash)
    .digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** SHA-256 of a record's content. */
export function hashContent(record: unknown): Buffer {
  return createHash('sha256').update(canonicalContent(record)).digest();
}

/** JSON with sorted keys: the same record written with other spacing or order is the same content. */
export function canonicalContent(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalContent(item)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const record = value as Record<string, unknown>;
  const fields = Object.keys(record)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalContent(record[key])}`);
  return `{${fields.join(',')}}`;
}

/**
 * Counts how often each content has been seen, in 12 bytes a distinct one: files may be larger than
 * memory. Contents are known by 64 bits of their hash. Two different ones that share them (one chance
 * in 3,000 for a hundred million records) only make an occurrence number skip, the same way in every
 * import of the file.
 */
export class OccurrenceCounter {
  #capacity = 1 << 12;
  #high = new Uint32Array(this.#capacity);
  #low = new Uint32Array(this.#capacity);
  #counts = new Uint32Array(this.#capacity);
  #used = 0;

  /** How often this content was seen before; 0 the first time. */
  next(contentHash: Buffer): number {
    if (this.#used * 4 > this.#capacity * 3) this.#grow();
    const high = contentHash.readUInt32LE(0);
    const low = contentHash.readUInt32LE(4);
    const slot = this.#slot(high, low);
    const seen = this.#counts[slot]!;
    if (seen === 0) {
      this.#high[slot] = high;
      this.#low[slot] = low;
      this.#used++;
    }
    this.#counts[slot] = seen + 1;
    return seen;
  }

  /** Whether this content was seen. */
  has(contentHash: Buffer): boolean {
    const slot = this.#slot(contentHash.readUInt32LE(0), contentHash.readUInt32LE(4));
    return this.#counts[slot] !== 0;
  }

  /** Open addressing: the key's own slot, or the first free one after it. */
  #slot(high: number, low: number): number {
    const mask = this.#capacity - 1;
    let slot = low & mask;
    while (this.#counts[slot] !== 0 && (this.#high[slot] !== high || this.#low[slot] !== low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const [high, low, counts] = [this.#high, this.#low, this.#counts];
    this.#capacity *= 2;
    this.#high = new Uint32Array(this.#capacity);
    this.#low = new Uint32Array(this.#capacity);
    this.#counts = new Uint32Array(this.#capacity);
    for (let index = 0; index < counts.length; index++) {
      if (counts[index] === 0) continue;
      const slot = this.#slot(high[index]!, low[index]!);
      this.#high[slot] = high[index]!;
      this.#low[slot] = low[index]!;
      this.#counts[slot] = counts[index]!;
    }
  }
}
