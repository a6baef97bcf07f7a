import type { PriceSourceStatus } from '@farthing/core';
import type { DoctorFacts, Finding } from './diagnose.js';

/** Judges where prices come from: a source with a problem is one, however well the last good prices do. */
export function* diagnosePrices({ prices }: DoctorFacts): Generator<Finding> {
  if (prices === null) return;
  if (prices.problem !== null) {
    yield {
      severity: 'problem',
      code: 'price_book_unchanged',
      message: prices.problem,
      fix: 'The price book before the last change stays in use.',
    };
  }
  for (const source of prices.sources) {
    if (source.problem !== null) yield ofProblem(source, source.problem);
    for (const note of source.notes) {
      yield {
        severity: 'notice',
        code: 'price_source_note',
        message: `Prices of ${source.name}: ${note}.`,
        fix: 'Nothing has to be done where that is meant.',
      };
    }
  }
}

function ofProblem(source: PriceSourceStatus, problem: string): Finding {
  const { name, state, book, loaded_at, acceptable } = source;
  const sentence = problem.replaceAll(/\n(- )?/g, ' ');
  const message = `Prices of ${name}: ${sentence}${/[.?]$/.test(sentence) ? '' : '.'}`;
  if (state === 'failed') {
    return {
      severity: 'problem',
      code: 'price_source_failed',
      message,
      fix: 'Nothing of it is in use: calls are priced without it. Correct it (it is read again by itself), then "farthing reprice" books what that changes.',
    };
  }
  return {
    severity: 'problem',
    code: 'price_source_stale',
    message,
    fix: `The last good prices (${book ?? name}${loaded_at === null ? '' : `, read ${loaded_at}`}) stay in use. ${acceptable ? 'Accept the new ones, or correct them' : 'Correct it'}: it is read again by itself.`,
  };
}
