import {
  CallGraph,
  formatUsd,
  parseUsd,
  restate,
  totalInput,
  type Entry,
  type SpanFacts,
} from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSpan } from '../../../../core/src/telemetry/read-span.js';
import { chatAttributes, sampleSpan } from '../../../../core/src/telemetry/span.fixture.js';
import {
  arbitraryWorld,
  knownEntry,
  shuffled,
  type World,
} from '../../../../core/src/telemetry/telemetry-world.fixture.js';
import { PackedSpans } from './packed-spans.js';
import { SpanBooks, type SpanBooksOptions } from './span-books.js';
import { spanEntryId } from './span-entry-id.js';

const book = defaultPriceBook();
const hold = 2_000;
const holdSummaries = 60_000;

/** A journal and a store in memory: an id is booked once, as the ledger does it. */
class Books {
  readonly journal: Entry[] = [];
  now = Date.UTC(2026, 10, 1, 13);
  /** The ledger is behind: it has booked so many of the journal's entries. */
  behind = false;
  failing = false;

  open(options: Partial<SpanBooksOptions> = {}): SpanBooks {
    return new SpanBooks({
      price: (request) => book.price(request),
      priceAs: (provider) => provider,
      defaults: {},
      append: async (entries) => {
        if (this.failing) throw new Error('the disk is full');
        this.journal.push(...entries);
      },
      find: async (id) => {
        if (this.behind) return null;
        const call = this.journal.find((entry) => entry.id === id);
        return call === undefined ? null : { call, adjustments: this.adjustmentsOf(id) };
      },
      now: () => this.now,
      holdMilliseconds: hold,
      holdSummariesMilliseconds: holdSummaries,
      ...options,
    });
  }

  adjustmentsOf(id: string): Entry[] {
    const found = this.journal.filter(({ adjusts }) => adjusts?.entry === id);
    return [...new Map(found.map((entry) => [entry.id, entry])).values()];
  }

  get calls(): Entry[] {
    const calls = this.journal.filter(({ kind }) => kind === 'call');
    return [...new Map(calls.map((entry) => [entry.id, entry])).values()];
  }

  /**
   * What the books come to: cost, tokens, and the calls that were not taken back. A failed call that
   * cost nothing has nothing to take back.
   */
  get net() {
    let usd = 0n;
    let input = 0;
    let output = 0;
    const standing: string[] = [];
    for (const call of this.calls) {
      const adjustments = this.adjustmentsOf(call.id);
      const { cost, usage } = restate(call, adjustments);
      usd += parseUsd(cost.usd ?? '0');
      input += usage === null ? 0 : totalInput(usage.tokens);
      output += usage?.tokens.output ?? 0;
      if (adjustments.length === 0 && call.cost.usd !== '0') standing.push(call.id);
    }
    return { usd: formatUsd(usd), input, output, standing: standing.sort() };
  }
}

/** What ought to be booked of a world: the calls that stand when all is known. */
function expected({ spans, known }: World): string[] {
  const graph = new CallGraph();
  const records = spans.flatMap((facts) => graph.add(facts) ?? []);
  for (const entry of known) graph.addKnown(entry);
  const standing = records.filter((record) => graph.beaten(record) === null);
  return standing.map(({ trace, span }) => spanEntryId(trace!, span!)).sort();
}

type Event = { spans: SpanFacts[] } | { known: Entry[] };

/** Everything of a world in some order, cut into batches of some sizes. */
function eventsOf(world: World, seed: number, sizes: readonly number[]): Event[] {
  const spans = shuffled(world.spans, seed);
  const events: Event[] = world.known.map((entry) => ({ known: [entry] }));
  for (let start = 0, batch = 0; start < spans.length; batch++) {
    const size = sizes[batch % sizes.length] ?? 1;
    events.push({ spans: spans.slice(start, start + size) });
    start += size;
  }
  return shuffled(events, seed + 1);
}

function feed(books: SpanBooks, event: Event, now: number): void {
  if ('spans' in event) books.take(new PackedSpans(event.spans), now);
  else books.known(event.known);
}

const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });

