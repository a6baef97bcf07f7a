/**
 * Text that others wrote (tags, names of models) as one line that shows and does nothing: control
 * characters become blanks, marks that turn the direction of writing and halves of surrogate pairs go.
 * What is longer than `most` characters (UTF-16 units) is cut between characters, with `…` at its end.
 */
export function plainLine(text: string, most: number): string {
  return cut(
    text
      .replaceAll(/\p{Surrogate}/gu, '�')
      .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      .replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
      .trim(),
    most,
  );
}

/** The beginning of a text that, after `escape`, has no more than `most` characters. */
export function cut(
  text: string,
  most: number,
  escape: (character: string) => string = (character) => character,
): string {
  let result = '';
  let lastFit = 0;
  for (const character of text) {
    const next = result + escape(character);
    if (next.length > most) return `${result.slice(0, lastFit)}…`;
    result = next;
    if (result.length <= most - 1) lastFit = result.length;
  }
  return result;
}
