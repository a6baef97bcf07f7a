/** Where a value stands in a JSON text. */
export interface ValueRange {
  start: number;
  end: number;
}

export interface ScannedObject {
  /** Ranges of the wanted top-level values that are there. The last wins when a key is repeated. */
  values: Map<string, ValueRange>;
  /** Offset just behind the opening brace. */
  bodyStart: number;
  empty: boolean;
}

/** JSON that is scanned where it is: a text, or bytes in UTF-8. Offsets are those of its own units. */
export interface JsonSource {
  readonly length: number;
  /** The unit there; anything that is no unit beyond the end. */
  codeAt(at: number): number | undefined;
  /** The next quote from there on, or -1. */
  quoteFrom(at: number): number;
  /** The next quote, brace or bracket from there on, or -1. */
  structureFrom(at: number): number;
  textOf(start: number, end: number): string;
}

const quote = 0x22;
const backslash = 0x5c;

/**
 * Finds top-level values of a JSON object without parsing the rest: a request of 100 KB costs a tenth
 * of `JSON.parse`. Null when it is not one JSON object; nested values are skipped, not validated.
 */
export function scanJsonObject(
  json: JsonSource,
  wanted: ReadonlySet<string>,
): ScannedObject | null {
  let at = skipSpace(json, 0);
  if (json.codeAt(at) !== 0x7b) return null;
  const bodyStart = at + 1;
  const values = new Map<string, ValueRange>();
  at = skipSpace(json, bodyStart);
  if (json.codeAt(at) === 0x7d) {
    return endsAt(json, at + 1) ? { values, bodyStart, empty: true } : null;
  }
  for (;;) {
    if (json.codeAt(at) !== quote) return null;
    const keyEnd = skipString(json, at);
    if (keyEnd < 0) return null;
    const key = nameOf(json, at, keyEnd);
    at = skipSpace(json, keyEnd);
    if (json.codeAt(at) !== 0x3a) return null;
    const start = skipSpace(json, at + 1);
    const end = skipValue(json, start);
    if (end < 0) return null;
    if (wanted.has(key)) values.set(key, { start, end });
    at = skipSpace(json, end);
    const next = json.codeAt(at);
    if (next === 0x7d) return endsAt(json, at + 1) ? { values, bodyStart, empty: false } : null;
    if (next !== 0x2c) return null;
    at = skipSpace(json, at + 1);
  }
}

/** A name may be written with escapes, and is the same name all the same: no limit is evaded that way. */
function nameOf(json: JsonSource, start: number, end: number): string {
  const name = json.textOf(start + 1, end - 1);
  if (!name.includes('\\')) return name;
  const parsed = parseValue(`"${name}"`);
  return typeof parsed === 'string' ? parsed : name;
}

/** The parsed value of a range; undefined when it is absent or not valid JSON. */
export function parseRange(json: JsonSource, range: ValueRange | undefined): unknown {
  return range === undefined ? undefined : parseValue(json.textOf(range.start, range.end));
}

