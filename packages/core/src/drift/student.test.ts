import { describe, expect, test } from 'vitest';
import { studentQuantile } from './student.js';

describe('Student’s t at 99.95 %', () => {
  // Tables of the t distribution, one-sided 0.9995.
  test.each([
    [5, 6.869],
    [6, 5.959],
    [8, 5.041],
    [10, 4.587],
    [20, 3.85],
    [60, 3.46],
    [1e9, 3.2905],
  ])('is within 1 %% of the tables for %d degrees of freedom', (degrees, table) => {
    expect(Math.abs(studentQuantile(degrees) / table - 1)).toBeLessThan(0.01);
  });

  test('proves nothing below five degrees', () => {
    expect(studentQuantile(4.9)).toBe(Number.POSITIVE_INFINITY);
  });
});
