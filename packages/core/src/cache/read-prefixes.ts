import { keptBoundaries } from './kept-boundaries.js';
import { endOfValue, itemRanges, memberRanges, skipSpace, type Range } from './json-ranges.js';
import { leastMarkedTokens, type PromptPrefixes } from './prompt-prefixes.js';

/** A keyed hash of parts of a request's text; `mark` is the fingerprint of the parts so far. */
export interface PrefixHash {
  /** Takes the characters from `start` to before `end`. */
  update(start: number, end: number): void;
  mark(): string;
}

/** A prompt found in a request's text: its head and what may follow, nothing read yet. */
export interface FoundPrompt {
  /** Tools, instructions, and the first messages up to one that is no instruction. */
  head: readonly Range[];
  items: readonly Range[];
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
export function findPrompt(text: string, inputTokens: number): FoundPrompt | null {
  const members = memberRanges(text, wanted);
  const list = itemMembers.map((name) => members.get(name)).find((range) => range !== undefined);
  if (list === undefined) return null;
  const listed = itemRanges(text, list);
  // A prompt that is one text is one message.
  const items = listed.length === 0 ? [list] : listed;
  const headItems = Math.min(items.length, instructionCount(text, items) + 1);
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
function instructionCount(text: string, items: readonly Range[]): number {
  const other = items.findIndex(({ start, end }) => {
    const edges =
      text.slice(start, Math.min(end, start + 64)) + text.slice(Math.max(start, end - 64), end);
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
  text: string,
  prompt: FoundPrompt,
  inputTokens: number,
  hash: PrefixHash,
  follows: (head: string) => number = () => 1,
): PromptPrefixes {
  const { head, items, headItems, length } = prompt;
  const prefixes: PromptPrefixes = { keys: [], tokens: [], head: 0 };
  const parts = new WithoutMarkers(text, hash);
  let read = 0;
  let fingerprint = '';
  const mark = (isKept = false) => {
    fingerprint = hash.mark();
    const tokens = Math.round((read / length) * inputTokens);
    if (tokens < leastMarkedTokens && !isKept) return;
    prefixes.keys.push(fingerprint);
    prefixes.tokens.push(Math.min(tokens, inputTokens));
  };
  const take = ({ start, end }: Range, messages = 0) => {
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

const marker = '"cache_control"';

/**
 * Leaves cache markers out of what is hashed. `"cache_control"` inside of a text would have escaped quotes, so
 * what is found is a member's name.
 */
class WithoutMarkers {
  readonly #text: string;
  readonly #hash: PrefixHash;
  /** Where the next marker stands; -1 where there is none any more. Searched for once. */
  #next: number | null = null;

  constructor(text: string, hash: PrefixHash) {
    this.#text = text;
    this.#hash = hash;
  }

  update({ start, end }: Range): void {
    const text = this.#text;
    let from = start;
    for (;;) {
      if (this.#next === null || (this.#next >= 0 && this.#next < from)) {
        this.#next = text.indexOf(marker, from);
      }
      const at = this.#next;
      if (at < 0 || at >= end) break;
      const member = memberAround(text, at, end);
      if (member === null) break;
      this.#hash.update(from, member.start);
      from = member.end;
    }
    this.#hash.update(from, end);
  }
}

/** A member with the comma that belongs to it: the one before it or, where it is the first, the one behind. */
function memberAround(text: string, at: number, end: number): Range | null {
  const colon = skipSpace(text, at + marker.length);
  if (text.charCodeAt(colon) !== 0x3a) return null;
  const valueEnd = endOfValue(text, skipSpace(text, colon + 1));
  if (valueEnd < 0 || valueEnd > end) return null;
  let before = at - 1;
  while (before >= 0 && text.charCodeAt(before) <= 0x20) before--;
  if (text.charCodeAt(before) === 0x2c) return { start: before, end: valueEnd };
  const behind = skipSpace(text, valueEnd);
  const isFollowed = text.charCodeAt(behind) === 0x2c;
  return { start: at, end: isFollowed ? skipSpace(text, behind + 1) : valueEnd };
}
