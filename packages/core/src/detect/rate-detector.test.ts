import { describe, expect, it } from 'vitest';
import { RateDetector } from './rate-detector.js';
import { day, minute, start, uniforms } from '../../test-support/call-stream.js';

function experienced(share: number): { detector: RateDetector; next: () => number } {
  const detector = new RateDetector();
  const next = uniforms(11);
  for (let today = 0; today < 14; today++) {
    for (let call = 0; call < 200; call++) detector.observe(next() < share, start, true);
    detector.endDay(false);
  }
  return { detector, next };
}

function callsUntilFound(detector: RateDetector, hit: () => boolean, most: number): number | null {
  for (let call = 1; call <= most; call++) {
    if (detector.observe(hit(), start + 14 * day + call * minute) !== null) return call;
  }
  return null;
}

describe('a rate that rises', () => {
  it('is found in some calls', () => {
    const { detector } = experienced(0.01);
    expect(callsUntilFound(detector, () => true, 100)).toBeLessThanOrEqual(5);
  });

  it('is not found in a year of the usual', () => {
    const { detector, next } = experienced(0.02);
    expect(callsUntilFound(detector, () => next() < 0.02, 60_000)).toBeNull();
  });

  it('says what was usual, and since when it is not', () => {
    const { detector } = experienced(0);
    for (let call = 0; call < 3; call++) detector.observe(false, start);
    let found = null;
    for (let call = 0; found === null; call++) found = detector.observe(true, start + call);
    expect(found).toMatchObject({ since: start, usual: 0.01 });
  });

  it('cannot rise where it is nearly always so, and is not judged before there is a usual', () => {
    const { detector } = experienced(1);
    expect(callsUntilFound(detector, () => true, 1_000)).toBeNull();
    expect(callsUntilFound(new RateDetector(), () => true, 1_000)).toBeNull();
  });

  it('of a day set apart does not become usual', () => {
    const { detector } = experienced(0.01);
    const before = detector.toJSON();
    for (let call = 0; call < 500; call++) detector.observe(true, start, false);
    detector.endDay(true);
    expect(detector.toJSON()).toEqual(before);
  });
});
