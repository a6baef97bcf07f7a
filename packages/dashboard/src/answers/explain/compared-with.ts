import type { Window } from '@farthing/core';
import { previousWindow, windowOf, type WindowChoice } from '../../view/window.js';

/** What a window can be compared with beside the one right before it. */
export const comparedWith = ['previous', 'week', 'four_weeks'] as const;
export type ComparedWith = (typeof comparedWith)[number];

const week = 7 * 86_400_000;

/**
 * The window to compare with. The one before is as long and ends where this one begins: only windows that
 * follow each other let a cause be dated. A month is compared with the same part of the month before it.
 */
export function earlierWindow(choice: WindowChoice, against: ComparedWith, now: number): Window {
  const { from, to } = windowOf(choice, now);
  if (against === 'previous') {
    if (choice.kind === 'preset' && choice.preset === 'month') return previousWindow(choice, now);
    const start = Date.parse(from);
    return { from: new Date(2 * start - Date.parse(to)).toISOString(), to: from };
  }
  const back = against === 'week' ? week : 4 * week;
  const earlier = (time: string) => new Date(Date.parse(time) - back).toISOString();
  return { from: earlier(from), to: earlier(to) };
}
