import type { Fields } from '../../usage/fields.js';
import { cutLongestText } from './cut-text.js';
import { readConversation, type Speaker } from './conversation.js';

export interface Truncation {
  /** The body with fewer items or a shorter text; the one that was given is not changed. */
  body: Fields;
  droppedItems: number;
  /** Set when leaving out was not enough and a text was cut. */
  cutCharacters: number;
}

/**
 * Shortens the history of a request by at least `characters` characters of JSON: the oldest turns go
 * first, then the oldest steps of the last turn, and in the end the longest text is cut. System
 * prompts, tools and the last user message stay, and an answer of a tool never stands without the
 * call it answers. Null when the body holds no conversation, or when even that does not suffice.
 */
export function truncateHistory(api: string, body: unknown, characters: number): Truncation | null {
  const conversation = readConversation(api, body);
  if (conversation === null) return null;
  const { field, items, speakers } = conversation;
  const sizes = items.map((item) => JSON.stringify(item).length + 1);
  const kept = items.map(() => true);
  let left = characters;
  for (const group of droppable(speakers)) {
    if (left <= 0) break;
    for (const index of group) {
      kept[index] = false;
      left -= sizes[index]!;
    }
  }
  let remaining: Fields[] = items.filter((_, index) => kept[index]);
  let cutCharacters = 0;
  if (left > 0) {
    const cuttable = speakers
      .filter((_, index) => kept[index])
      .map((speaker) => speaker !== 'system');
    const cut = cutLongestText(remaining, cuttable, left);
    if (cut === null) return null;
    remaining = cut;
    cutCharacters = left;
  }
  return {
    body: { ...(body as Fields), [field]: remaining },
    droppedItems: items.length - remaining.length,
    cutCharacters,
  };
}

/**
 * Groups of items that may go, in the order in which they go. A turn is a user message with all that
 * follows it up to the next one; a step is what the model said with the answers of its tools.
 */
function droppable(speakers: readonly Speaker[]): number[][] {
  const starts: number[] = [];
  speakers.forEach((speaker, index) => {
    // Several user messages in a row belong together.
    if (speaker === 'user' && speakers[index - 1] !== 'user') starts.push(index);
  });
  const lastTurn = starts.at(-1);
  if (lastTurn === undefined) return [];
  const spoken = (from: number, to: number) =>
    range(from, to).filter((index) => speakers[index] !== 'system');
  // What comes before the first user message (a greeting, a summary) is the oldest of all.
  const groups = [spoken(0, starts[0]!)];
  starts.slice(0, -1).forEach((start, turn) => groups.push(spoken(start, starts[turn + 1]!)));
  return [...groups, ...stepsAfter(lastTurn, speakers).slice(0, -1)].filter(
    ({ length }) => length > 0,
  );
}

/** The steps of the last turn; the newest is what the model works on and is not among the droppable. */
function stepsAfter(start: number, speakers: readonly Speaker[]): number[][] {
  const steps: number[][] = [];
  for (let index = start; index < speakers.length; index++) {
    const speaker = speakers[index];
    if (speaker === 'assistant') {
      // Reasoning, calls and text that follow one another are one step, up to the tools' answers.
      if (speakers[index - 1] === 'assistant' && steps.length > 0) steps.at(-1)!.push(index);
      else steps.push([index]);
    } else if (speaker === 'tool' && steps.length > 0) steps.at(-1)!.push(index);
  }
  return steps;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
