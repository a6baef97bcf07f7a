import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listLayers } from '../../../test-support/priced-call.js';
import { FarthingError } from '../../errors.js';
import { formatUsd } from '../../money.js';
import { PriceBook } from '../price-book.js';
import { overlayLayer } from '../overlay/index.js';
import { ruleLayer } from '../price-rows.js';
import { perUnits, isTokenUnit, type RateUnit } from '../rate-units.js';
import { snapshotLayer } from '../snapshot/index.js';
import { readPriceFile } from './read-price-file.js';

const read = (value: unknown) => readPriceFile(value, 'prices.yaml');
const known = new PriceBook(listLayers());
const own = { provider: 'acme', model: 'anvil-1' };
const rates_per_mtok = { input: '2.50', output: '10' };

/** The message of the one error that reading raises, which must be Farthing's own. */
function problemsOf(value: unknown, against?: PriceBook): string {
  try {
    readPriceFile(value, 'prices.yaml', against);
  } catch (error) {
    expect(FarthingError.isInstance(error)).toBe(true);
    expect((error as FarthingError).code).toBe('invalid_prices');
    return (error as FarthingError).message;
  }
  return 'nothing is wrong';
}

describe('a file of prices', () => {
  test('is a list of rows, or sections of prices and tools', () => {
    const row = { ...own, rates_per_mtok };
    const rule = { ...own, rates: rates_per_mtok, source: 'prices.yaml' };
    expect(read([row])).toEqual({ format: 'farthing', rules: [rule], tools: [], notes: [] });
    expect(read({ currency: 'USD', prices: [row] }).rules).toEqual([rule]);
    expect(read(row).rules).toEqual([rule]);
    expect(read({ tools: { web_lookup: { price: '0.005' } } })).toMatchObject({
      rules: [],
      tools: [{ name: 'web_lookup', price: '0.005', per: 1, source: 'prices.yaml' }],
    });
  });

  test('knows every unit by the quantity that it is published for', () => {
    const rates = { web_searches: '10', audio_seconds: '0.36', images: '0.04', input: '2' };
    expect(read([{ ...own, rates }]).rules).toMatchObject([{ rates }]);
    const unit = (row: object) => read([{ ...own, ...row }]).rules[0]?.rates;
    expect(unit({ unit: 'gpu_hour', rate: '2.40' })).toEqual({ gpu_seconds: '2.40' });
    expect(unit({ unit: 'audio_minute', rate: '0.006' })).toEqual({ audio_seconds: '0.36' });
    expect(unit({ unit: 'web_searches', rate: '0.01', per: 1 })).toEqual({ web_searches: '10' });
    expect(unit({ unit: 'input', rate: '0.0025', per: 1_000 })).toEqual({ input: '2.5' });
  });

  test('limits rows to tiers, regions, bands and times', () => {
    const row = {
      ...own,
      rates_per_mtok,
      service_tier: 'Batch',
      endpoint_scope: 'regional',
      inference_geo: 'us',
      size: '1024x1024',
      threshold: { op: 'gte', tokens: 200_000 },
      effective_from: '2026-11-01',
      effective_to: '2026-12-01T00:00:00+01:00',
      source: 'contract 7',
      note: 'signed',
    };
    expect(read([row]).rules).toEqual([
      {
        ...own,
        when: {
          service_tier: 'batch',
          inference_geo: 'us',
          scope: 'regional',
          size: '1024x1024',
        },
        threshold: { op: 'gte', tokens: 200_000 },
        from: '2026-11-01',
        to: '2026-12-01T00:00:00+01:00',
        rates: rates_per_mtok,
        source: 'contract 7: signed',
      },
    ]);
    expect(
      read([{ ...own, rates_per_mtok, service_tier: 'standard' }]).rules[0],
    ).not.toHaveProperty('when');
  });

  test('can limit a row to any calls that the shipped price list knows apart', () => {
    const shipped = [snapshotLayer(), overlayLayer()].flatMap((layer) =>
      (layer.providers?.() ?? []).flatMap((provider) => layer.rules(provider)),
    );
    const conditions = shipped.flatMap(({ when }) => (when === undefined ? [] : [when]));
    expect(conditions.length).toBeGreaterThan(50);
    for (const { scope, ...when } of conditions) {
      const limits = { ...when, ...(scope === undefined ? {} : { endpoint_scope: scope }) };
      const [rule] = read([{ ...own, rates_per_mtok, ...limits }]).rules;
      expect(rule?.when).toEqual({ ...when, ...(scope === undefined ? {} : { scope }) });
    }
  });

  test('takes a time without its zone as UTC, wherever it is read', () => {
    const row = { ...own, rates_per_mtok, effective_from: '2026-11-01T12:00' };
    expect(read([row]).rules[0]?.from).toBe('2026-11-01T12:00Z');
  });

  test('is put in order: general before particular, earlier before later', () => {
    const rows = [
      { ...own, rates_per_mtok, threshold: { op: 'gt', tokens: 200_000 } },
      { ...own, rates_per_mtok: { input: '3' }, effective_from: '2026-06-01' },
      { ...own, rates_per_mtok: { input: '4' } },
    ];
    expect(
      read(rows).rules.map(({ rates, threshold }) => [rates?.input, threshold?.tokens]),
    ).toEqual([
      ['4', undefined],
      ['3', undefined],
      ['2.50', 200_000],
    ]);
  });

  test('notes what is free of charge, because it could be a slip', () => {
    const free = { input: '0', output: '0.00' };
    expect(read([{ ...own, rates_per_mtok: free }]).notes).toEqual([
      expect.stringMatching(/row 1 \(acme\/anvil-1\).*cost 0/),
    ]);
    expect(read([]).notes).toEqual([expect.stringMatching(/no price/)]);
  });
});

