import {
  adjustEntry,
  entryEvent,
  entrySchema,
  formatUsd,
  type Charge,
  type Entry,
  type Tags,
} from '@farthing/core';
import * as fc from 'fast-check';

const day = 86_400_000;
/** 2026-02-27 12:00 UTC: the days around it span weeks, a month's end and both sides of noon. */
export const epoch = Date.UTC(2026, 1, 27, 12);

/** Words that break naive SQL, naive text handling or naive maps. */
export const hostileTexts = [
  `'; DROP TABLE calls; --`,
  `x' OR '1'='1`,
  '"double" `back` \\ % _ $1 ? :name {a}',
  'ünïcødé 日本語 🪙🏴‍☠️ עברית',
  'line\nbreak\ttab',
  'a zero \u0000 byte',
  '__proto__',
  'null',
  ' leading and trailing ',
];

const few = (prefix: string) => fc.constantFrom(`${prefix}-a`, `${prefix}-b`, `${prefix}-c`);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });
const tagValue = (prefix: string) =>
  optional(fc.oneof({ weight: 9, arbitrary: few(prefix) }, fc.constantFrom(...hostileTexts)));

/** From a picodollar to 9 million dollars: far beyond what a double holds exactly. */
const amount = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, 3n),
  fc.bigInt(0n, 10n ** 10n),
  fc.bigInt(0n, 10n ** 18n),
);
const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 200_000 }));

const charges: fc.Arbitrary<Charge[]> = fc
  .uniqueArray(
    fc.constantFrom(
      'input_uncached',
      'cache_read',
      'cache_write',
      'cache_write_5m',
      'cache_write_1h',
      'output',
      'web_searches',
    ),
    { maxLength: 4 },
  )
  .chain((kinds) =>
    fc.tuple(
      ...kinds.map((kind) =>
        fc.tuple(amount, count).map(([total, quantity]) => ({
          kind,
          quantity,
          rate_usd: '1',
          per: 1_000_000,
          amount_usd: formatUsd(total),
        })),
      ),
    ),
  );

const cost: fc.Arbitrary<Entry['cost']> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({ charges, rest: amount, partial: fc.boolean() })
      .map(({ charges: lines, rest, partial }): Entry['cost'] => ({
        usd: formatUsd(
          lines.reduce((sum, line) => sum + BigInt(picodollars(line.amount_usd)), rest),
        ),
        status: partial ? 'partial' : 'priced',
        source: partial ? 'overlay' : 'base',
        charges: lines,
      })),
  },
  fc
    .constantFrom('unknown_model' as const, 'no_usage' as const, 'not_billed' as const)
    .map((status): Entry['cost'] => ({ usd: null, status, reason: 'a reason', charges: [] })),
  fc
    .record({ reported: amount, computed: amount })
    .map(({ reported, computed }): Entry['cost'] => ({
      usd: formatUsd(reported),
      status: 'priced',
      source: 'reported',
      charges: [
        { kind: 'output', quantity: 1, rate_usd: '1', per: 1, amount_usd: formatUsd(computed) },
      ],
      reported_usd: formatUsd(reported),
      computed_usd: formatUsd(computed),
    })),
);

const usage: fc.Arbitrary<Entry['usage']> = fc.option(
  fc
    .record({
      tokens: fc.record({
        input_uncached: count,
        cache_read: count,
        cache_write: count,
        cache_write_5m: count,
        cache_write_1h: count,
        output: count,
      }),
      reasoning: optional(count),
      estimated: fc.boolean(),
    })
    .map(({ tokens, reasoning, estimated }) => ({
      tokens,
      details: reasoning === undefined ? {} : { reasoning },
      units: {},
      modifiers: {},
      estimated,
      raw: null,
      notes: [],
    })),
  { freq: 5 },
);

