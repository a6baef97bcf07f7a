/** Where a value stands in a JSON text: `start` of its first character, `end` behind its last. */
export interface Range {
  start: number;
  end: number;
}

const quote = 0x22;
const backslash = 0x5c;

/**
 * Ranges of the wanted top-level members of a JSON object, found without parsing: long texts cost a
 * native search for their closing quote. Empty for what is no JSON object.
 */
export function memberRanges(text: string, wanted: ReadonlySet<string>): Map<string, Range> {
  const found = new Map<string, Range>();
  let at = skipSpace(text, 0);
  if (text.charCodeAt(at) !== 0x7b) return found;
  at = skipSpace(text, at + 1);
  while (text.charCodeAt(at) === quote) {
    const nameEnd = endOfString(text, at);
    if (nameEnd < 0) return found;
    const name = text.slice(at + 1, nameEnd - 1);
    at = skipSpace(text, nameEnd);
    if (text.charCodeAt(at) !== 0x3a) return found;
    const start = skipSpace(text, at + 1);
    const end = endOfValue(text, start);
    if (end < 0) return found;
    if (wanted.has(name)) found.set(name, { start, end });
    at = skipSpace(text, end);
    if (text.charCodeAt(at) !== 0x2c) return found;
    at = skipSpace(text, at + 1);
  }
  return found;
}

/** Ranges of the items of a JSON array; empty for anything else. */
export function itemRanges(text: string, { start, end }: Range): Range[] {
  const items: Range[] = [];
  if (text.charCodeAt(start) !== 0x5b) return items;
  let at = skipSpace(text, start + 1);
  while (at < end - 1) {
    const itemEnd = endOfValue(text, at);
    if (itemEnd < 0) return items;
    items.push({ start: at, end: itemEnd });
    at = skipSpace(text, itemEnd);
    if (text.charCodeAt(at) !== 0x2c) return items;
    at = skipSpace(text, at + 1);
  }
  return items;
}

/** The offset behind the value that begins at `from`, or -1 where the text ends inside of it. */
export function endOfValue(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === quote) return endOfString(text, from);
  if (first === 0x7b || first === 0x5b) return endOfNested(text, from);
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2c || code === 0x7d || code === 0x5d || code <= 0x20) break;
  }
  return at > from ? at : -1;
}

export function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at++;
  }
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) return -1;
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return end + 1;
    at = end + 1;
  }
}

function endOfNested(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at) - 1;
      if (at < 0) return -1;
    } else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}
