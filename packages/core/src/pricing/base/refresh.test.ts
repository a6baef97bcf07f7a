import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundledEdition, defaultPriceBook, snapshotBook } from '../snapshot/index.js';
import { overlayLayer } from '../overlay/index.js';
import { PriceBook } from '../price-book.js';
import type { PriceRule } from '../price-rows.js';
import {
  baseLayer,
  baseRules,
  checkBase,
  convertGenaiPrices,
  diffBase,
  guardPrices,
  readBaseEdition,
  readGenaiPrices,
} from './index.js';

const provider = (changes: object) => ({
  id: 'x-ai',
  name: 'xAI',
  api_pattern: '',
  models: [{ id: 'grok-9', match: { equals: 'grok-9' }, prices: { input_mtok: 1 }, ...changes }],
});
const convert = (...providers: unknown[]) => convertGenaiPrices(readGenaiPrices(providers));

describe('the published list, rewritten as rows', () => {
  test('cleans what floats left and keeps dates, bands and hours', () => {
    const { models } = convert(
      provider({
        prices: [
          {
            prices: {
              input_mtok: { base: 0.5999999999999999, tiers: [{ start: 199_999, price: 1.2 }] },
            },
          },
          {
            constraint: { type: 'start_date', start_date: '2026-08-17' },
            prices: { input_mtok: 2 },
          },
          {
            constraint: { type: 'time_of_date', start_time: '01:00:00Z', end_time: '04:00:00Z' },
            prices: { input_mtok: 4 },
          },
        ],
      }),
    );
    expect(models).toEqual([
      {
        provider: 'xai',
        model: 'grok-9',
        rows: [
          {
            rates: { input: '0.6' },
            above: [{ threshold: { op: 'gte', tokens: 200_000 }, rates: { input: '1.2' } }],
          },
          { from: '2026-08-17T00:00:00Z', rates: { input: '2' } },
          {
            from: '2026-08-17T00:00:00Z',
            daily: { start: '01:00:00Z', end: '04:00:00Z' },
            rates: { input: '4' },
          },
        ],
      },
    ]);
  });

  test('takes literals of patterns as aliases, where the source resolves them to the same model', () => {
    const { models } = convert({
      ...provider({}),
      models: [
        { id: 'a', match: { starts_with: 'grok-9-fast' }, prices: { input_mtok: 1 } },
        {
          id: 'b',
          match: { or: [{ starts_with: 'grok-9-fast-beta' }, { equals: 'grok-nine' }] },
          prices: { input_mtok: 1 },
        },
      ],
    });
    expect(models.map(({ aliases }) => aliases)).toEqual([['grok-9-fast'], ['grok-nine']]);
  });

  test('warns of prices that Farthing has no unit for', () => {
    const { warnings } = convert(provider({ prices: { input_gpixels: 1 } }));
    expect(warnings).toEqual([expect.stringMatching(/input_gpixels/)]);
  });
});

describe('what is no price list is refused with everything that is wrong', () => {
  const complaint = (value: unknown) => {
    try {
      readGenaiPrices(value);
    } catch (error) {
      return (error as Error).message;
    }
    return null;
  };

  test.each([
    ['an object', { openai: {} }, /an object, not the data of genai-prices/],
    ['nothing', null, /null, not the data/],
    ['an empty list', [], /the list is empty/],
    [
      'a negative price',
      [provider({ prices: { input_mtok: -1 } })],
      /x-ai\/grok-9\.prices\.input_mtok must be a number of 0 or more/,
    ],
    [
      'a price in words',
      [provider({ prices: { input_mtok: '1' } })],
      /input_mtok must be a number/,
    ],
    [
      'a date that is none',
      [provider({ prices: [{ constraint: { start_date: '2026-13-01' }, prices: {} }] })],
      /constraint must have "start_date"/,
    ],
    [
      'an unknown pattern',
      [provider({ match: { sounds_like: 'x' } })],
      /unknown kind of pattern: sounds_like/,
    ],
    [
      'a pattern without end',
      [provider({ match: { regex: '^(a+)+$' } })],
      /no pattern that can be used/,
    ],
    ['a broken pattern', [provider({ match: { regex: '(' } })], /no pattern that can be used/],
  ])('%s', (_, value, expected) => {
    expect(complaint(value)).toMatch(expected);
  });

  test('several at once, each by its place, and no more than one reads', () => {
    const bad = provider({ prices: { input_mtok: -1, output_mtok: 'x' } });
    expect(complaint([bad])).toMatch(/input_mtok .*; .*output_mtok /);
    expect(complaint(Array.from({ length: 50 }, () => bad))).toMatch(/; and 80 more\.$/);
  });

  test('whatever JSON it is, the answer is a list or one readable refusal', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const message = complaint(value);
        expect(message === null || message.length < 12_000).toBe(true);
      }),
    );
  });
});

