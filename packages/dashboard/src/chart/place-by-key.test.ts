import { expect, test } from 'vitest';
import { placeByKey } from './place-by-key.js';

test('arrows go one further and stop at the edges; where none is chosen, they begin at one', () => {
  expect([placeByKey('ArrowRight', null, 9), placeByKey('ArrowLeft', null, 9)]).toEqual([0, 9]);
  expect([placeByKey('ArrowRight', 4, 9), placeByKey('ArrowLeft', 4, 9)]).toEqual([5, 3]);
  expect([placeByKey('ArrowRight', 9, 9), placeByKey('ArrowLeft', 0, 9)]).toEqual([9, 0]);
});

test('Home and End lead to the ends, and other keys nowhere', () => {
  expect([placeByKey('Home', 4, 9), placeByKey('End', 4, 9)]).toEqual([0, 9]);
  expect([placeByKey('Enter', 4, 9), placeByKey('toString', 4, 9)]).toEqual([undefined, undefined]);
});
