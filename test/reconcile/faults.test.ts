import { writeFileSync } from 'node:fs';
import {
  formatUsd,
  parseUsd,
  readOverride,
  readTable,
  ruleLayer,
  tablePresets,
  type CostRow,
  type Entry,
  type ProviderReport,
  type Reconciliation,
  type ReconciliationCauseName,
  type UsageRow,
} from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chat, messages, streams } from './direct-calls.js';
import { compare, rebooked, runTraffic, type Reported, type Traffic } from './run-traffic.js';

let sound: Traffic;
/** What the documentation's table is made of: FARTHING_FAULTS_TABLE names a file to write it to. */
const table: string[] = [];

beforeAll(async () => {
  sound = await runTraffic({ callsEach: 14 });
}, 120_000);
afterAll(() => {
  const file = process.env['FARTHING_FAULTS_TABLE'];
  if (file !== undefined) writeFileSync(file, `${table.join('\n')}\n`);
});

const absolute = (amount: bigint) => (amount < 0n ? -amount : amount);

/** A row of the documentation's table; shares of what the provider billed. */
function record(fault: string, how: string, result: Reconciliation, misnamed: bigint): void {
  const provider = parseUsd(result.provider_usd);
  const percent = (amount: bigint) =>
    `${(Number((amount * 1_000_000n) / provider) / 10_000).toFixed(4)} %`;
  const gross = result.causes.reduce((sum, { gross_usd: usd }) => sum + parseUsd(usd), 0n);
  const names = result.causes
    .filter(({ gross_usd: usd }) => usd !== '0')
    .map(({ cause }) => `\`${cause}\``);
  const rest = absolute(parseUsd(result.unexplained_usd));
  table.push(
    `| ${fault} | ${how} | ${percent(gross)} | ${names.join(', ')} | ${percent(misnamed)} | ${percent(rest)} |`,
  );
}

/**
 * The fault's cause weighs most, explains the whole difference but for a thousandth of what the
 * provider bills, and no more than a thousandth of that is unexplained.
 */
function expectCause(
  fault: string,
  how: 'real' | 'ledger' | 'report',
  result: Reconciliation,
  cause: ReconciliationCauseName,
): void {
  const [top] = result.causes;
  const provider = parseUsd(result.provider_usd);
  const rest = absolute(parseUsd(result.unexplained_usd));
  const misnamed = absolute(parseUsd(result.difference_usd) - parseUsd(top?.usd ?? '0'));
  record(fault, how, result, misnamed);
  expect(result.causes.map((one) => `${one.cause} ${one.usd} ${one.gross_usd}`)[0]).toMatch(
    new RegExp(`^${cause} `),
  );
  expect(parseUsd(top!.gross_usd)).toBeGreaterThan(0n);
  expect(rest * 1000n <= provider, `unexplained ${result.unexplained_usd}`).toBe(true);
  expect(misnamed * 1000n <= provider, JSON.stringify(result.causes, null, 1)).toBe(true);
}

const isOpenAI = (entry: Entry) => entry.provider === 'openai';
const billed = (entry: Entry) => isOpenAI(entry) && entry.usage !== null && entry.outcome === 'ok';

/** The ledger with some of OpenAI's billed entries changed, every `nth` of those that `choose` takes. */
function changed(
  change: (entry: Entry) => Entry | Entry[],
  choose: (entry: Entry) => boolean = billed,
  nth = 1,
): Entry[] {
  let seen = 0;
  return sound.entries.flatMap((entry) =>
    choose(entry) && seen++ % nth === 0 ? change(entry) : entry,
  );
}

function reported(
  changes: { usage?: (row: UsageRow) => UsageRow[]; costs?: (row: CostRow) => CostRow[] },
  provider: Reported = 'openai',
): ProviderReport {
  const report = sound.reports[provider];
  return {
    ...report,
    usage: changes.usage === undefined ? report.usage : report.usage!.flatMap(changes.usage),
    costs: changes.costs === undefined ? report.costs : report.costs!.flatMap(changes.costs),
  };
}

function scaled(row: CostRow, parts: bigint, of: bigint): CostRow {
  return { ...row, usd: formatUsd((parseUsd(row.usd) * parts) / of), decimals: 12 };
}

describe('without a fault', () => {
  test.each(['openai', 'anthropic'] as const)(
    '%s and the ledger agree to the picodollar',
    (provider) => {
      const result = compare(sound.reports[provider], sound.entries);
      expect(result).toMatchObject({
        difference_usd: '0',
        unexplained_usd: '0',
        accuracy: 1,
        causes: [],
      });
      expect(parseUsd(result.provider_usd)).toBeGreaterThan(0n);
      expect(result.verdict).toContain('agrees to the picodollar');
    },
  );
});

