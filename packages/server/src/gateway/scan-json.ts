import {
  type BackwardJson,
  countItems as countItemsOf,
  isStructure,
  parseRange as parseRangeOf,
  scanJsonObject as scan,
  type ScannedObject,
  type ValueRange,
} from '@farthing/core';

export type { ScannedObject, ValueRange } from '@farthing/core';

/** Bytes that are looked at one by one before a native search begins. */
const near = 48;

/** JSON as the bytes that came: nothing is decoded but what is asked for. */
export class JsonBytes implements BackwardJson {
  readonly #bytes: Buffer;
  readonly length: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.length = bytes.length;
  }

  codeAt(at: number): number | undefined {
    return this.#bytes[at];
  }

  quoteFrom(at: number): number {
    return this.#bytes.indexOf(0x22, at);
  }

  quoteBefore(at: number): number {
    const bytes = this.#bytes;
    // Code and JSON within a text are full of quotes: those are found before a search has begun.
    let place = at;
    for (const least = Math.max(0, at - near); place >= least; place--) {
      if (bytes[place] === 0x22) return place;
    }
    // A negative offset would count from the end.
    return place < 0 ? -1 : bytes.lastIndexOf(0x22, place);
  }

  structureFrom(from: number): number {
    const bytes = this.#bytes;
    for (let at = from; at < bytes.length; at++) if (isStructure(bytes[at]!)) return at;
    return -1;
  }

  textOf(start: number, end: number): string {
    return this.#bytes.toString('utf8', start, end);
  }
}

/** Finds top-level values of a JSON object, as core's scanner does, by offsets in its bytes. */
export function scanJsonObject(bytes: Buffer, wanted: ReadonlySet<string>): ScannedObject | null {
  return scan(new JsonBytes(bytes), wanted);
}

/** The parsed value of a range; undefined when it is absent or not valid JSON. */
export function parseRange(bytes: Buffer, range: ValueRange | undefined): unknown {
  return parseRangeOf(new JsonBytes(bytes), range);
}

/** The number of items of a JSON array, without parsing them; 0 for anything else. */
export function countItems(bytes: Buffer, range: ValueRange): number {
  return countItemsOf(new JsonBytes(bytes), range);
}
