import type { Random } from './random.js';
import { tokenLength } from './tokens.js';

/** Words of a plausible business answer. They mean nothing; they look right in a terminal. */
const vocabulary = (
  'the the the the a a an of of to to in in for and and is are be this that with your our you we it ' +
  'on as by from at or if when then before after each every more most other new last next first ' +
  'customer order invoice account request team report change date amount total payment service ' +
  'product support delivery address contract policy question answer summary update version issue ' +
  'record field value document page section result review approval schedule region market quarter ' +
  'please check confirm review send open close keep move follow include update create remove ' +
  'should would can will may must shows means needs contains depends returns covers matches ' +
  'available correct missing possible recent similar simple specific complete important likely ' +
  'usually clearly directly already currently together instead however therefore because while'
).split(' ');

/**
 * Text of exactly `count` tokens as `countTokens` counts them, one token a piece: the beginning of a
 * word with the space before it, the rest of a long word, or a punctuation mark. Joined, the pieces
 * read as sentences.
 */
export function writeText(random: Random, count: number): string[] {
  const pieces: string[] = [];
  let wordsLeft = 0;
  while (pieces.length < count) {
    const tokensLeft = count - pieces.length;
    if (pieces.length > 0 && (wordsLeft === 0 || tokensLeft === 1)) {
      pieces.push('.');
      wordsLeft = 0;
    }
    if (pieces.length === count) break;
    const begins = wordsLeft === 0;
    if (begins) wordsLeft = random.integer(6, 18);
    const paragraph = begins && random.chance(0.2);
    const space = pieces.length === 0 ? '' : paragraph ? '\n\n' : ' ';
    const drawn = random.pick(vocabulary);
    // A long word must leave room for the full stop.
    const word = drawn.length > tokenLength && tokensLeft < 4 ? 'so' : drawn;
    const text = begins ? capitalise(word) : word;
    pieces.push(space + text.slice(0, tokenLength));
    if (text.length > tokenLength) pieces.push(text.slice(tokenLength));
    wordsLeft--;
    if (wordsLeft > 2 && count - pieces.length > 4 && random.chance(0.06)) pieces.push(',');
  }
  return pieces;
}

/** Cuts ready text (a tool call's arguments, a JSON answer) into pieces of a token's size. */
export function cutText(random: Random, text: string): string[] {
  const pieces: string[] = [];
  for (let index = 0; index < text.length;) {
    const length = random.integer(2, 6);
    pieces.push(text.slice(index, index + length));
    index += length;
  }
  return pieces;
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