test('a billing export of a provider without a usage API agrees, too', () => {
  const read = readTable(sound.googleRows, tablePresets['google-billing']);
  const { window, fetched_at } = sound.reports.openai;
  const result = compare(
    {
      provider: 'google',
      window,
      bucket: 'day',
      usage: read.usage,
      costs: read.costs,
      usage_until: read.until,
      costs_until: read.until,
      fetched_at,
      notes: read.notes,
    },
    sound.entries,
  );
  expect(parseUsd(result.provider_usd)).toBeGreaterThan(0n);
  expect(result).toMatchObject({ difference_usd: '0', unexplained_usd: '0', causes: [] });
});

describe('calls that the two sides do not share', () => {
  test('calls sent past the gateway', async () => {
    const { entries, reports } = await runTraffic({
      meddle: async ({ provider }) => {
        await chat(provider.url, 12);
        await messages(provider.url, 12);
      },
    });
    expectCause(
      'calls sent past the gateway (OpenAI)',
      'real',
      compare(reports.openai, entries),
      'unrecorded_calls',
    );
    const anthropic = compare(reports.anthropic, entries);
    expectCause('calls sent past the gateway (Anthropic)', 'real', anthropic, 'unrecorded_calls');
    expect(anthropic.accuracy).toBeLessThan(1);
  });

  test('traffic of another key, when the own keys are declared', async () => {
    const { entries, reports } = await runTraffic({
      meddle: ({ provider }) => chat(provider.url, 12, { key: 'sk-of-another-team' }),
    });
    const [, other] = new Set(reports.openai.usage!.map(({ api_key: key }) => key));
    expect(compare(reports.openai, entries).notes.join()).toContain(
      `All traffic of key ${other} (`,
    );
    const own = sound.reports.openai.usage!.find(({ api_key: key }) => key !== null)!.api_key!;
    const result = compare(reports.openai, entries, { own: { api_keys: [own] } });
    expectCause('traffic of another key', 'real', result, 'other_traffic');
    expect(result.accuracy).toBe(1);
  });

  test('answers booked twice, under two entry ids', () => {
    const entries = changed((entry) => [entry, { ...entry, id: `${entry.id}-again` }], billed, 5);
    expectCause(
      'answers booked twice',
      'ledger',
      compare(sound.reports.openai, entries),
      'double_booked',
    );
  });
});

describe('calls whose usage the ledger does not know', () => {
  test('clients that leave a stream', async () => {
    const { entries, reports } = await runTraffic({
      meddle: ({ url }) =>
        streams(`${url}/openai`, 20, { leaveAfter: 6, headers: { 'x-fake-chunk-delay-ms': '2' } }),
    });
    expectCause(
      'clients that leave a stream',
      'real',
      compare(reports.openai, entries),
      'interrupted_calls',
    );
  });

  test('streams that the provider cuts off', async () => {
    const { entries, reports } = await runTraffic({
      meddle: ({ url }) =>
        streams(`${url}/openai`, 20, {
          headers: { 'x-fake-fault': 'cut', 'x-fake-cut-after': '9' },
        }),
    });
    expectCause(
      'streams cut off by the provider',
      'real',
      compare(reports.openai, entries),
      'interrupted_calls',
    );
  });

  test('streams whose tail with the usage is lost', async () => {
    const { entries, reports } = await runTraffic({
      meddle: ({ url }) =>
        streams(`${url}/openai`, 20, { headers: { 'x-fake-fault': 'no-usage' } }),
    });
    expectCause('lost stream tails', 'real', compare(reports.openai, entries), 'missing_usage');
  });

  test('usage that was recorded as an estimate', () => {
    const entries = changed(
      (entry) => {
        const tokens = { ...entry.usage!.tokens };
        tokens.output = Math.round(tokens.output * 1.3);
        tokens.input_uncached = Math.round(tokens.input_uncached * 0.8);
        return rebooked(entry, { ...entry.usage!, tokens, estimated: true });
      },
      billed,
      4,
    );
    expectCause(
      'usage recorded as an estimate',
      'ledger',
      compare(sound.reports.openai, entries),
      'estimated_usage',
    );
  });

  test('calls that timed out and were billed', () => {
    const entries = changed(
      (entry) => ({
        ...entry,
        outcome: 'error',
        http_status: null,
        usage: null,
        cost: { usd: '0', status: 'not_billed', charges: [] },
      }),
      (entry) => billed(entry) && entry.model!.startsWith('gpt-4o'),
      4,
    );
    const result = compare(sound.reports.openai, entries);
    expectCause('timed-out calls that were billed', 'ledger', result, 'errors_billed');
  });
});

