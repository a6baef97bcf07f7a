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
import { fetchReport } from '../../packages/server/src/reconcile/index.js';
import { createMixedCalls } from '../books/mixed-calls.js';
import { startGatewayUnderTest, type GatewayUnderTest } from '../support/gateway.js';

export type Reported = 'openai' | 'anthropic';

/** What one run of real traffic left behind on both sides. */
export interface Traffic {
  entries: Entry[];
  reports: Record<Reported, ProviderReport>;
}

export const priceBook = defaultPriceBook();
const environment = { OPENAI_ADMIN_KEY: 'sk-admin-test', ANTHROPIC_ADMIN_KEY: 'sk-ant-admin-test' };

/**
 * Sends mixed calls by the official clients through a real gateway to the fake provider, lets `meddle`
 * do what a fault does, and fetches the provider's own reports over HTTP.
 */
export async function runTraffic(
  calls: number,
  meddle: (farthing: GatewayUnderTest) => Promise<void> = async () => {},
): Promise<Traffic> {
  const farthing = await startGatewayUnderTest();
  try {
    const send = createMixedCalls(farthing.url);
    let next = 0;
    const worker = async () => {
      while (next < calls) await send(next++);
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    await meddle(farthing);
    const entries = await farthing.entries();
    const day = new Date().toISOString().slice(0, 10);
    const window = {
      from: new Date(Date.parse(day) - 86_400_000).toISOString(),
      to: new Date(Date.parse(day) + 86_400_000).toISOString(),
    };
    const report = (provider: Reported) =>
      fetchReport({
        provider,
        window,
        priceBook,
        environment,
        baseUrl: farthing.provider.url,
        backoffMilliseconds: 1,
      });
    return {
      entries,
      reports: { openai: await report('openai'), anthropic: await report('anthropic') },
    };
  } finally {
    await farthing.close();
  }
}

export interface CompareOptions {
  own?: Partial<OwnTraffic>;
  finalAfter?: FinalAfter;
  book?: Pick<PriceBook, 'price'>;
}

/** Reconciles entries with a report that was fetched long after, unless a test says otherwise. */
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

/** The same report, fetched a week later: everything in it is final. */
export function weekLater(report: ProviderReport): ProviderReport {
  const fetched_at = new Date(Date.parse(report.fetched_at) + 7 * 86_400_000).toISOString();
  // The provider has had all the time to fill its buckets.
  return { ...report, fetched_at, usage_until: null, costs_until: null };
}
