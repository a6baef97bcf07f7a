import type { Entry } from '@farthing/core';
import { callOf } from './answered-entries.js';

/** Sizes wander a little around what is usual, as those of real calls do, and always the same way. */
const wander = (index: number) => 0.8 + ((index * 37) % 41) / 100;

const call = (now: number, index: number, minutesAgo: number, template: string, output: number) =>
  callOf(
    {
      hoursAgo: minutesAgo / 60,
      feature: 'search',
      template,
      input: Math.round(1_000 * wander(index)),
      output: Math.round(output * wander(index + 17)),
    },
    now,
  );

/** Three days of `search` on its template v6: some 500 tokens in each answer, fifteen calls an hour. */
export const usualAnswers = (now: number): Entry[] =>
  Array.from({ length: 72 * 15 }, (_, index) =>
    call(now, index, 72 * 60 + 12 - index * 4, 'v6', 500),
  );

/** Its last ten minutes on v7, with three times that: more than the dollar a day from which on growth pages. */
export const longerAnswers = (now: number): Entry[] =>
  Array.from({ length: 40 }, (_, index) => call(now, index, 10 - index / 4, 'v7', 1_500));