describe('what is wrong with a file', () => {
  test('is said all at once, by row and field, each with its fix', () => {
    const message = problemsOf([
      { ...own, rates_per_mtok: { imput: '1', output: 2.5 }, efective_from: '2026-01-01' },
      { model: 'x', discount: '15' },
      'gpt-4o',
    ]);
    expect(message.split('\n')).toEqual([
      'The prices in prices.yaml have 6 problems:',
      '- row 1 (acme/anvil-1): efective_from is not a field of a price. Did you mean "effective_from"?',
      '- row 1 (acme/anvil-1): rates_per_mtok.imput is not a kind of token. Did you mean "input"?',
      '- row 1 (acme/anvil-1): rates_per_mtok.output must be a decimal string of 0 or more, like "2.50": write "2.5", in quotes.',
      '- row 2 (x) needs "provider", like "openai".',
      '- row 2 (x): discount must lie between "0" and "1": write "0.15" for 15 %.',
      '- row 3 must be an object.',
    ]);
  });

  test.each<[string, object, RegExp]>([
    ['a negative rate', { rates_per_mtok: { input: '-1' } }, /input must be .* 0 or more/],
    ['a rate per token', { rates_per_mtok: { input: '2.5e-6' } }, /write "0\.0000025", in quotes/],
    [
      'a rate with digits without end',
      { rates_per_mtok: { input: `0.${'3'.repeat(60)}` } },
      /input has 60 decimals, more than 12: write "0\.333333333333", in quotes/,
    ],
    [
      'a discount with digits without end',
      { discount: `0.${'3'.repeat(60)}` },
      /discount has 60 decimals, more than 12: write "0\.333333333333", in quotes/,
    ],
    ['a sum of floats', { discount: 0.1 + 0.2 }, /discount must be .*: write "0\.3", in quotes/],
    ['a currency sign', { rates_per_mtok: { input: '$2.50' } }, /write "2\.5", in quotes/],
    ['an absurd rate', { rates_per_mtok: { input: '10000.01' } }, /cannot be true.*per million/],
    [
      'an absurd rate of another unit',
      { rates: { images: '10001' } },
      /cannot be true.*per 1 images/,
    ],
    ['an absurd rate per token', { unit: 'input', rate: '0.02', per: 1 }, /cannot be true/],
    ['a unit among tokens', { rates_per_mtok: { web_searches: '1' } }, /under "rates", per 1000/],
    ['an unknown unit', { unit: 'fortnight', rate: '1' }, /"gpu_hour" or another unit/],
    ['a unit without a rate', { unit: 'gpu_hour' }, /rate must be .* missing/],
    ['a rate without a unit', { rate: '1', discount: '0.1' }, /rate needs "unit"/],
    ['a rate per none', { unit: 'images', rate: '1', per: 0 }, /per must be a whole number/],
    ['a rate that is not exact', { unit: 'pages', rate: '1', per: 7 }, /per makes no exact rate/],
    ['no rates', { rates_per_mtok: {} }, /is empty/],
    ['nothing at all', {}, /needs one of/],
    ['an unknown tier', { rates_per_mtok, service_tier: 'bacth' }, /Did you mean "batch"\?/],
    ['an unknown scope', { rates_per_mtok, endpoint_scope: 'galaxy' }, /"regional", "data_zone"/],
    ['another currency', { rates_per_mtok, currency: 'EUR' }, /currency is "EUR".*convert/],
    ['no time', { rates_per_mtok, effective_from: 'soon' }, /effective_from must be an ISO 8601/],
    ['no day', { rates_per_mtok, effective_from: '2026-02-30' }, /effective_from must be an ISO/],
    [
      'an end before its beginning',
      { rates_per_mtok, effective_from: '2026-02-01', effective_to: '2026-02-01' },
      /effective_to must be later than effective_from \(2026-02-01\)/,
    ],
    ['a bad band', { rates_per_mtok, threshold: { op: '>', tokens: 1 } }, /threshold\.op must be/],
    ['a bad bound', { rates_per_mtok, threshold: { op: 'gt', tokens: '1' } }, /threshold\.tokens/],
    ['twins with dates', { same_as: 'x', effective_from: '2026-01-01' }, /same_as holds always/],
    ['no aliases', { aliases: 'anvil', rates_per_mtok }, /aliases must be a list/],
  ])('%s', (_name, row, message) => {
    expect(problemsOf([{ ...own, ...row }])).toMatch(message);
  });

  test.each<[string, unknown, RegExp]>([
    ['a web page', '<!doctype html><p>Sign in', /it is a web page, no prices/],
    ['an empty file', null, /it is empty/],
    ['a number', 12, /is expected/],
    ['an unknown section', { prices: [], tolos: {} }, /tolos is no section.*"tools"\?/],
    ['prices that are no list', { prices: { a: 1 } }, /prices must be a list of rows/],
    ['another currency for all', { currency: 'EUR', prices: [] }, /currency is "EUR"/],
    ['a tool without a price', { tools: { t: {} } }, /tools\.t: price must be a decimal string/],
    ['a tool with a number', { tools: { t: { price: 0.5 } } }, /write "0\.5", in quotes/],
    ['a tool with a typo', { tools: { t: { price: '1', pre: 2 } } }, /pre is .*"per"\?/],
    ['a tool without a name', { tools: { 'a b': { price: '1' } } }, /is no name of a tool/],
    [
      'a tool with two prices at once',
      { tools: { t: [{ price: '1' }, { price: '2' }] } },
      /tools\.t\[1\] holds at the same time as tools\.t\[0\]/,
    ],
  ])('%s', (_name, value, message) => {
    expect(problemsOf(value)).toMatch(message);
  });
});

