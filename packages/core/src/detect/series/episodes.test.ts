import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Episodes } from './episodes.js';

it('tells what is strange when it begins and when it becomes worse', () => {
  const episodes = new Episodes();
  expect([1, 5, 5, 4, 6, 2, 6].map((score) => episodes.add(score))).toEqual([1, 5, 0, 0, 6, 0, 0]);
});

it('after an episode the same is news again', () => {
  const episodes = new Episodes();
  episodes.add(9);
  for (let index = 0; index < 99; index++) expect(episodes.add(1)).toBe(0);
  expect(episodes.add(9)).toBe(9);
});

it('an episode is a tenth of what is known', () => {
  const episodes = new Episodes();
  for (let index = 0; index < 5_000; index++) episodes.add(0);
  episodes.add(9);
  for (let index = 0; index < 400; index++) episodes.add(1);
  expect(episodes.add(9)).toBe(0);
});

it('lets through exactly what exceeds all scores of its episode, also across a restart', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 400 });
  fc.assert(
    fc.property(scores, fc.nat({ max: 400 }), (all, restart) => {
      let episodes = new Episodes();
      for (const [index, score] of all.entries()) {
        if (index === restart) episodes = new Episodes(JSON.parse(JSON.stringify(episodes)));
        const told = episodes.add(score);
        const before = all.slice(Math.max(0, index - 99), index);
        expect(told).toBe(before.every((other) => other < score) ? score : 0);
      }
    }),
  );
});
