import { type JsonSource, type ValueRange } from './scan-json.js';

/** JSON that can be read from its end: of a long conversation only the last turns are of interest. */
export interface BackwardJson extends JsonSource {
  /** The last quote at or before that place, or -1. */
  quoteBefore(at: number): number;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openingBracket = 0x5b;

/** The items of a JSON array whose end is known, the last one first. Nothing of an earlier item is looked at. */
export function* itemsFromEnd(
  json: BackwardJson,
  { start, end }: ValueRange,
): Generator<ValueRange, void, undefined> {
  if (json.codeAt(start) !== openingBracket) return;
  let at = beforeSpace(json, end - 2);
  while (at > start) {
    const from = valueFrom(json, at, start);
    if (from <= start) return;
    yield { start: from, end: at + 1 };
    at = beforeSpace(json, from - 1);
    if (json.codeAt(at) !== comma) return;
    at = beforeSpace(json, at - 1);
  }
}

function beforeSpace(json: JsonSource, from: number): number {
  let at = from;
  for (;;) {
    const code = json.codeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at--;
  }
}

/** Where the value begins whose last unit stands at `last`; -1 where it does not begin behind `least`. */
function valueFrom(json: BackwardJson, last: number, least: number): number {
  const code = json.codeAt(last)!;
  if (code === quote) return stringFrom(json, last);
  if (code !== 0x7d && code !== 0x5d) return plainFrom(json, last);
  let depth = 0;
  for (let at = last; at > least; at--) {
    const unit = json.codeAt(at)!;
    if (unit === quote) {
      at = stringFrom(json, at);
      if (at < 0) return -1;
    } else if (unit === 0x7d || unit === 0x5d) depth++;
    else if (unit === 0x7b || unit === openingBracket) {
      depth--;
      if (depth === 0) return at;
    }
  }
  return -1;
}

/**
 * Where the string begins that ends with the quote at `end`: quotes within it are escaped, and nothing that
 * stands before a string is a backslash.
 */
function stringFrom(json: BackwardJson, end: number): number {
  let at = json.quoteBefore(end - 1);
  while (at >= 0) {
    let slashes = 0;
    while (json.codeAt(at - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return at;
    at = json.quoteBefore(at - 1);
  }
  return -1;
}

/** A number, `true`, `false` or `null`. */
function plainFrom(json: JsonSource, last: number): number {
  let at = last;
  for (;;) {
    const code = json.codeAt(at - 1);
    if (code === undefined || code <= 0x20 || code === comma || code === openingBracket) return at;
    at--;
  }
}