describe('rows that contradict each other', () => {
  const row = (rates: object, from?: string, to?: string, extra: object = {}) => ({
    ...own,
    rates_per_mtok: rates,
    ...(from === undefined ? {} : { effective_from: from }),
    ...(to === undefined ? {} : { effective_to: to }),
    ...extra,
  });

  test('are an error that names both', () => {
    const twice = [row({ input: '1' }), row({ input: '2', output: '3' })];
    expect(problemsOf(twice)).toMatch(
      /row 2 \(acme\/anvil-1\) and row 1 \(acme\/anvil-1\) both set input .*silently hide/,
    );
    const early = [
      row({ input: '1' }, '2026-01-01', '2026-12-31'),
      row({ input: '2' }, '2026-06-01'),
    ];
    expect(problemsOf(early)).toMatch(/row 2 .*sets input from 2026-06-01, but row 1 .*2026-12-31/);
    const discounts = [1, 2].map((tenth) => ({ provider: 'acme', discount: `0.${tenth}` }));
    expect(problemsOf(discounts)).toMatch(/both set discount/);
    expect(problemsOf([row({ input: '1' }), { ...row({ input: '2' }), model: 'ANVIL-1' }])).toMatch(
      /both set input/,
    );
  });

  test('are none where one follows the other, or they are about other calls', () => {
    const fine = [
      row({ input: '1' }, '2026-01-01'),
      row({ input: '2' }, '2026-06-01', '2026-07-01'),
      row({ input: '3' }, '2026-07-01'),
      row({ output: '9' }, '2026-01-01'),
      row({ input: '1' }, '2026-01-01', undefined, { service_tier: 'batch' }),
      row({ input: '1' }, '2026-01-01', undefined, { threshold: { op: 'gt', tokens: 9 } }),
      { ...row({ input: '1' }, '2026-01-01'), model: 'anvil-2' },
      { provider: 'acme', discount: '0.1' },
      { ...own, discount: '0.1' },
    ];
    expect(problemsOf(fine)).toBe('nothing is wrong');
  });

  test('are found by whatever ids they name the model', () => {
    const input = (model: string, rest: object = {}) => ({
      ...row({ input: '1' }),
      model,
      ...rest,
    });
    const byAlias = [input('anvil-1'), input('Anvil')];
    expect(problemsOf(byAlias, known)).toMatch(/row 2 \(acme\/Anvil\) and row 1 .*both set input/);
    const declared = [input('ours'), input('mine', { aliases: ['ours'] })];
    expect(problemsOf(declared, known)).toMatch(/row 2 .* and row 1 .*both set input/);
    // A dated snapshot is priced for itself.
    const snapshot = [input('anvil-1'), input('anvil-1-20260101')];
    expect(problemsOf(snapshot, known)).toBe('nothing is wrong');
  });

  test('discounts for one model follow each other, whatever ids they name it by', () => {
    const rows = [
      { ...own, discount: '0.1' },
      { ...own, model: 'anvil', discount: '0.2', effective_from: '2026-01-01' },
    ];
    const { rules } = readPriceFile(rows, 'prices.yaml', known);
    expect(rules.map(({ model, from, to }) => [model, from, to])).toEqual([
      ['anvil-1', undefined, '2026-01-01'],
      ['anvil', '2026-01-01', undefined],
    ]);
  });

  test.each([
    ['a listed model', 'hammer-9', /aliases name "hammer-9", which a price list has: .*own/],
    ['its alias', 'anvil', /aliases name "anvil", which .*as another name of "anvil-1": .*own/],
  ])('an alias is no name of %s', (_name, alias, message) => {
    const provider = alias === 'anvil' ? 'acme' : 'forge';
    const rows = [{ provider, model: 'ours', aliases: [alias], rates_per_mtok }];
    expect(problemsOf(rows, known)).toMatch(message);
    const same = [{ ...own, aliases: ['anvil', 'anvil-1-20260101', 'new'], rates_per_mtok }];
    expect(problemsOf(same, known)).toBe('nothing is wrong');
  });

  test('about names: one id is one model', () => {
    const rows = ['anvil-1', 'anvil-2'].map((model) => ({ ...own, model, aliases: ['ours'] }));
    expect(problemsOf(rows)).toMatch(/row 2 .*aliases name "ours", which row 1 .*"anvil-1"/);
  });
});

