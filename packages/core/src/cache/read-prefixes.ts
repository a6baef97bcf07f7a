import { keptBoundaries } from './kept-boundaries.js';
import { endOfValue, itemRanges, memberRanges, skipSpace, type Range } from './json-ranges.js';
import { leastMarkedTokens, type PromptPrefixes } from './prompt-prefixes.js';

/** A keyed hash of a growing text; `mark` is the fingerprint of the text so far. */
export interface PrefixHash {
  update(text: string): void;
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
    updateWithoutMarkers(hash, text, start, end);
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

/** `"cache_control"` inside of a text would have escaped quotes, so what is found is a member's name. */
function updateWithoutMarkers(hash: PrefixHash, text: string, start: number, end: number): void {
  let from = start;
  for (;;) {
    const at = text.indexOf(marker, from);
    if (at < 0 || at >= end) break;
    const colon = skipSpace(text, at + marker.length);
    const valueEnd =
      text.charCodeAt(colon) === 0x3a ? endOfValue(text, skipSpace(text, colon + 1)) : -1;
    if (valueEnd < 0 || valueEnd > end) break;
    const before = lastBefore(text, at);
    // A comma belongs to the member: the one before it, or, where it is the first, the one behind it.
    if (text.charCodeAt(before) === 0x2c) {
      hash.update(text.slice(from, before));
      from = valueEnd;
    } else {
      hash.update(text.slice(from, at));
      const behind = skipSpace(text, valueEnd);
      from = text.charCodeAt(behind) === 0x2c ? skipSpace(text, behind + 1) : valueEnd;
    }
  }
  hash.update(text.slice(from, end));
}

/** The last character before `at` that is no white space. */
function lastBefore(text: string, at: number): number {
  let before = at - 1;
  while (before >= 0 && text.charCodeAt(before) <= 0x20) before--;
  return before;
}
