import type { Window } from './query.js';

/** The window of the same length that ends where this one begins. */
export function previousWindow({ from, to }: Window): Window {
  const start = Date.parse(from);
  return { from: new Date(2 * start - Date.parse(to)).toISOString(), to: from };
}
