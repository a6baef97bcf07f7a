import { expect, it } from 'vitest';
import { bookedLine } from './booked.js';

it.each([
  [{ calls: 12, adjustments: 18 }, '12 calls and 18 adjustments booked'],
  [{ calls: 1, adjustments: 1 }, '1 call and 1 adjustment booked'],
  [{ calls: 7280, adjustments: 0 }, '7,280 calls booked'],
  [undefined, '0 calls booked'],
])('counts calls apart from adjustments: %j', (totals, line) => {
  expect(bookedLine(totals)).toBe(line);
});