describe('any order and any split into batches books the same', () => {
  test('entry by entry, where all came while the calls waited', async () => {
    const run = async (world: World, seed: number, cut: number[]) => {
      const ledger = new Books();
      const books = ledger.open();
      for (const event of eventsOf(world, seed, cut)) feed(books, event, ledger.now);
      ledger.now += holdSummaries;
      await books.settle();
      expect(books.waiting).toBe(0);
      return ledger.journal.sort((a, b) => (a.id < b.id ? -1 : 1));
    };
    await fc.assert(
      fc.asyncProperty(
        arbitraryWorld,
        fc.integer(),
        fc.integer(),
        sizes,
        sizes,
        async (world, one, other, cutOne, cutOther) => {
          const first = await run(world, one, cutOne);
          expect(await run(world, other, cutOther)).toEqual(first);
          expect(first.map(({ id }) => id)).toEqual(expected(world));
        },
      ),
      { numRuns: 100 },
    );
  });

  test('in sum, where some came long after others were booked, over crashes and a ledger behind', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryWorld,
        fc.integer(),
        sizes,
        fc.array(fc.constantFrom('settle', 'crash', 'behind', 'nothing'), { maxLength: 8 }),
        async (world, seed, cut, happenings) => {
          const ledger = new Books();
          let books = ledger.open();
          const past: Event[] = [];
          for (const [index, event] of eventsOf(world, seed, cut).entries()) {
            feed(books, event, ledger.now);
            past.push(event);
            const happens = happenings[index % Math.max(1, happenings.length)];
            ledger.behind = happens === 'behind';
            if (happens === 'crash') {
              // What was received lies in the inbox, what was booked in the journals.
              books = ledger.open();
              books.known(ledger.journal);
              for (const before of past) feed(books, before, ledger.now);
            } else if (happens !== 'nothing') {
              ledger.now += holdSummaries;
              await books.settle();
            }
          }
          ledger.behind = false;
          ledger.now += holdSummaries;
          await books.settle();
          await books.settle();

          const clean = new Books();
          const atOnce = clean.open();
          for (const event of past) feed(atOnce, event, clean.now);
          clean.now += holdSummaries;
          await atOnce.settle();
          expect(ledger.net).toEqual(clean.net);
        },
      ),
      { numRuns: 120 },
    );
  });
});

const span = (overrides: Parameters<typeof sampleSpan>[0] = {}) =>
  readSpan(
    sampleSpan({ ...overrides, attributes: { ...chatAttributes, ...overrides?.attributes } }),
    () => undefined,
  );
const wrapper = (overrides: Parameters<typeof sampleSpan>[0] = {}) =>
  span({ ...overrides, attributes: { 'gen_ai.operation.name': 'invoke_agent' } });

describe('waiting', () => {
  test('a call is booked when it has waited, a summary later', async () => {
    const ledger = new Books();
    const books = ledger.open();
    books.take(new PackedSpans([span({ trace: 'a' }), wrapper({ trace: 'b' })]), ledger.now);
    ledger.now += hold - 1;
    await books.settle();
    expect(ledger.journal).toHaveLength(0);
    ledger.now += 1;
    await books.settle();
    expect(ledger.journal).toHaveLength(1);
    ledger.now += holdSummaries - hold;
    await books.settle();
    expect(ledger.journal).toHaveLength(2);
  });

  test('an entry has its price, its place and the tags of what stands above it', async () => {
    const ledger = new Books();
    const books = ledger.open({ defaults: { environment: 'production' } });
    books.take(
      new PackedSpans([
        wrapper({ span: '1', attributes: {} }),
        readSpan(
          sampleSpan({
            span: '2',
            parent: '1',
            attributes: { ...chatAttributes, 'farthing.feature': 'billing' },
            resource: { 'service.name': 'shop', 'farthing.feature': 'other' },
            scope: 'lib',
          }),
          () => undefined,
        ),
      ]),
      ledger.now,
    );
    await books.settle(true);
    expect(ledger.journal).toMatchObject([
      {
        source: 'otlp:lib',
        api: 'otel.genai',
        provider: 'openai',
        model: 'gpt-4o-mini-2024-07-18',
        // 1000 × 0.15 + 100 × 0.6 per million
        cost: { usd: '0.00021', status: 'priced' },
        span: { parent: '1'.padStart(16, '0'), path: [{ kind: 'agent', name: 'chat' }] },
        tags: {
          environment: 'production',
          feature: 'billing',
          agent: 'chat',
          run: 'a'.padStart(32, '0'),
          trace: 'a'.padStart(32, '0'),
          custom: { service: 'shop', operation: 'chat' },
        },
      },
    ]);
  });

  test('what others have journalled by then is looked at first', async () => {
    const ledger = new Books();
    const books: SpanBooks = ledger.open({
      caughtUp: async () => books.known([knownEntry({ responseId: 'r' })]),
    });
    books.take(new PackedSpans([span({ attributes: { 'gen_ai.response.id': 'r' } })]), ledger.now);
    await books.settle(true);
    expect(ledger.journal).toEqual([]);
  });

  test('a journal that fails loses nothing', async () => {
    const ledger = new Books();
    const books = ledger.open();
    books.take(new PackedSpans([span({ trace: 'a' }), span({ trace: 'b' })]), ledger.now);
    ledger.failing = true;
    await expect(books.settle(true)).rejects.toThrow('the disk is full');
    ledger.failing = false;
    await books.settle(true);
    expect(ledger.calls).toHaveLength(2);
  });
});