describe('same_as', () => {
  const twin = (same_as: string, model = 'ours') => ({ provider: 'acme', model, same_as });

  test('leads through few models only', () => {
    const chain = (length: number) =>
      Array.from({ length }, (_, index) => twin(`m-${index + 1}`, `m-${index}`));
    const end = { ...own, model: 'm-8', rates_per_mtok };
    expect(problemsOf([...chain(8), end], known)).toBe('nothing is wrong');
    expect(problemsOf(chain(12))).toMatch(/row 1 .*"m-1" leads through more than 8 models/);
  });

  test('names a known model, or one of the file', () => {
    const rows = [twin('anvil-1'), twin('forge/hammer-9', 'ours-2'), twin('ours', 'ours-3')];
    expect(problemsOf(rows, known)).toBe('nothing is wrong');
    expect(problemsOf([twin('mine'), { ...own, model: 'mine', rates_per_mtok }], known)).toBe(
      'nothing is wrong',
    );
  });

  test.each([
    [[twin('ours')], /row 1 .*same_as "ours" is the model itself/],
    [[twin('b', 'a'), twin('a', 'b')], /"b" leads back to the model itself/],
    [[twin('anvli-1')], /"anvli-1" is no known model.*Did you mean "anvil-1"\?/],
    [[twin('hammer-9')], /is no known model.*Did you mean "forge\/hammer-9"\?/],
    [[twin('anvil-1-20300101')], /is no known model/],
    [[twin('anvil-1'), twin('anvil')], /is declared in row 1/],
    [[{ provider: 'acme', same_as: 'anvil-1' }], /same_as needs "model"/],
  ])('%j is refused', (rows, message) => {
    expect(problemsOf(rows, known)).toMatch(message);
  });
});

