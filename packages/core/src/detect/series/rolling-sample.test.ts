import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RollingSample } from './rolling-sample.js';

const values = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 400 });

it('holds the last values, by time and by size, as a plain list would', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 150 }), (all, most) => {
      const sample = new RollingSample(most);
      for (const value of all) sample.add(value);
      const kept = all.slice(-most);
      expect(sample.toJSON()).toEqual(kept);
      const sorted = kept.toSorted((a, b) => a - b);
      expect(Array.from({ length: sample.size }, (_, rank) => sample.at(rank))).toEqual(sorted);
      expect(sample.below(3)).toBe(kept.filter((value) => value < 3).length);
      expect(sample.notAbove(3)).toBe(kept.filter((value) => value <= 3).length);
    }),
  );
});

it('goes on from what it was kept as', () => {
  fc.assert(
    fc.property(values, values, (before, after) => {
      const whole = new RollingSample(100);
      for (const value of before) whole.add(value);
      const restored = new RollingSample(100, whole.toJSON());
      for (const value of after) {
        whole.add(value);
        restored.add(value);
      }
      expect(restored.toJSON()).toEqual(whole.toJSON());
      if (whole.size > 0) expect(restored.at(0)).toBe(whole.at(0));
    }),
  );
});
