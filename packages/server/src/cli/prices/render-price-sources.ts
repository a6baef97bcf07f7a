import type { PriceSourceStatus } from '@farthing/core';
import { displayCount } from '../output/display.js';
import { printable } from '../output/table.js';

/** One source of prices in a line: what it is, what of it is in use, what is wrong. */
export function sourceLine(source: PriceSourceStatus): string {
  const { kind, state, problem, problem_since } = source;
  const wrong =
    problem === null
      ? ''
      : `: ${problem.replaceAll(/\n(- )?/g, ' ')} (since ${problem_since ?? ''})`;
  return printable(
    `${state.padEnd(6)}  ${kind.padEnd(7)}  ${placeOf(source)}${inUse(source)}${wrong}`,
  );
}

/** What is built in has no place, and neither has the base while it was never refreshed. */
function placeOf({ kind, name, loaded_at, problem }: PriceSourceStatus): string {
  const builtIn = kind === 'overlay' || kind === 'config' || (loaded_at ?? problem) === null;
  return builtIn && kind !== 'own' ? '' : `${name}  `;
}

function inUse({ book, name, rows, loaded_at, problem }: PriceSourceStatus): string {
  if (book === null) return problem === null ? 'no rows yet' : 'nothing of it is in use';
  const count = `${displayCount(rows)} ${rows === 1 ? 'row' : 'rows'}`;
  const edition = book === name && loaded_at !== null ? '' : ` of ${book}`;
  return `${count}${edition}${loaded_at === null ? '' : `, read ${loaded_at}`}`;
}
