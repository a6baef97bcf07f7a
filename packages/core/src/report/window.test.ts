import { describe, expect, test } from 'vitest';
import { FarthingError } from '../errors.js';
import { parseMoment, parseWindow } from './window.js';

const now = new Date('2026-03-15T14:30:00.000Z');

describe('the ends of a window', () => {
  test.each([
    ['90m', '2026-03-15T13:00:00.000Z'],
    ['24h', '2026-03-14T14:30:00.000Z'],
    ['7d', '2026-03-08T14:30:00.000Z'],
    ['4w', '2026-02-15T14:30:00.000Z'],
    ['today', '2026-03-15T00:00:00.000Z'],
    ['yesterday', '2026-03-14T00:00:00.000Z'],
    ['month', '2026-03-01T00:00:00.000Z'],
    ['now', '2026-03-15T14:30:00.000Z'],
    ['2026-02', '2026-02-01T00:00:00.000Z'],
    ['2026-02-03', '2026-02-03T00:00:00.000Z'],
    ['2026-02-03T04:05Z', '2026-02-03T04:05:00.000Z'],
    ['2026-02-03T04:05:06', '2026-02-03T04:05:06.000Z'],
    ['2026-02-03T04:05:06+02:00', '2026-02-03T02:05:06.000Z'],
  ])('%s means %s', (text, moment) => {
    expect(parseMoment(text, now)).toBe(moment);
  });

  test.each(['', '7', 'd7', 'yesterweek', '2026-02-30', '2026-13-01', '15/03/2026', '9999999d'])(
    '"%s" is refused with what would be right',
    (text) => {
      expect(() => parseMoment(text, now)).toThrow(/Use 1h, 24h, 7d/);
    },
  );
});

describe('a window', () => {
  test('ends now when only its beginning is given', () => {
    expect(parseWindow({ since: '1h' }, now)).toEqual({
      from: '2026-03-15T13:30:00.000Z',
      to: '2026-03-15T14:30:00.000Z',
    });
  });

  test('is everything when neither end is given', () => {
    expect(parseWindow({}, now)).toBeUndefined();
  });

  test('with its ends the wrong way round is an error, not an empty report', () => {
    const build = () => parseWindow({ since: '1h', until: '2d' }, now);
    expect(build).toThrow(FarthingError);
    expect(build).toThrow(/must be before/);
  });
});
