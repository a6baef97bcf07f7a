import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverseNormal } from './normal.js';

describe('the standard normal quantile', () => {
  it('has the values of the tables', () => {
    const known: [number, number][] = [
      [0.5, 0],
      [0.8413447460685429, 1],
      [0.975, 1.959963984540054],
      [0.99, 2.326347874040841],
      [0.999, 3.090232306167813],
      [0.01, -2.326347874040841],
      [1e-6, -4.753424308822899],
      [1e-9, -5.997807015007687],
    ];
    for (const [p, z] of known) expect(inverseNormal(p)).toBeCloseTo(z, 7);
  });

  it('is infinite where there is nothing beyond', () => {
    expect(inverseNormal(0)).toBe(-Infinity);
    expect(inverseNormal(1)).toBe(Infinity);
  });

  it('rises, and is the same on both sides', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
        fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
        (p, q) => {
          expect(inverseNormal(p)).toBeCloseTo(-inverseNormal(1 - p), 6);
          if (p < q - 1e-8) expect(inverseNormal(p)).toBeLessThan(inverseNormal(q));
        },
      ),
    );
  });
});