describe('laws', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,12}$/);
  const rate = fc.bigInt({ min: 0n, max: 10n ** 16n }).map((amount) => formatUsd(amount));
  const units = Object.keys(perUnits) as RateUnit[];
  const dates = ['2026-01-01', '2026-03-01T00:00:00Z', '2026-05-01'] as const;
  const row = fc.record(
    {
      provider: fc.constantFrom('acme', 'forge'),
      model: fc.oneof(name, fc.constant('anvil-1')),
      rates_per_mtok: fc.dictionary(fc.constantFrom(...units.filter(isTokenUnit)), rate, {
        minKeys: 1,
      }),
      rates: fc.dictionary(fc.constantFrom(...units.filter((unit) => !isTokenUnit(unit))), rate, {
        minKeys: 1,
      }),
      effective_from: fc.constantFrom(...dates),
      effective_to: fc.constantFrom('2026-07-01', '2026-09-01'),
      service_tier: fc.constantFrom('batch', 'flex'),
      threshold: fc.record({
        op: fc.constantFrom('gt', 'gte'),
        tokens: fc.integer({ min: 1, max: 1e6 }),
      }),
      source: name,
    },
    { requiredKeys: ['provider', 'model', 'rates_per_mtok'] },
  );

  test('what a file states is what the book then describes', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
        const file = accepted(rows);
        if (file === undefined) return;
        const book = new PriceBook([...listLayers(), ruleLayer('override', 'f', file.rules)]);
        for (const rule of file.rules) {
          const described = book.describe(rule.provider, rule.model)?.rows ?? [];
          expect(described).toContainEqual({ ...rule, layer: 'override', book: 'f' });
        }
        for (const stated of rows) {
          const described = book.describe(stated.provider, stated.model);
          const at = stated.effective_from ?? dates[0];
          const situation = {
            at,
            conditions: stated.service_tier ? { service_tier: stated.service_tier } : {},
            input_tokens: (stated.threshold?.tokens ?? -1) + 1,
          };
          const units = described?.ratesAt(situation).rates.map(({ unit }) => unit);
          for (const unit of Object.keys({ ...stated.rates_per_mtok, ...stated.rates })) {
            expect(units).toContain(unit);
          }
        }
      }),
    );
  });

  test('whatever is read, only Farthing’s own errors come of it', () => {
    const keys = fc.constantFrom(
      'provider',
      'model',
      'rates',
      'rates_per_mtok',
      'discount',
      'unit',
      'rate',
      'per',
      'threshold',
      'effective_from',
      'effective_to',
      'same_as',
      'aliases',
      'currency',
      'prices',
      'tools',
      'price',
      'service_tier',
      'litellm_provider',
      'input_cost_per_token',
      'tiered_pricing',
      'range',
      'search_context_cost_per_query',
      'mode',
      '__proto__',
    );
    const leaf = fc.oneof(
      fc.constantFrom(
        'acme',
        'anvil-1',
        '1',
        '-1',
        '0.5',
        'USD',
        'batch',
        'gpu_hour',
        '2026-01-01',
      ),
      fc.double(),
      fc.string(),
      fc.constantFrom(null, true, undefined, 0, -1, 1e-300, 1e300, 2.5e-6),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(keys, fc.string()), tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const file = accepted(value);
        if (file === undefined) return;
        // What was accepted can be priced by, too.
        const book = new PriceBook([ruleLayer('override', 'f', file.rules, file.tools)]);
        for (const rule of file.rules) book.describe(rule.provider, rule.model)?.ratesAt({ at: 0 });
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The file, or undefined where it is refused with an error that Farthing raises on purpose. */
function accepted(value: unknown) {
  try {
    return read(value);
  } catch (error) {
    if (FarthingError.isInstance(error)) return undefined;
    throw error;
  }
}
