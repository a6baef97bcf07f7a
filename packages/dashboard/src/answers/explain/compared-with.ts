import type { Window } from '@farthing/core';
import { previousWindow, windowOf, type WindowChoice } from '../../view/window.js';

/** What a window can be compared with beside the one right before it. */
export const comparedWith = ['previous', 'week', 'four_weeks'] as const;
export type ComparedWith = (typeof comparedWith)[number];

const week = 7 * 86_400_000;

/** The window to compare with, as the overview compares: an unfinished one with the same part before. */
export function earlierWindow(choice: WindowChoice, against: ComparedWith, now: number): Window {
  if (against === 'previous') return previousWindow(choice, now);
  const back = against === 'week' ? week : 4 * week;
  const { from, to } = windowOf(choice, now);
  const earlier = (time: string) => new Date(Date.parse(time) - back).toISOString();
  return { from: earlier(from), to: earlier(to) };
}