describe('the same tokens at another price', () => {
  test('an own price row that is wrong', () => {
    const rules = readOverride(
      { rates_per_mtok: { input: '2.75', cache_read: '1.25', output: '11' } },
      { provider: 'openai', model: 'gpt-4o' },
    );
    const wrong = defaultPriceBook([ruleLayer('override', 'farthing.yaml', rules)]);
    const entries = changed((entry) => rebooked(entry, entry.usage, wrong));
    const result = compare(sound.reports.openai, entries, { book: wrong });
    expectCause('a wrong price row', 'ledger', result, 'price');
    expect(result.causes[0]?.details[0]).toMatchObject({
      model: 'gpt-4o',
      price: { book: 'farthing.yaml', model: 'gpt-4o' },
      note: expect.stringMatching(
        /provider bills (2\.5|10) USD per million, the ledger (2\.75|11)/,
      ),
    });
  });

  test('the service tier missing in the ledger', () => {
    const entries = changed((entry) => rebooked(entry, { ...entry.usage!, modifiers: {} }));
    expectCause(
      'service tier missing in the ledger',
      'ledger',
      compare(sound.reports.openai, entries),
      'service_tier',
    );
  });

  test('a batch discount that the ledger did not apply', () => {
    const inBatch = (model: string | null) => model?.startsWith('gpt-4o-mini') === true;
    const report = reported({
      usage: (row) => [inBatch(row.model) ? { ...row, tier: 'batch' } : row],
      costs: (row) => [inBatch(row.model) ? { ...scaled(row, 1n, 2n), tier: 'batch' } : row],
    });
    expectCause('batch discount not applied', 'report', compare(report, sound.entries), 'batch');
  });

  test('cached tokens booked as uncached', () => {
    const entries = changed((entry) => {
      const { cache_read: cached, input_uncached: uncached, ...tokens } = entry.usage!.tokens;
      return rebooked(entry, {
        ...entry.usage!,
        tokens: { ...tokens, input_uncached: uncached + cached, cache_read: 0 },
      });
    });
    expectCause(
      'cached tokens booked as uncached',
      'ledger',
      compare(sound.reports.openai, entries),
      'cache_split',
    );
  });

  test('a model without a price', () => {
    const entries = changed(
      (entry) => ({ ...entry, cost: { usd: null, status: 'unknown_model', charges: [] } }),
      (entry) => billed(entry) && entry.model!.startsWith('gpt-5-2025'),
    );
    expectCause(
      'a model without a price',
      'ledger',
      compare(sound.reports.openai, entries),
      'unpriced',
    );
  });

  test('a contract discount on everything', () => {
    const report = reported({ costs: (row) => [scaled(row, 93n, 100n)] });
    expectCause('7 % contract discount', 'report', compare(report, sound.entries), 'discount');
  });

  test('amounts rounded to cents', async () => {
    const big = { 'x-fake-input-tokens': '41237', 'x-fake-output-tokens': '977' };
    const { entries, reports } = await runTraffic({
      callsEach: 2,
      meddle: async ({ url }) => {
        await chat(`${url}/openai`, 9, { model: 'gpt-4o', headers: big });
        await chat(`${url}/openai`, 9, { model: 'gpt-5', headers: big });
      },
    });
    const cents = (row: CostRow): CostRow => {
      const rounded = (parseUsd(row.usd) + 5_000_000_000n) / 10_000_000_000n;
      return { ...row, usd: formatUsd(rounded * 10_000_000_000n), decimals: 2 };
    };
    const report = { ...reports.openai, costs: reports.openai.costs!.map(cents) };
    expectCause('amounts rounded to cents', 'report', compare(report, entries), 'rounding');
  });
});

