/** A line longer than this is no record but a file of another kind. */
const longestLine = 64 * 1024 * 1024;

export interface InputLine {
  /** Null when the line is longer than a record can be. */
  text: string | null;
  /** Counted from 1. */
  number: number;
}

/**
 * Splits a byte stream into lines, without keeping more than the current one. Blank lines are counted
 * and left out; a byte order mark and `\r` at line ends are dropped.
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<InputLine> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let number = 0;
  let overlong = false;
  for await (const chunk of input) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', start)) {
      number += 1;
      const text = rest.slice(start, rest.charCodeAt(end - 1) === 13 ? end - 1 : end);
      start = end + 1;
      if (overlong) yield { text: null, number };
      else if (text.trim() !== '') yield { text, number };
      overlong = false;
    }
    rest = rest.slice(start);
    if (rest.length > longestLine) {
      rest = '';
      overlong = true;
    }
  }
  rest += decoder.decode();
  if (overlong) yield { text: null, number: number + 1 };
  else if (rest.trim() !== '') yield { text: rest, number: number + 1 };
}