describe('the checks that every list must pass', () => {
  test('a price per token where one per million was meant is refused', () => {
    const { models } = convert(provider({ prices: { input_mtok: 15_000 } }));
    expect(checkBase(models)).toEqual([expect.stringMatching(/grok-9: input is 15000/)]);
  });

  test('a model listed twice, without rows or at no time is refused', () => {
    const row = { rates: { input: '1' } };
    const problems = checkBase([
      { provider: 'xai', model: 'a', rows: [row] },
      { provider: 'xai', model: 'a', rows: [] },
      { provider: 'xai', model: 'b', rows: [{ ...row, from: 'soon' }] },
    ]);
    expect(problems).toEqual([
      'xai/a is listed twice',
      'xai/a has no price row',
      'xai/b: "soon" is no time',
    ]);
  });
});

describe('the guard', () => {
  const rule = (input: string, changes: Partial<PriceRule> = {}): PriceRule => ({
    provider: 'xai',
    model: 'a',
    rates: { input },
    source: 'test',
    ...changes,
  });
  const half = { largestLoss: 0.5 };

  test('lets prices move up to tenfold and new models come', () => {
    expect(guardPrices([rule('1')], [rule('10'), rule('900', { model: 'b' })], half)).toEqual([]);
    expect(guardPrices([rule('1')], [rule('0.1')], half)).toEqual([]);
  });

  test('names a rate that moves further, up, down or to nothing', () => {
    expect(guardPrices([rule('1')], [rule('10.01')], half)).toEqual([
      'xai/a input from 1 to 10.01',
    ]);
    expect(guardPrices([rule('1')], [rule('0.0999')], half)).toHaveLength(1);
    expect(guardPrices([rule('1')], [rule('0')], half)).toHaveLength(1);
    expect(guardPrices([rule('0')], [rule('0')], half)).toEqual([]);
  });

  test('compares the same time only: a price that falls over the years is no jump', () => {
    const years = [
      rule('30'),
      rule('8', { from: '2025-01-01' }),
      rule('2', { from: '2026-01-01' }),
    ];
    expect(guardPrices(years, [...years, rule('0.5', { from: '2027-01-01' })], half)).toEqual([]);
    expect(guardPrices(years, [...years, rule('0.1', { from: '2027-01-01' })], half)).toEqual([
      'xai/a input from 2 to 0.1',
    ]);
  });

  test('compares the same conditions only, discounts too', () => {
    const batch = rule('20', { when: { service_tier: 'batch' } });
    expect(guardPrices([rule('1')], [rule('1'), batch], half)).toEqual([]);
    const off = (all: string): PriceRule => ({ ...rule('1'), multiply: { all } });
    expect(guardPrices([off('0.85')], [off('0.01')], half)).toEqual([
      'xai/a × all from 0.85 to 0.01',
    ]);
  });

  test('refuses to lose more rows than it may', () => {
    const rows = ['a', 'b', 'c', 'd'].map((model) => rule('1', { model }));
    expect(guardPrices(rows, rows.slice(0, 2), half)).toEqual([]);
    expect(guardPrices(rows, rows.slice(0, 1), half)).toEqual(['1 rows instead of 4']);
  });

  test('has nothing against the prices that are in force', () => {
    const { models } = bundledEdition();
    const rules = models.flatMap((model) => baseRules(model, 'test'));
    expect(guardPrices(rules, rules, { largestLoss: 0 })).toEqual([]);
  });
});

test('the difference is told price by price', () => {
  const before = [{ provider: 'xai', model: 'a', rows: [{ rates: { input: '1' } }] }];
  const after = [
    { provider: 'xai', model: 'a', rows: [{ rates: { input: '2' } }], aliases: ['a-latest'] },
    { provider: 'xai', model: 'b', rows: [{ rates: { input: '3' } }] },
  ];
  expect(diffBase(before, after)).toEqual([
    '~ xai/a',
    '    - input 1',
    '    + input 2',
    '~ xai/a  new aliases: a-latest',
    '+ xai/b  input 3',
  ]);
  expect(diffBase(after, before)).toContain('- xai/b  input 3');
  expect(diffBase(after, after)).toEqual([]);
});

describe('an edition', () => {
  test('survives being stored, and prices as the bundled one does', () => {
    const stored = readBaseEdition(JSON.parse(JSON.stringify(bundledEdition())));
    expect(stored.book).toBe(snapshotBook);
    const book = new PriceBook([baseLayer(stored), overlayLayer()]);
    const bundled = defaultPriceBook();
    for (const [owner, model] of [
      ['openai', 'gpt-4.1'],
      ['azure', 'claude-sonnet-4-5'],
      ['google-vertex', 'gemini-2.5-pro'],
      ['xai', 'no-such-model'],
    ] as const) {
      expect(book.knows(owner, model)).toBe(bundled.knows(owner, model));
    }
  });

  test.each([
    ['no object', null],
    ['no models', { book: 'x', fallbacks: {} }],
    [
      'a rate in words',
      {
        book: 'x',
        fallbacks: {},
        models: [{ provider: 'a', model: 'b', rows: [{ rates: { input: 'one' } }] }],
      },
    ],
  ])('is refused when damaged: %s', (_, value) => {
    expect(() => readBaseEdition(value)).toThrow(/stored price list is damaged/);
  });
});
