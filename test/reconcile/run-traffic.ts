import {
  bookRates,
  LedgerCells,
  marginMilliseconds,
  reconcile,
  usualFinalAfter,
  type Entry,
  type FinalAfter,
  type OwnTraffic,
  type PriceBook,
  type ProviderReport,
  type Reconciliation,
} from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { vi } from 'vitest';
import type { Books } from '../../packages/server/src/fake-provider/index.js';
import { fetchReport } from '../../packages/server/src/reconcile/index.js';
import { createMixedCalls } from '../books/mixed-calls.js';
import { everyKind } from './direct-calls.js';
import { startGatewayUnderTest, type GatewayUnderTest } from '../support/gateway.js';

export type Reported = 'openai' | 'anthropic';

/** What one run of real traffic left behind on both sides. */
export interface Traffic {
  entries: Entry[];
  reports: Record<Reported, ProviderReport>;
  /** OpenAI's pages as they came over the wire, for those who save them to files. */
  saved: { usage: unknown[]; costs: unknown[] };
  /** Google has no usage API: its books by the day, as rows of a billing export. */
  googleRows: Record<string, unknown>[];
}

export interface TrafficOptions {
  /** Times at which calls are made, and how many at each. Default: eight times over a day's edge. */
  times?: readonly string[];
  callsEach?: number;
  /** How far the gateway's clock is ahead of the provider's. */
  skewMilliseconds?: number;
  /** What a fault does, after the ordinary calls. */
  meddle?: (farthing: GatewayUnderTest) => Promise<void>;
}

export const priceBook = defaultPriceBook();
const environment = { OPENAI_ADMIN_KEY: 'sk-admin-test', ANTHROPIC_ADMIN_KEY: 'sk-ant-admin-test' };
const window = { from: '2026-10-14T00:00:00.000Z', to: '2026-10-16T00:00:00.000Z' };

/** Every hour's calls are 20 minutes from its beginning and from its end. */
export const overMidnight = [
  '2026-10-14T21:20:00.000Z',
  '2026-10-14T21:40:00.000Z',
  '2026-10-14T22:20:00.000Z',
  '2026-10-14T22:40:00.000Z',
  '2026-10-14T23:20:00.000Z',
  '2026-10-14T23:40:00.000Z',
  '2026-10-15T00:20:00.000Z',
  '2026-10-15T00:40:00.000Z',
];

/**
 * Sends mixed calls by the official clients through a real gateway to the fake provider, at times of
 * the test's choosing (the clock alone is not real), lets `meddle` do what a fault does, and fetches
 * the provider's own reports over HTTP a week later.
 */
export async function runTraffic(options: TrafficOptions = {}): Promise<Traffic> {
  const { times = overMidnight, callsEach = 6, skewMilliseconds = 0 } = options;
  vi.useFakeTimers({ toFake: ['Date'] });
  const farthing = await startGatewayUnderTest({
    provider: { now: () => Date.now() - skewMilliseconds },
  });
  try {
    const send = createMixedCalls(farthing.url);
    let next = 0;
    for (const time of times) {
      vi.setSystemTime(time);
      const end = next + callsEach;
      const worker = async () => {
        while (next < end) await send(next++);
      };
      await Promise.all(Array.from({ length: 8 }, worker));
      await everyKind(farthing.url);
    }
    await options.meddle?.(farthing);
    const entries = await farthing.entries();
    vi.setSystemTime('2026-10-22T00:00:00.000Z');
    const report = (provider: Reported) =>
      fetchReport({
        provider,
        window,
        priceBook,
        environment,
        baseUrl: farthing.provider.url,
        backoffMilliseconds: 1,
      });
    const page = async (path: string): Promise<unknown[]> => {
      const start = Date.parse(window.from) / 1000;
      const end = Date.parse(window.to) / 1000;
      const response = await fetch(
        `${farthing.provider.url}/v1/organization/${path}&start_time=${start}&end_time=${end}`,
        { headers: { authorization: 'Bearer sk-admin-test' } },
      );
      return [await response.json()];
    };
    const groups = 'group_by=model,service_tier,batch,api_key_id,project_id';
    const hours = 'bucket_width=1h&limit=48';
    const saved = {
      usage: [
        ...(await page(`usage/completions?${hours}&${groups}`)),
        ...(await page(`usage/embeddings?${hours}&group_by=model`)),
      ],
      costs: await page('costs?limit=7&group_by=line_item'),
    };
    return {
      entries,
      saved,
      googleRows: googleRows(farthing.provider.books),
      reports: { openai: await report('openai'), anthropic: await report('anthropic') },
    };
  } finally {
    vi.useRealTimers();
    await farthing.close();
  }
}

function googleRows(books: Books): Record<string, unknown>[] {
  const days = ['2026-10-14T00:00:00Z', '2026-10-15T00:00:00Z'];
  return days.flatMap((day) =>
    books
      .bucket(86_400_000, Date.parse(day))
      .filter(({ provider }) => provider === 'gemini')
      .flatMap(({ model, counts, amounts }) =>
        (['input_uncached', 'cache_read', 'output'] as const)
          .filter((kind) => counts[kind] > 0)
          .map((kind) => ({
            usage_start_time: day.replace('T', ' ').replace('Z', ' UTC'),
            service: { description: 'Gemini API' },
            sku: { description: `${model.replaceAll('-', ' ')} ${googleKinds[kind]}` },
            usage: { amount: counts[kind], unit: 'count' },
            cost: amounts === null ? 0 : Number(amounts[kind]) / 1e12,
            currency: 'USD',
          })),
      ),
  );
}

const googleKinds = {
  input_uncached: 'input token count',
  cache_read: 'cached text input',
  output: 'output token count',
};

export interface CompareOptions {
  own?: Partial<OwnTraffic>;
  finalAfter?: FinalAfter;
  book?: Pick<PriceBook, 'price'>;
}

/** Reconciles entries, which a fault may have changed, with a report, which it may have changed too. */
export function compare(
  report: ProviderReport,
  entries: readonly Entry[],
  options: CompareOptions = {},
): Reconciliation {
  const rates = bookRates(options.book ?? priceBook, report.provider, report.window.from);
  const ledger = new LedgerCells({
    provider: report.provider,
    bucket: report.bucket,
    modelName: rates.modelName,
  });
  const from = new Date(Date.parse(report.window.from) - marginMilliseconds).toISOString();
  const to = new Date(Date.parse(report.window.to) + marginMilliseconds).toISOString();
  const near = entries.filter(({ started_at: at }) => at >= from && at < to);
  for (const entry of near) ledger.add(entry);
  for (const entry of near) ledger.addRepeats(entry);
  return reconcile({
    id: 'test',
    ranAt: report.fetched_at,
    report,
    ledger,
    own: { projects: [], api_keys: [], ...options.own },
    finalAfter: options.finalAfter ?? usualFinalAfter(report.provider),
    rates,
  });
}

/** The entry as it would have been booked with other usage or other prices. */
export function rebooked(
  entry: Entry,
  usage = entry.usage,
  book: Pick<PriceBook, 'price'> = priceBook,
): Entry {
  if (usage === null) return entry;
  const cost = book.price({
    provider: entry.provider,
    api: entry.api,
    model: entry.model,
    at: entry.started_at,
    reading: { status: 'ok', usage },
  });
  return { ...entry, usage, cost };
}
