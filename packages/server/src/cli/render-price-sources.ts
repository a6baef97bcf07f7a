import type { PriceSourceStatus } from '@farthing/core';
import { displayCount } from './display.js';
import { printable } from './table.js';

/** One source of prices in a line: what it is, what of it is in use, what is wrong. */
export function sourceLine(source: PriceSourceStatus): string {
  const { kind, name, book, state, rows, problem, problem_since, loaded_at } = source;
  const inUse =
    book === null
      ? problem === null
        ? 'no rows yet'
        : 'nothing of it is in use'
      : `${displayCount(rows)} rows${book === name ? '' : ` of ${book}`}${loaded_at === null ? '' : `, read ${loaded_at}`}`;
  const wrong =
    problem === null
      ? ''
      : `: ${problem.replaceAll(/\n(- )?/g, ' ')} (since ${problem_since ?? ''})`;
  const where = kind === 'overlay' || kind === 'config' ? '' : ` ${name}`;
  return printable(`${state.padEnd(6)}  ${kind}${where}  ${inUse}${wrong}`);
}