const estimate: fc.Arbitrary<Entry['estimate']> = optional(
  fc
    .record({
      input: count,
      output: count,
      usd: fc.option(fc.oneof(amount, fc.bigInt(0n, 10n ** 9n)), { nil: undefined, freq: 4 }),
      method: fc.constantFrom('bytes/4', 'learned', 'request', 'none'),
    })
    .map(({ input, output, usd, method }) => ({
      input_tokens: input,
      output_tokens: output,
      ...(usd === undefined ? {} : { usd: formatUsd(usd) }),
      method,
    })),
);

const prompt: fc.Arbitrary<Entry['prompt']> = optional(
  fc
    .record(
      {
        system: count,
        tools: count,
        context: count,
        history: count,
        user: count,
        files: count,
        calls: fc.integer({ min: 1, max: 60 }),
      },
      { requiredKeys: ['user'] },
    )
    .map((sources): NonNullable<Entry['prompt']> => ({ ...sources })),
);

const tags: fc.Arbitrary<Tags> = fc
  .record({
    feature: tagValue('feature'),
    user: tagValue('user'),
    tenant: tagValue('tenant'),
    segment: tagValue('segment'),
    agent: tagValue('agent'),
    run: tagValue('run'),
    session: tagValue('session'),
    environment: tagValue('environment'),
    custom: optional(
      fc.dictionary(
        fc.constantFrom('team', 'ticket', 'outcome', ...hostileTexts),
        fc.oneof(few('team'), fc.constantFrom(...hostileTexts)),
        { maxKeys: 3, noNullPrototype: true },
      ),
    ),
  })
  .map(withoutUndefined);

const span: fc.Arbitrary<NonNullable<Entry['span']>> = fc
  .record({
    parent: optional(few('span')),
    path: optional(
      fc.array(
        fc.record({
          kind: fc.constantFrom('agent' as const, 'tool' as const),
          name: fc.option(few('step')),
          span: few('span'),
        }),
        { maxLength: 3 },
      ),
    ),
  })
  .map(({ parent, path }) => ({
    trace: 'trace',
    span: 'own',
    ...(parent === undefined ? {} : { parent }),
    ...(path === undefined ? {} : { path }),
  }));

/** Most calls begin within three days, some exactly on an hour, some weeks away. */
const startedAt = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 3 * day }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 71 }).map((hour) => hour * 3_600_000) },
  { weight: 1, arbitrary: fc.integer({ min: -40 * day, max: 40 * day }) },
);

export const arbitraryEntry: fc.Arbitrary<Entry> = fc
  .record({
    id: fc.uuid(),
    adjustment: fc.boolean(),
    adjusted: fc.integer({ min: 0, max: 9 }),
    source: fc.constantFrom('gateway', 'sdk'),
    start: startedAt,
    duration: fc.integer({ min: 0, max: 60_000 }),
    recordedAfter: optional(fc.integer({ min: 0, max: 9 * day })),
    firstByte: optional(fc.integer({ min: 0, max: 5_000 })),
    provider: fc.constantFrom('openai', 'anthropic'),
    api: fc.constantFrom('responses', 'messages'),
    span: optional(span),
    stream: fc.boolean(),
    model: fc.option(few('model')),
    requested: fc.option(few('alias')),
    outcome: fc.constantFrom(
      'ok' as const,
      'ok' as const,
      'error' as const,
      'interrupted' as const,
      'unmetered' as const,
    ),
    status: fc.constantFrom(200, 429, 500, null),
    attempt: fc.constantFrom(1, 1, 1, 2, 3, 10),
    usage,
    cost,
    estimate,
    prompt,
    tags,
  })
  .map((parts): Entry => {
    // One entry in twenty corrects the books without being or adjusting a call.
    const adjustment = parts.adjustment && parts.adjusted === 0 && parts.cost.usd !== null;
    const start = epoch + parts.start;
    return {
      schema: entrySchema,
      event: entryEvent,
      id: parts.id,
      ...(adjustment ? amountOfNoCall(parts.cost) : { kind: 'call' }),
      source: parts.source,
      started_at: new Date(start).toISOString(),
      ended_at: new Date(start + parts.duration).toISOString(),
      ...(parts.recordedAfter === undefined
        ? {}
        : { recorded_at: new Date(start + parts.duration + parts.recordedAfter).toISOString() }),
      duration_ms: parts.duration,
      ...(parts.firstByte === undefined ? {} : { first_byte_ms: parts.firstByte }),
      provider: parts.provider,
      api: parts.api,
      stream: parts.stream,
      model_requested: parts.requested,
      model: parts.model,
      outcome: parts.outcome,
      http_status: parts.status,
      attempt: parts.attempt,
      usage: parts.usage,
      cost: adjustment
        ? { ...parts.cost, usd: negative(parts.cost.usd!), charges: [] }
        : parts.cost,
      ...(parts.estimate === undefined || adjustment ? {} : { estimate: parts.estimate }),
      ...(parts.prompt === undefined || adjustment ? {} : { prompt: parts.prompt }),
      ...(parts.span === undefined ? {} : { span: parts.span }),
      tags: parts.tags,
    };
  });