function parseValue(text: string): unknown {
  // Most values here are short strings, for which a parser is out of proportion.
  if (/^"[\w.:/-]*"$/.test(text)) return text.slice(1, -1);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The number of items of a JSON array, without parsing them; 0 for anything else. */
export function countItems(json: JsonSource, { start, end }: ValueRange): number {
  if (json.codeAt(start) !== 0x5b) return 0;
  let at = skipSpace(json, start + 1);
  let count = 0;
  while (at < end && json.codeAt(at) !== 0x5d) {
    at = skipValue(json, at);
    if (at < 0) return count;
    count++;
    at = skipSpace(json, at);
    if (json.codeAt(at) === 0x2c) at = skipSpace(json, at + 1);
  }
  return count;
}

/** How many items of a JSON array begin before that place. */
export function itemsBefore(json: JsonSource, { start }: ValueRange, place: number): number {
  let at = skipSpace(json, start + 1);
  let count = 0;
  while (at < place && at >= 0 && json.codeAt(at) !== 0x5d) {
    count++;
    at = skipValue(json, at);
    if (at < 0) return count;
    at = skipSpace(json, at);
    if (json.codeAt(at) === 0x2c) at = skipSpace(json, at + 1);
  }
  return count;
}

/** Text of a member of the object there, where it is a string; undefined where it is none. */
export function textMember(
  json: JsonSource,
  { start, end }: ValueRange,
  name: string,
): string | undefined {
  if (json.codeAt(start) !== 0x7b) return undefined;
  let at = skipSpace(json, start + 1);
  while (at < end && json.codeAt(at) === quote) {
    const keyEnd = skipString(json, at);
    if (keyEnd < 0) return undefined;
    const isWanted = keyEnd - at === name.length + 2 && standsAt(json, at + 1, name);
    at = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const valueEnd = skipValue(json, at);
    if (valueEnd < 0) return undefined;
    if (isWanted) return json.codeAt(at) === quote ? json.textOf(at + 1, valueEnd - 1) : undefined;
    at = skipSpace(json, valueEnd);
    if (json.codeAt(at) === 0x2c) at = skipSpace(json, at + 1);
  }
  return undefined;
}

/** Whether plain text stands there, without making a text of what does. */
function standsAt(json: JsonSource, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (json.codeAt(at + index) !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** Where the items of a JSON array stand; none for anything else. */
export function itemRanges(json: JsonSource, { start, end }: ValueRange): ValueRange[] {
  const items: ValueRange[] = [];
  if (json.codeAt(start) !== 0x5b) return items;
  let at = skipSpace(json, start + 1);
  while (at < end && json.codeAt(at) !== 0x5d) {
    const itemEnd = skipValue(json, at);
    if (itemEnd < 0) return items;
    items.push({ start: at, end: itemEnd });
    at = skipSpace(json, itemEnd);
    if (json.codeAt(at) === 0x2c) at = skipSpace(json, at + 1);
  }
  return items;
}

export function skipSpace(json: JsonSource, from: number): number {
  let at = from;
  for (;;) {
    const code = json.codeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at++;
  }
}

function endsAt(json: JsonSource, from: number): boolean {
  return skipSpace(json, from) >= json.length;
}

/** Returns the offset behind the closing quote, or -1. The search is native: long texts cost next to nothing. */
function skipString(json: JsonSource, from: number): number {
  let at = from + 1;
  for (;;) {
    const end = json.quoteFrom(at);
    if (end < 0) return -1;
    let slashes = 0;
    while (json.codeAt(end - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return end + 1;
    at = end + 1;
  }
}

/** Returns the offset behind the value, or -1 where there is none, or it does not end. */
export function skipValue(json: JsonSource, from: number): number {
  const first = json.codeAt(from);
  if (first === quote) return skipString(json, from);
  if (first === 0x7b || first === 0x5b) return skipNested(json, from);
  const { length } = json;
  let at = from;
  for (; at < length; at++) {
    const code = json.codeAt(at)!;
    if (code === 0x2c || code === 0x7d || code === 0x5d || code <= 0x20) break;
  }
  return at > from ? at : -1;
}

function skipNested(json: JsonSource, from: number): number {
  let depth = 0;
  for (let at = json.structureFrom(from); at >= 0; at = json.structureFrom(at)) {
    const code = json.codeAt(at);
    if (code === quote) {
      at = skipString(json, at);
      if (at < 0) return -1;
      continue;
    }
    depth += code === 0x7b || code === 0x5b ? 1 : -1;
    at++;
    if (depth === 0) return at;
  }
  return -1;
}

/** Whether a unit is a quote, brace or bracket. */
export function isStructure(code: number): boolean {
  return code === quote || (code | 0x20) === 0x7b || (code | 0x20) === 0x7d;
}

const structure = /["{}[\]]/g;
/** Units that are looked at one by one before a search begins, which costs more and goes faster. */
const near = 24;

/** JSON as text. */
export class JsonText implements JsonSource {
  readonly #text: string;
  readonly length: number;

  constructor(text: string) {
    this.#text = text;
    this.length = text.length;
  }

  codeAt(at: number): number {
    return this.#text.charCodeAt(at);
  }

  quoteFrom(at: number): number {
    return this.#text.indexOf('"', at);
  }

  structureFrom(from: number): number {
    const text = this.#text;
    for (let at = from; at < from + near; at++) if (isStructure(text.charCodeAt(at))) return at;
    // Lists of numbers (embeddings) are long.
    structure.lastIndex = from + near;
    return structure.test(text) ? structure.lastIndex - 1 : -1;
  }

  textOf(start: number, end: number): string {
    return this.#text.slice(start, end);
  }
}
