import fc from 'fast-check';
import type { CallRow, Dimension, Filter } from '@farthing/core';
import { describe, expect, it } from 'vitest';
import { dimensions, passes, valueLabel } from './dimensions.js';
import { hasValue, invert, toggleValue } from './filters.js';
import {
  defaultView,
  parseSearch,
  readView,
  stringifySearch,
  writeView,
  type View,
} from './view.js';

const open = (url: string): View => readView(parseSearch(url));
const link = (view: View): string => stringifySearch(writeView(view));

describe('the URL', () => {
  it('is empty for the default view', () => {
    expect(link(defaultView)).toBe('');
    expect(open('')).toEqual(defaultView);
  });

  it('reads like what it shows', () => {
    const url = '?window=7d&group=model&feature=checkout&feature=search&not.provider=gemini';
    expect(open(url)).toMatchObject({
      window: { kind: 'preset', preset: '7d' },
      group: 'model',
      filters: [
        { dimension: 'feature', op: 'in', values: ['checkout', 'search'] },
        { dimension: 'provider', op: 'not_in', values: ['gemini'] },
      ],
    });
    expect(link(open(url))).toBe(url);
  });

  it('writes an unattributed value as an empty one', () => {
    expect(open('?feature=').filters).toEqual([{ dimension: 'feature', op: 'in', values: [null] }]);
    expect(link(open('?feature='))).toBe('?feature=');
  });

  it('opens links with parts it does not understand', () => {
    expect(open('?window=99y&group=colour&bucket=eon&utm_source=mail&order=oldest')).toEqual(
      defaultView,
    );
    expect(open('?window=custom&from=yesterday&to=2026-01-01').window).toEqual(defaultView.window);
    expect(open('?window=custom&from=2026-02-01&to=2026-01-01').window).toEqual(defaultView.window);
  });

  it('carries every view there and back', () => {
    const value = fc.option(fc.string({ minLength: 1 }), { nil: null });
    const filters = fc.uniqueArray(
      fc.record({
        dimension: fc.constantFrom<Dimension>(...dimensions, 'tag:team', 'tag:a.b'),
        op: fc.constantFrom<Filter['op']>('in', 'not_in'),
        values: fc.uniqueArray(value, { minLength: 1 }),
      }),
      { selector: (filter) => `${filter.op} ${filter.dimension}` },
    );
    const view = fc.record<View>({
      window: fc.constantFrom<View['window']>(
        { kind: 'preset', preset: 'month' },
        { kind: 'preset', preset: '24h' },
        { kind: 'custom', from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' },
      ),
      bucket: fc.constantFrom(null, 'hour', 'week'),
      group: fc.constantFrom<Dimension>(...dimensions, 'tag:team'),
      filters,
      asOf: fc.constantFrom(null, '2026-11-03T09:30:00.000Z'),
      order: fc.constantFrom('newest', 'dearest'),
      call: fc.option(fc.uuid(), { nil: null }),
      choices: fc.record(
        { sort: fc.constantFrom('output', 'newest'), against: fc.string({ minLength: 1 }) },
        { requiredKeys: [] },
      ),
    });
    fc.assert(
      fc.property(view, (each) => {
        expect(open(link(each))).toEqual(each);
      }),
    );
  });
});

describe('filters', () => {
  it('gather the values of a dimension and vanish with the last one', () => {
    const one = toggleValue([], 'feature', 'checkout');
    const two = toggleValue(one, 'feature', null);
    expect(two).toEqual([{ dimension: 'feature', op: 'in', values: ['checkout', null] }]);
    expect(hasValue(two, 'feature', null)).toBe(true);
    expect(toggleValue(toggleValue(two, 'feature', null), 'feature', 'checkout')).toEqual([]);
  });

  it('can be turned into their opposite, once', () => {
    const filters = toggleValue([], 'model', 'gpt-5');
    const inverted = invert(filters, filters[0] as Filter);
    expect(inverted).toEqual([{ dimension: 'model', op: 'not_in', values: ['gpt-5'] }]);
    expect(invert(inverted, inverted[0] as Filter)).toEqual(filters);
  });

  it('decide which live calls are shown as the API decides which calls are counted', () => {
    const call = {
      model: 'gpt-5',
      attempt: 2,
      tags: { custom: { team: 'care' } },
    } as unknown as CallRow;
    const yes = (dimension: Dimension, values: (string | null)[], op: Filter['op'] = 'in') =>
      passes(call, [{ dimension, op, values }]);
    expect(yes('model', ['gpt-5', 'gpt-4'])).toBe(true);
    expect(yes('attempt', ['2'])).toBe(true);
    expect(yes('tag:team', ['care'])).toBe(true);
    expect(yes('feature', [null])).toBe(true);
    expect(yes('feature', [null], 'not_in')).toBe(false);
  });

  it('call a missing tag unattributed and a missing fact not known', () => {
    expect(valueLabel('feature', null)).toBe('Unattributed');
    expect(valueLabel('http_status', null)).toBe('Not known');
  });
});