describe('the same calls at another time', () => {
  test.each([
    ['a clock 30 minutes ahead', 30 * 60_000],
    ['a clock 30 minutes behind', -30 * 60_000],
    ['a clock in another time zone', 5 * 3_600_000],
  ])('%s', async (fault, skewMilliseconds) => {
    const { entries, reports } = await runTraffic({ skewMilliseconds });
    const result = compare(reports.openai, entries);
    expectCause(fault, 'real', result, 'time_edge');
    expect(result.accuracy).toBe(1);
  });

  test('calls at the very edge of a day', async () => {
    const { entries, reports } = await runTraffic({
      times: ['2026-10-14T20:00:00.000Z', '2026-10-14T23:59:59.000Z', '2026-10-15T10:00:00.000Z'],
      skewMilliseconds: -2_000,
    });
    const result = compare(reports.openai, entries);
    expectCause('calls at the edge of a day', 'real', result, 'time_edge');
    expect(result.days.map((day) => day.causes.map(({ cause }) => cause))).toEqual([
      ['time_edge'],
      ['time_edge'],
    ]);
  });

  test('a report fetched before it was complete', () => {
    const end = '2026-10-14T23:00:00.000Z';
    const report = reported({
      usage: (row) => (row.at < end ? [row] : []),
      costs: (row) => (row.day < end.slice(0, 10) ? [row] : []),
    });
    const late = {
      ...report,
      fetched_at: '2026-10-15T01:00:00.000Z',
      usage_until: end,
      costs_until: '2026-10-14T00:00:00.000Z',
    };
    expectCause(
      'a report that is not complete',
      'report',
      compare(late, sound.entries),
      'late_data',
    );
  });
});

describe('amounts that are no tokens', () => {
  test('searches that the ledger did not count', () => {
    const entries = changed(
      (entry) => {
        const { web_searches: _, ...units } = entry.usage!.units;
        return rebooked(entry, { ...entry.usage!, units });
      },
      (entry) => entry.provider === 'anthropic' && entry.usage !== null,
    );
    expectCause(
      'searches not counted',
      'ledger',
      compare(sound.reports.anthropic, entries),
      'tool_fees',
    );
  });

  const line = (changes: Partial<CostRow>): CostRow => ({
    day: '2026-10-14T00:00:00.000Z',
    model: null,
    tier: null,
    long: null,
    geo: null,
    kind: null,
    category: 'other',
    usd: '0.03',
    decimals: 2,
    quantity: null,
    project: null,
    label: 'vector store storage',
    ...changes,
  });

  test('storage and credits on the bill', () => {
    const { costs } = sound.reports.openai;
    const storage = { ...sound.reports.openai, costs: [...costs!, line({})] };
    expectCause('storage on the bill', 'report', compare(storage, sound.entries), 'other_services');
    const credit = line({ category: 'credit', usd: '-0.02', label: 'credit' });
    const credited = { ...sound.reports.openai, costs: [...costs!, credit] };
    expectCause('a credit on the bill', 'report', compare(credited, sound.entries), 'credits');
  });
});

describe('several faults at once', () => {
  test('each is named, with its own amount', async () => {
    const direct = await runTraffic({ meddle: ({ provider }) => chat(provider.url, 12) });
    const alone = compare(direct.reports.openai, direct.entries).causes[0]!.usd;
    const isMini = ({ model }: Entry) => model?.startsWith('gpt-4o-mini') === true;
    const isFive = ({ model }: Entry) => model?.startsWith('gpt-5-mini') === true;
    let repeats = 0n;
    let unpriced = 0n;
    const entries = direct.entries.flatMap((entry): Entry[] => {
      if (!billed(entry)) return [entry];
      if (isMini(entry)) {
        repeats += parseUsd(entry.cost.usd!);
        return [entry, { ...entry, id: `${entry.id}-again` }];
      }
      if (!isFive(entry)) return [entry];
      unpriced += parseUsd(entry.cost.usd!);
      return [{ ...entry, cost: { usd: null, status: 'unknown_model', charges: [] } }];
    });
    const result = compare(direct.reports.openai, entries);
    const usd = Object.fromEntries(result.causes.map(({ cause, usd: amount }) => [cause, amount]));
    expect(usd).toEqual({
      unrecorded_calls: alone,
      double_booked: formatUsd(-repeats),
      unpriced: formatUsd(unpriced),
    });
    expect(result.unexplained_usd).toBe('0');
    const sums = result.causes.reduce((sum, one) => sum + parseUsd(one.usd), 0n);
    record(
      'past the gateway, booked twice, unpriced',
      'real + ledger',
      result,
      absolute(parseUsd(result.difference_usd) - sums),
    );
  });

  test('a discount, another tier and a wrong clock', async () => {
    const { entries, reports } = await runTraffic({ skewMilliseconds: 30 * 60_000 });
    const untiered = entries.map((entry) =>
      billed(entry) ? rebooked(entry, { ...entry.usage!, modifiers: {} }) : entry,
    );
    const report = {
      ...reports.openai,
      costs: reports.openai.costs!.map((row) => scaled(row, 9n, 10n)),
    };
    const result = compare(report, untiered);
    expect(new Set(result.causes.map(({ cause }) => cause))).toEqual(
      new Set([
        'discount',
        'service_tier',
        'time_edge',
        ...(result.causes.some(({ cause }) => cause === 'rounding') ? ['rounding'] : []),
      ]),
    );
    expect(
      absolute(parseUsd(result.unexplained_usd)) * 1000n <= parseUsd(result.provider_usd),
    ).toBe(true);
    record('discount, missing tier, wrong clock', 'all three ways', result, 0n);
  });
});

