import { expect, test } from 'vitest';
import { sparkline } from './sparkline.js';

test('figures become blocks, and what is not there a blank', () => {
  expect(sparkline([0, 1, 4, 8, null, 100], 8)).toBe('▁▂▅█ █');
});

test('of nothing it is flat', () => {
  expect(sparkline([0, 0, Number.NaN], 0)).toBe('▁▁▁');
});
