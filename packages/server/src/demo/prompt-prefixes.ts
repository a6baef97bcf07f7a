import { leastPromptTokens, type PromptPrefixes } from '@farthing/core';
import { Random } from '../fake-provider/random.js';
import type { DemoCall } from './draw-work.js';

const keyLength = 8;
const instructions = new Map<string, string>();

/**
 * How a past prompt begins, as the gateway would have kept it: the feature's instructions, the first message
 * and, in a run, the turns so far. Equal beginnings have equal keys. Null where it is too short for any cache.
 */
export function promptPrefixes(random: Random, call: DemoCall): PromptPrefixes | null {
  const { feature, tags, step, tokens } = call;
  const sent = tokens.input + tokens.cacheRead + tokens.cacheWrite5m;
  if (sent < leastPromptTokens || call.failure !== null) return null;
  const unlike = () => random.characters(keyLength);
  const { systemTokens } = feature;
  const head = Math.min(systemTokens, sent);
  if (feature.dated === true) {
    // What follows the time is the same each time, but no two prompts begin alike.
    return { keys: [unlike(), unlike()], tokens: [head, sent], head: 2, repeated: head };
  }
  const keys = [instructionsKey(`${feature.name} ${feature.template}`)];
  const ends = [head];
  const turnKey = (turn: number) =>
    tags.run === undefined
      ? unlike()
      : new Random(`prefix ${tags.run} ${turn}`).characters(keyLength);
  const turn = Math.round(feature.userTokens * 0.8);
  for (let earlier = 0; earlier < step; earlier++) {
    const end = systemTokens + (earlier + 1) * turn;
    if (end >= sent) break;
    keys.push(turnKey(earlier));
    ends.push(end);
  }
  keys.push(turnKey(step));
  ends.push(sent);
  return { keys, tokens: ends, head: Math.min(2, keys.length), repeated: 0 };
}

/** The key of instructions: kept, because they are sent thousands of times. */
function instructionsKey(text: string): string {
  let key = instructions.get(text);
  if (key === undefined) {
    key = new Random(`prefix ${text}`).characters(keyLength);
    instructions.set(text, key);
  }
  return key;
}