test('five faults in the same hours are all named; little stays unexplained', async () => {
  const { entries, reports } = await runTraffic({
    skewMilliseconds: 30 * 60_000,
    meddle: async ({ provider, url }) => {
      await chat(provider.url, 12);
      await streams(`${url}/openai`, 5, { headers: { 'x-fake-fault': 'no-usage' } });
    },
  });
  let n = 0;
  const ledger = entries.flatMap((entry) => {
    if (!billed(entry)) return [entry];
    if (n++ % 9 === 0) return [entry, { ...entry, id: `${entry.id}-again` }];
    return [rebooked(entry, { ...entry.usage!, modifiers: {} })];
  });
  const result = compare(reports.openai, ledger);
  expect(new Set(result.causes.map(({ cause }) => cause))).toEqual(
    new Set(['time_edge', 'service_tier', 'unrecorded_calls', 'missing_usage', 'double_booked']),
  );
  record('clock, tier, past the gateway, lost tails, booked twice', 'real + ledger', result, 0n);
  const rest = absolute(parseUsd(result.unexplained_usd));
  expect(rest * 50n <= parseUsd(result.provider_usd), result.verdict).toBe(true);
});

describe('two faults at once', () => {
  const wrongPrice = () => {
    const row = { rates_per_mtok: { input: '2.75', cache_read: '1.375', output: '11' } };
    const rules = readOverride(row, { provider: 'openai', model: 'gpt-4o' });
    return defaultPriceBook([ruleLayer('override', 'farthing.yaml', rules)]);
  };
  const isUnpriced = ({ model }: Entry) => model?.startsWith('gpt-5.6') === true;
  /** In the order in which they are done to an entry. */
  const faults: Partial<Record<ReconciliationCauseName, (entry: Entry, n: number) => Entry[]>> = {
    service_tier: (entry) => [rebooked(entry, { ...entry.usage!, modifiers: {} })],
    cache_split: (entry) => {
      const { cache_read: cached, input_uncached: uncached, ...tokens } = entry.usage!.tokens;
      const all = { ...tokens, input_uncached: uncached + cached, cache_read: 0 };
      return [rebooked(entry, { ...entry.usage!, tokens: all })];
    },
    price: (entry) => [rebooked(entry, entry.usage, wrongPrice())],
    unpriced: (entry) =>
      isUnpriced(entry)
        ? [{ ...entry, cost: { usd: null, status: 'unknown_model', charges: [] } }]
        : [entry],
    double_booked: (entry, n) =>
      n % 5 === 0 ? [entry, { ...entry, id: `${entry.id}-again` }] : [entry],
    unrecorded_calls: (entry, n) => (n % 7 === 0 ? [] : [entry]),
  };
  const names = Object.keys(faults) as ReconciliationCauseName[];
  const pairs = names.flatMap((first, index) =>
    names
      .slice(index + 1)
      .map((second): [ReconciliationCauseName, ReconciliationCauseName] => [first, second]),
  );

  test.each(pairs)('%s and %s are both named', (first, second) => {
    let n = 0;
    const entries = sound.entries.flatMap((entry) => {
      if (!billed(entry)) return [entry];
      const number = n++;
      return [first, second].reduce(
        (all, name) => all.flatMap((one) => faults[name]!(one, number)),
        [entry],
      );
    });
    const result = compare(sound.reports.openai, entries);
    const provider = parseUsd(result.provider_usd);
    expect(result.causes.map(({ cause }) => cause)).toEqual(
      expect.arrayContaining([first, second]),
    );
    expect(absolute(parseUsd(result.unexplained_usd)) * 1000n <= provider, result.verdict).toBe(
      true,
    );
    const named = result.causes
      .filter(({ cause }) => cause === first || cause === second)
      .reduce((sum, { gross_usd: gross }) => sum + parseUsd(gross), 0n);
    const all = result.causes.reduce((sum, { gross_usd: gross }) => sum + parseUsd(gross), 0n);
    // Together they explain it all but for a twentieth: no third cause is dragged in.
    expect(named * 20n >= all * 19n, JSON.stringify(result.causes.map(({ cause }) => cause))).toBe(
      true,
    );
  });
});
