import {
  itemRanges,
  scanJsonObject,
  skipSpace,
  skipValue,
  type JsonSource,
  type ValueRange,
} from '../meter/scan-json.js';
import { keptBoundaries } from './kept-boundaries.js';
import { leastMarkedTokens, type PromptPrefixes } from './prompt-prefixes.js';

/** A request's JSON, in which the places of cache markers can be searched for. */
export interface PromptJson extends JsonSource {
  /** Where the next `"cache_control"` begins from there on, or -1. */
  markerFrom(at: number): number;
}

/** A keyed hash of parts of a request's text; `mark` is the fingerprint of the parts so far. */
export interface PrefixHash {
  /** Takes the units of the JSON from `start` to before `end`. */
  update(start: number, end: number): void;
  mark(): string;
}

/** A prompt found in a request's text: its head and what may follow, nothing read yet. */
export interface FoundPrompt {
  /** Tools, instructions, and the first messages up to one that is no instruction. */
  head: readonly ValueRange[];
  items: readonly ValueRange[];
  /** How many of the items belong to the head. */
  headItems: number;
  /** Characters of all of it, as far as they are tokens to the model. */
  length: number;
}

/** What a message's JSON has in characters beyond the four tokens (sixteen characters) that it is to the model. */
const frameCharacters = 24;

/** Where a request's prompt stands, in the order in which models read it. */
const headMembers = [
  'tools',
  'functions',
  'toolConfig',
  'system',
  'systemInstruction',
  'system_instruction',
  'instructions',
] as const;
const itemMembers = ['messages', 'contents', 'input'] as const;
const wanted: ReadonlySet<string> = new Set([...headMembers, ...itemMembers]);

/** Requests with fewer characters to a token hold text; more are images and sound, whose bytes tell nothing. */
const mostCharactersPerToken = 10;

/**
 * Finds the prompt in a request's JSON text (of any chat API), without parsing it. Null where there is
 * none, or where its bytes do not tell where its tokens are: inline images, sound and documents.
 *
 * @param inputTokens what the provider counted, cached or not.
 */
export function findPrompt(json: JsonSource, inputTokens: number): FoundPrompt | null {
  const members = scanJsonObject(json, wanted)?.values ?? new Map<string, ValueRange>();
  const list = itemMembers.map((name) => members.get(name)).find((range) => range !== undefined);
  if (list === undefined) return null;
  const listed = itemRanges(json, list);
  // A prompt that is one text is one message.
  const items = listed.length === 0 ? [list] : listed;
  const headItems = Math.min(items.length, instructionCount(json, items) + 1);
  const head = headMembers.flatMap((name) => members.get(name) ?? []);
  const [first, last] = [items[0]!, items.at(-1)!];
  const length = [...head, { start: first.start, end: last.end }].reduce(
    (sum, { start, end }) => sum + end - start,
    0,
  );
  if (inputTokens <= 0 || length > inputTokens * mostCharactersPerToken) return null;
  return {
    head,
    items,
    headItems,
    length: Math.max(1, length - items.length * frameCharacters),
  };
}

/** Messages at the beginning that instruct (OpenAI's way: `system`, `developer`). */
function instructionCount(json: JsonSource, items: readonly ValueRange[]): number {
  const other = items.findIndex(({ start, end }) => {
    const edges =
      json.textOf(start, Math.min(end, start + 64)) + json.textOf(Math.max(start, end - 64), end);
    return !/"role"\s*:\s*"(system|developer)"/.test(edges);
  });
  return other < 0 ? 0 : other;
}

/**
 * Fingerprints a prompt up to its boundaries: each part of the head, and some of the messages
 * (`keptBoundaries`). Cache markers are left out, because they move while the prompt stays the same.
 *
 * @param follows asked when the head has been read, with its fingerprint: for how many conversations this
 *   one stands (1: all are followed), or 0 to leave out what is behind the head.
 */
export function readPrefixes(
  json: PromptJson,
  prompt: FoundPrompt,
  inputTokens: number,
  hash: PrefixHash,
  follows: (head: string) => number = () => 1,
): PromptPrefixes {
  const { head, items, headItems, length } = prompt;
  const prefixes: PromptPrefixes = { keys: [], tokens: [], head: 0 };
  const parts = new WithoutMarkers(json, hash);
  let read = 0;
  let fingerprint = '';
  const mark = (isKept = false) => {
    fingerprint = hash.mark();
    const tokens = Math.round((read / length) * inputTokens);
    if (tokens < leastMarkedTokens && !isKept) return;
    prefixes.keys.push(fingerprint);
    prefixes.tokens.push(Math.min(tokens, inputTokens));
  };
  const take = ({ start, end }: ValueRange, messages = 0) => {
    read += Math.max(0, end - start - messages * frameCharacters);
    parts.update({ start, end });
  };
  for (const range of head) {
    take(range);
    mark();
  }
  let from = items[0]!.start;
  for (let item = 0; item < headItems; item++) {
    take({ start: from, end: items[item]!.end }, 1);
    from = items[item]!.end;
    // The end of the head tells conversations apart, however short it is.
    mark(item === headItems - 1);
  }
  prefixes.head = prefixes.keys.length;
  const standsFor = follows(fingerprint);
  if (standsFor !== 1) prefixes.calls = standsFor;
  if (standsFor > 0) {
    let taken = headItems;
    for (const item of keptBoundaries(items.length)) {
      if (item < headItems) continue;
      take({ start: from, end: items[item]!.end }, item + 1 - taken);
      from = items[item]!.end;
      taken = item + 1;
      mark();
    }
  }
  return prefixes;
}

/** What marks a part of a prompt for caching, as a member's name. */
export const cacheMarker = '"cache_control"';

/**
 * Leaves cache markers out of what is hashed. `"cache_control"` inside of a text would have escaped quotes, so
 * what is found is a member's name.
 */
class WithoutMarkers {
  readonly #json: PromptJson;
  readonly #hash: PrefixHash;
  /** Where the next marker stands; -1 where there is none any more. Searched for once. */
  #next: number | null = null;

  constructor(json: PromptJson, hash: PrefixHash) {
    this.#json = json;
    this.#hash = hash;
  }

  update({ start, end }: ValueRange): void {
    const json = this.#json;
    let from = start;
    for (;;) {
      if (this.#next === null || (this.#next >= 0 && this.#next < from)) {
        this.#next = json.markerFrom(from);
      }
      const at = this.#next;
      if (at < 0 || at >= end) break;
      const member = memberAround(json, at, end);
      if (member === null) break;
      this.#hash.update(from, member.start);
      from = member.end;
    }
    this.#hash.update(from, end);
  }
}

/** A member with the comma that belongs to it: the one before it or, where it is the first, the one behind. */
function memberAround(json: JsonSource, at: number, end: number): ValueRange | null {
  const colon = skipSpace(json, at + cacheMarker.length);
  if (json.codeAt(colon) !== 0x3a) return null;
  const valueEnd = skipValue(json, skipSpace(json, colon + 1));
  if (valueEnd < 0 || valueEnd > end) return null;
  let before = at - 1;
  while (before >= 0 && json.codeAt(before)! <= 0x20) before--;
  if (json.codeAt(before) === 0x2c) return { start: before, end: valueEnd };
  const behind = skipSpace(json, valueEnd);
  const isFollowed = json.codeAt(behind) === 0x2c;
  return { start: at, end: isFollowed ? skipSpace(json, behind + 1) : valueEnd };
}
