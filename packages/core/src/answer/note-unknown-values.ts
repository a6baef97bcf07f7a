import { didYouMean } from '../suggest.js';
import type { AnswerBooks } from './answer-books.js';
import type { AnswerFrame } from './frame.js';

const mostValues = 1_000;

/**
 * Adds to the notes of an answer without calls which of the values that it was asked for no call of the
 * window has, and the nearest that one has. One query for each filter, and none where there are calls.
 */
export async function noteUnknownValues(
  books: Pick<AnswerBooks, 'query'>,
  { calls, window, filters, notes }: AnswerFrame,
): Promise<void> {
  if (calls > 0) return;
  for (const { dimension, op, values } of filters) {
    if (op !== 'in') continue;
    const { rows } = await books.query({
      measures: ['calls'],
      dimensions: [dimension],
      window,
      limit: mostValues,
    });
    const known = rows.flatMap((row) => (row[dimension] == null ? [] : [String(row[dimension])]));
    for (const value of values) {
      if (value === null || known.length === 0 || known.includes(value)) continue;
      notes.push(`No call of this window has ${dimension} "${value}".${didYouMean(value, known)}`);
    }
  }
}
