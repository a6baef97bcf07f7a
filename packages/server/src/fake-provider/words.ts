import type { Random } from './random.js';

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
 * Text of exactly `count` tokens, one token a piece; joined they read as sentences. A piece is a
 * word with the space before it and the punctuation after it, as byte-pair tokens look.
 */
export function writeText(random: Random, count: number): string[] {
  const pieces: string[] = [];
  let sentenceLeft = 0;
  for (let index = 0; index < count; index++) {
    const begins = sentenceLeft === 0;
    if (begins) sentenceLeft = random.integer(6, 18);
    const word = random.pick(vocabulary);
    sentenceLeft--;
    const ends = sentenceLeft === 0 || index === count - 1;
    const mark = ends ? '.' : random.chance(0.06) ? ',' : '';
    const space = index === 0 ? '' : begins && random.chance(0.2) ? '\n\n' : ' ';
    pieces.push(space + (begins ? capitalise(word) : word) + mark);
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
