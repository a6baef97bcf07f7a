import {
  bookRates,
  canonicalProvider,
  didYouMean,
  FarthingError,
  marginMilliseconds,
  reconcile,
  usualFinalAfter,
  type BookRates,
  type PriceBook,
  type ProviderReport,
  type Reconciliation,
  type Window,
} from '@farthing/core';
import { uuidv7 } from 'uuidv7';
import type { Store } from '../store/store.js';
import { adminKeyOf, fetchedProviders, isFetched } from './admin-key.js';
import { fetchAnthropicReport } from './fetch-anthropic-report.js';
import { fetchOpenAIReport } from './fetch-openai-report.js';
import type { PageSource } from './fetch-pages.js';
import { readLedgerSide } from './read-ledger.js';
import { ReconciliationsFile } from './results-file.js';
import { around, readFinalAfter, wholeDays } from './spans.js';

/** Per provider, from farthing.yaml: whose traffic passes Farthing, and where the reports are. */
export interface ReconcileSettings {
  projects: readonly string[];
  api_keys: readonly string[];
  base_url?: string | undefined;
}

export interface FetchReportOptions {
  provider: string;
  window: Window;
  priceBook: Pick<PriceBook, 'price'>;
  environment: Readonly<Record<string, string | undefined>>;
  baseUrl?: string | undefined;
  now?: () => Date;
  backoffMilliseconds?: number;
  signal?: AbortSignal;
}

const officialUrls = {
  openai: 'https://api.openai.com',
  anthropic: 'https://api.anthropic.com',
} as const;

/**
 * Asks a provider for its usage and cost reports of the window, widened to whole UTC days. Throws
 * `admin_key_missing`, `admin_key_refused`, `report_refused`, `provider_unavailable`,
 * `invalid_report`, and `no_report_api` for providers that have no such reports.
 */
export async function fetchReport(options: FetchReportOptions): Promise<ProviderReport> {
  const provider = canonicalProvider(options.provider);
  if (!isFetched(provider)) {
    throw new FarthingError(
      'no_report_api',
      `Farthing cannot fetch reports of ${provider}: only openai and anthropic have an API for them. Export its costs to a file and give it with --costs.${didYouMean(provider, fetchedProviders)}`,
    );
  }
  const key = adminKeyOf(provider, options.environment);
  const window = wholeDays(options.window);
  const span = around(window, marginMilliseconds);
  const now = (options.now ?? (() => new Date()))();
  const source: PageSource = {
    provider,
    baseUrl: (options.baseUrl ?? officialUrls[provider]).replace(/\/+(v1\/*)?$/, ''),
    headers:
      provider === 'openai'
        ? { authorization: `Bearer ${key}` }
        : { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
    ...(options.backoffMilliseconds === undefined
      ? {}
      : { backoffMilliseconds: options.backoffMilliseconds }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  return provider === 'openai'
    ? fetchOpenAIReport(
        source,
        window,
        span,
        bookRates(options.priceBook, provider, window.from),
        now,
      )
    : fetchAnthropicReport(source, window, span, now);
}

export interface ReconcilerOptions {
  dataDirectory: string;
  store: Store;
  priceBook: Pick<PriceBook, 'price'>;
  settings: Readonly<Record<string, ReconcileSettings>>;
  environment: Readonly<Record<string, string | undefined>>;
  now?: () => Date;
}

export interface ReconcileRun {
  provider: string;
  window: Window;
  projects?: string[];
  api_keys?: string[];
  /** `90m`, `24h`: overrides how long the provider may still change its figures. */
  final_after?: string;
  /** Absent: the provider is asked. */
  report?: ProviderReport;
}

export interface Reconciler {
  list(): Promise<Reconciliation[]>;
  run(request: ReconcileRun): Promise<Reconciliation>;
}

/** Compares the ledger of a data directory with providers' reports, and keeps the results. */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const file = new ReconciliationsFile(options.dataDirectory);
  const now = options.now ?? (() => new Date());
  return {
    list: () => file.list(),
    async run(request) {
      const provider = canonicalProvider(request.provider);
      const settings = options.settings[provider];
      const finalAfter =
        request.final_after === undefined
          ? usualFinalAfter(provider)
          : readFinalAfter(request.final_after);
      const report =
        request.report ??
        (await fetchReport({
          provider,
          window: request.window,
          priceBook: options.priceBook,
          environment: options.environment,
          baseUrl: settings?.base_url,
          now,
        }));
      requireSame(report, provider);
      const window = wholeDays(report.window);
      const rates: BookRates = bookRates(options.priceBook, provider, window.from);
      const side = await readLedgerSide(
        options.dataDirectory,
        options.store,
        { provider, bucket: report.bucket, modelName: rates.modelName },
        window,
        around(window, report.bucket === 'hour' ? marginMilliseconds : 0),
      );
      const result = reconcile({
        id: uuidv7(),
        ranAt: now().toISOString(),
        report: { ...report, window },
        ledger: side.cells,
        own: {
          projects: request.projects ?? settings?.projects ?? [],
          api_keys: request.api_keys ?? settings?.api_keys ?? [],
        },
        finalAfter,
        rates,
        excludedDays: side.excludedDays,
      });
      await file.append(result);
      return result;
    },
  };
}

function requireSame(report: ProviderReport, provider: string): void {
  if (report.provider === provider) return;
  throw new FarthingError(
    'invalid_report',
    `The report is of ${report.provider}, not of ${provider}.`,
  );
}
