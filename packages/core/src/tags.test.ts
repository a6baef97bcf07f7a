import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBaggage, parseTagList, TagCollector, tagLimits } from './tags.js';

function collect(...pairs: [string, string][]): TagCollector {
  const collector = new TagCollector();
  for (const [name, value] of pairs) collector.set(name, value);
  return collector;
}

describe('collecting tags', () => {
  test('known names become tags, others custom tags; case and hyphens do not matter', () => {
    const { tags } = collect(
      ['Template-Version', 'v7'],
      ['FEATURE', 'search'],
      ['Cost-Centre', '42'],
    );
    expect(tags).toEqual({
      template_version: 'v7',
      feature: 'search',
      custom: { cost_centre: '42' },
    });
  });

  test('the later source wins, tag by tag', () => {
    const { tags } = collect(
      ['feature', 'a'],
      ['user', 'u'],
      ['feature', 'b'],
      ['x', '1'],
      ['x', '2'],
    );
    expect(tags).toEqual({ feature: 'b', user: 'u', custom: { x: '2' } });
  });

  test('empty values are no tags, and do not erase one', () => {
    expect(collect(['feature', 'a'], ['feature', '  ']).tags).toEqual({ feature: 'a' });
  });

  test('a control character of any kind is a space: also those above ASCII, alone in a value', () => {
    for (const control of ['\u0000', '\n', '\u007f', '\u0080', '\u0085', '\u009f']) {
      expect(collect(['feature', `a${control}b`]).tags).toEqual({ feature: 'a b' });
      expect(collect(['feature', control]).tags).toEqual({});
    }
  });

  test('values over the limit are cut and the caller is told', () => {
    const collector = collect(['feature', 'x'.repeat(300)]);
    expect(collector.tags.feature).toHaveLength(tagLimits.valueLength);
    expect(collector.problems).toEqual(['tag "feature" cut to 256 of its 300 characters']);
  });

  test('custom tags over the limit are left out and the caller is told', () => {
    const collector = new TagCollector();
    for (let index = 0; index <= tagLimits.customTags; index++) collector.set(`k${index}`, 'v');
    expect(Object.keys(collector.tags.custom ?? {})).toHaveLength(tagLimits.customTags);
    expect(collector.problems).toHaveLength(1);
  });

  test('a hostile key is data or left out, never a prototype', () => {
    const collector = collect(['__proto__', 'x'], ['constructor', 'y']);
    expect(Object.getPrototypeOf(collector.tags.custom)).toBe(Object.prototype);
    expect(collector.tags.custom?.['constructor']).toBe('y');
  });

  test('whatever comes in, what comes out is within the limits and free of control characters', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string({ unit: 'binary' }))), (pairs) => {
        const { tags } = collect(...pairs);
        const values = [
          ...Object.values({ ...tags, custom: '' }),
          ...Object.values(tags.custom ?? {}),
        ];
        for (const value of values) {
          expect(value.length).toBeLessThanOrEqual(tagLimits.valueLength);
          expect(value).not.toMatch(/\p{Cc}/u);
        }
      }),
    );
  });
});

describe('tag lists', () => {
  test('are comma-separated pairs with percent-encoded values', () => {
    expect(parseTagList('team=search, note=a%2Cb,broken,=x,k=%zz')).toEqual([
      ['team', 'search'],
      ['note', 'a,b'],
      ['k', '%zz'],
    ]);
  });
});

describe('baggage', () => {
  test('gives only tags, farthing.* and allowed keys; properties are ignored', () => {
    const header = 'feature=search;p=1, userEmail=me%40example.com , farthing.team=core,ab=1';
    expect(parseBaggage(header)).toEqual([
      ['feature', 'search'],
      ['team', 'core'],
    ]);
    expect(parseBaggage(header, new Set(['ab']))).toContainEqual(['ab', '1']);
  });
});
