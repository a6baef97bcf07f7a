/**
 * Finds the wanted top-level members of a JSON object in its text, without parsing the rest: a long
 * prompt costs a native search for its closing quote. Null when the text is no JSON object. Nested
 * values are skipped, not validated.
 */
export function scanJson(text: string, wanted: ReadonlySet<string>): ScannedJson | null {
  let at = skipSpace(text, 0);
  if (text.charCodeAt(at) !== 0x7b) return null;
  const bodyStart = at + 1;
  const values = new Map<string, [start: number, end: number]>();
  at = skipSpace(text, bodyStart);
  if (text.charCodeAt(at) === 0x7d) return { values, bodyStart, empty: true };
  for (;;) {
    if (text.charCodeAt(at) !== quote) return null;
    const keyEnd = skipString(text, at);
    if (keyEnd < 0) return null;
    const key = text.slice(at + 1, keyEnd - 1);
    at = skipSpace(text, keyEnd);
    if (text.charCodeAt(at) !== 0x3a) return null;
    const start = skipSpace(text, at + 1);
    const end = skipValue(text, start);
    if (end < 0) return null;
    if (wanted.has(key)) values.set(key, [start, end]);
    at = skipSpace(text, end);
    const next = text.charCodeAt(at);
    if (next === 0x7d) return { values, bodyStart, empty: false };
    if (next !== 0x2c) return null;
    at = skipSpace(text, at + 1);
  }
}

export interface ScannedJson {
  /** Where the wanted members' values stand. The last wins when a name is repeated. */
  values: Map<string, [start: number, end: number]>;
  /** Offset just behind the opening brace. */
  bodyStart: number;
  empty: boolean;
}

const quote = 0x22;

/** The parsed value of a member; undefined when it is absent or not valid JSON. */
export function valueOf(text: string, scanned: ScannedJson | null, name: string): unknown {
  const range = scanned?.values.get(name);
  if (range === undefined) return undefined;
  const [start, end] = range;
  const first = text.charCodeAt(start);
  if (first === quote && !text.slice(start, end).includes('\\'))
    return text.slice(start + 1, end - 1);
  try {
    return JSON.parse(text.slice(start, end)) as unknown;
  } catch {
    return undefined;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at++;
  }
}

function skipString(text: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) return -1;
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return end + 1;
    at = end + 1;
  }
}

function skipValue(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === quote) return skipString(text, from);
  if (first === 0x7b || first === 0x5b) return skipNested(text, from);
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2c || code === 0x7d || code === 0x5d || code <= 0x20) break;
  }
  return at > from ? at : -1;
}

function skipNested(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = skipString(text, at) - 1;
      if (at < 0) return -1;
    } else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}