describe('a call that turns out to be booked elsewhere', () => {
  test('is taken back by an adjusting entry that says why', async () => {
    const ledger = new Books();
    const books = ledger.open();
    books.take(new PackedSpans([span({ attributes: { 'gen_ai.response.id': 'r' } })]), ledger.now);
    await books.settle(true);
    books.known([knownEntry({ responseId: 'r' })]);
    await books.settle(true);
    expect(ledger.journal).toMatchObject([
      { kind: 'call', cost: { usd: '0.00021' } },
      {
        kind: 'adjustment',
        adjusts: {
          cause: 'usage',
          reason: expect.stringContaining('known by its response id') as string,
          usd_after: '0',
          status_after: 'not_billed',
        },
        cost: { usd: '-0.00021' },
        usage: { tokens: { input_uncached: -1000, output: -100 } },
      },
    ]);
    expect(ledger.net).toMatchObject({ usd: '0', input: 0, output: 0, standing: [] });
  });

  test('is taken back, too, when that comes out while it is being booked', async () => {
    const ledger = new Books();
    const books: SpanBooks = ledger.open({
      append: async (entries) => {
        ledger.journal.push(...entries);
        books.known([knownEntry({ responseId: 'r' })]);
      },
    });
    books.take(new PackedSpans([span({ attributes: { 'gen_ai.response.id': 'r' } })]), ledger.now);
    await books.settle(true);
    expect(ledger.net).toMatchObject({ usd: '0', standing: [] });
  });

  test('is taken back once, also after a restart', async () => {
    const ledger = new Books();
    const first = ledger.open();
    const facts = span({ attributes: { 'gen_ai.response.id': 'r' } });
    first.take(new PackedSpans([facts]), ledger.now);
    await first.settle(true);
    first.known([knownEntry({ responseId: 'r' })]);
    await first.settle();
    const second = ledger.open();
    second.known([...ledger.journal, knownEntry({ responseId: 'r' })]);
    second.take(new PackedSpans([facts]), ledger.now);
    await second.settle(true);
    expect(ledger.journal).toHaveLength(2);
  });
});

describe('memory', () => {
  test('silent traces are forgotten, and a span that comes again has the same id', async () => {
    const ledger = new Books();
    const books = ledger.open({ rememberMilliseconds: 1_000 });
    books.take(new PackedSpans([span()]), ledger.now);
    await books.settle(true);
    ledger.now += 2_000;
    await books.settle(true);
    books.take(new PackedSpans([span()]), ledger.now);
    await books.settle(true);
    expect(new Set(ledger.journal.map(({ id }) => id)).size).toBe(1);
  });

  test('beyond the limit the most silent traces go first, and none that waits', async () => {
    const ledger = new Books();
    const books = ledger.open({ mostSpans: 50 });
    for (let n = 0; n < 200; n++) {
      books.take(new PackedSpans([span({ trace: String(1000 + n) })]), ledger.now);
      ledger.now += 1;
    }
    await books.settle(true);
    expect(ledger.calls).toHaveLength(200);
  });
});