function amountOfNoCall({ usd }: Entry['cost']): Pick<Entry, 'kind' | 'adjusts'> {
  return {
    kind: 'adjustment',
    adjusts: {
      entry: null,
      number: 1,
      cause: 'manual',
      reason: 'a credit',
      by: 'somebody',
      status_before: 'priced',
      status_after: 'priced',
      usd_before: '0',
      usd_after: negative(usd!),
    },
  };
}

/** What says how a run ended: an entry of its own that used nothing and costs nothing. */
function outcomeRecord(entry: Entry): Entry {
  const {
    estimate: _estimate,
    prompt: _prompt,
    adjusts: _adjusts,
    first_byte_ms: _firstByte,
    ...rest
  } = entry;
  return {
    ...rest,
    kind: 'call',
    api: 'outcome',
    outcome: 'unmetered',
    usage: null,
    cost: { usd: '0', status: 'not_billed', reason: 'the outcome of a run', charges: [] },
  };
}

/** What is found out about a call later, up to three times. */
const corrections = fc.array(
  fc.record({
    id: fc.uuid(),
    cost,
    usage: fc.option(usage),
    after: fc.integer({ min: 0, max: 9 * day }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** A call and the entries that adjust it; most have none. */
const adjustedEntry: fc.Arbitrary<Entry[]> = fc
  .tuple(
    arbitraryEntry,
    fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: corrections }),
  )
  .map(([entry, found]) => {
    if (entry.tags.custom !== undefined && Object.hasOwn(entry.tags.custom, 'outcome')) {
      return [outcomeRecord(entry)];
    }
    const entries = [entry];
    if (entry.kind === 'adjustment') return entries;
    for (const { id, cost: now, usage: counts, after } of found) {
      const adjustment = adjustEntry(
        entry,
        entries.slice(1),
        { cost: now, ...(counts == null ? {} : { usage: counts }) },
        {
          cause: 'price',
          reason: 'a reason',
          by: 'somebody',
          source: 'reprice',
          recorded_at: new Date(Date.parse(entry.ended_at) + after).toISOString(),
        },
        () => id,
      );
      if (adjustment !== null) entries.push(adjustment);
    }
    return entries;
  });

/** Calls, the entries that adjust them, and amounts that belong to no call, in any order. */
export const arbitraryEntries = (maximum: number): fc.Arbitrary<Entry[]> =>
  fc
    .array(adjustedEntry, { maxLength: maximum })
    .map((groups) => [...new Map(groups.flat().map((entry) => [entry.id, entry])).values()])
    .map((entries) => entries.slice(0, maximum))
    .chain((entries) =>
      fc.shuffledSubarray(entries, { minLength: entries.length, maxLength: entries.length }),
    );

function negative(usd: string): string {
  return usd === '0' ? usd : `-${usd}`;
}

function picodollars(usd: string): bigint {
  const [whole = '0', fraction = ''] = usd.split('.');
  return BigInt(whole + fraction.padEnd(12, '0'));
}

function withoutUndefined(value: Record<string, unknown>): Tags {
  return Object.fromEntries(Object.entries(value).filter(([, tag]) => tag !== undefined)) as Tags;
}
