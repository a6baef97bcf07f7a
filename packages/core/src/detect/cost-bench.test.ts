import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { guardOutcomes, recordedFile, type Recorded } from '../../../../bench/detect/guard.js';

describe('CostBench', () => {
  it('finds in a part of its streams what is recorded of them, call by call', () => {
    const recorded = JSON.parse(readFileSync(recordedFile, 'utf8')) as Recorded;
    // Detectors that are meant to do otherwise are recorded anew: npm run bench:detect -- --record
    expect(guardOutcomes()).toEqual(recorded.guard);
  });
});
