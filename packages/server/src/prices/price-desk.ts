import type {
  BaseRefresh,
  Entry,
  ListedPrice,
  MissingPrice,
  OwnPriceRecord,
  OwnPriceRemoval,
  OwnPriceRequest,
  OwnPriceResult,
  PriceBook,
  PriceBookStatus,
  PriceComparison,
  PriceDifference,
  PriceFileCheck,
  PriceSourceStatus,
  PriceView,
  Window,
} from '@farthing/core';
import type { PriceSettings } from '../config/index.js';
import { readJournalledEntry } from '../ledger/index.js';
import type { Store } from '../store/store.js';
import { checkPriceFile } from './check-file.js';
import { compareOnLedger } from './compare-on-ledger.js';
import { differenceTo } from './diff-prices.js';
import type { LivePrices } from './live-prices.js';
import { locationOf } from './location.js';
import { knownProviders, mistypedProviders } from './known-providers.js';
import { missingPrices } from './missing-prices.js';
import { priceDirectory, type PriceDirectory } from './price-directory.js';
import { refreshBase, undoBaseRefresh } from './refresh-base.js';
import { refreshSources } from './refresh-sources.js';
import { listOwnPrices, setPrice, unsetPrices } from './set-prices.js';
import { listPrices, providerOf, showPrices } from './show-prices.js';

export interface PriceDeskOptions {
  live: LivePrices;
  /** Absolute path. */
  dataDirectory: string;
  settings: PriceSettings;
  /** The providers of the configuration, as entries name them. */
  configured?: readonly string[];
  /** Whose prices hold for a provider of the configuration. */
  priceAs(provider: string): string;
  now(): Date;
}

/** Everything that commands and the API do about prices, over the live price book. */
export class PriceDesk {
  readonly #options: PriceDeskOptions;
  readonly #directory: PriceDirectory;

  constructor(options: PriceDeskOptions) {
    this.#options = options;
    this.#directory = priceDirectory(options.dataDirectory);
  }

  /** The price book in force. */
  get book(): PriceBook {
    return this.#options.live.book;
  }

  status(): PriceBookStatus {
    return this.#options.live.status();
  }

  /** @param at ISO 8601; now when left out. Throws `unknown_model`, `invalid_time`. */
  show(asked: {
    provider?: string | undefined;
    model: string;
    at?: string | undefined;
  }): PriceView {
    return showPrices(this.#options.live.book, { ...asked, at: asked.at ?? this.#now() });
  }

  /** The provider that has the model; null when no price list has it. */
  providerOf(model: string): string | null {
    return providerOf(this.#options.live.book, model);
  }

  /** The providers that a price list or the configuration has; rows set by command make none known. */
  providers(): string[] {
    const { live, configured = [] } = this.#options;
    return knownProviders(live.layers, configured);
  }

  list(asked: { provider?: string | undefined; search?: string | undefined }): ListedPrice[] {
    return listPrices(this.#options.live.book, { ...asked, at: this.#now() });
  }

  /** What was set by command, the oldest first. */
  own(): OwnPriceRecord[] {
    return listOwnPrices(this.#directory.own);
  }

  /** Throws `invalid_prices`, `prices_unwritable`; resolves when the price is in force here. */
  async set(request: OwnPriceRequest, options: { dryRun?: boolean } = {}): Promise<OwnPriceResult> {
    const { live, now } = this.#options;
    const result = setPrice(this.#directory.own, request, live, now(), options);
    if (options.dryRun !== true) await live.checkOwn();
    const stated = request.tool === undefined ? request.price['provider'] : undefined;
    const mistyped = mistypedProviders([stated], this.providers());
    return { ...result, notes: [...result.notes, ...mistyped] };
  }

  /** Throws `nothing_set`, `invalid_time`. */
  async unset(removal: OwnPriceRemoval): Promise<{ ids: string[]; recorded_at: string }> {
    const { live, now } = this.#options;
    const result = unsetPrices(this.#directory.own, removal, now());
    await live.checkOwn();
    return result;
  }

  missing(store: Store, window: Window | undefined): Promise<MissingPrice[]> {
    const { live, priceAs, dataDirectory } = this.#options;
    return missingPrices({
      store,
      window,
      priceAs,
      book: live.book,
      entryOf: async (id) => {
        const found = await store.call(id);
        return found === null ? null : readJournalledEntry(dataDirectory, found.position, id);
      },
    });
  }

  /** @param file path or URL. */
  check(file: string): Promise<PriceFileCheck> {
    const { live, settings } = this.#options;
    const location = locationOf(file, process.cwd());
    return checkPriceFile(location, live.book, this.providers(), settings.timeoutMilliseconds);
  }

  /**
   * @param from path or URL of a published list or an own file; `bundled` for what came with this
   * version; where the published list is refreshed from when left out.
   */
  async difference(from: string | undefined): Promise<{
    difference: PriceDifference;
    compare(entries: AsyncIterable<Entry>): Promise<PriceComparison>;
  }> {
    const { live, settings, now, priceAs } = this.#options;
    const location =
      from === 'bundled' ? from : locationOf(from ?? settings.baseUrl, process.cwd());
    const { difference, before, after } = await differenceTo(live, location, {
      timeoutMilliseconds: settings.timeoutMilliseconds,
      now: now(),
    });
    return {
      difference,
      compare: (entries) =>
        compareOnLedger(
          entries,
          (call) => before.price(call),
          (call) => after.price(call),
          priceAs,
        ),
    };
  }

  /** Throws `price_source`, `price_list_invalid`: the last good list then stays in use. */
  refreshBase(options: {
    from?: string | undefined;
    dryRun: boolean;
    accept: boolean;
    by: string;
  }): Promise<BaseRefresh> {
    const { settings, now } = this.#options;
    return refreshBase({
      ...options,
      directory: this.#directory,
      from: options.from ?? settings.baseUrl,
      now: now(),
    });
  }

  /** Throws `nothing_to_roll_back`. */
  undoBaseRefresh(): BaseRefresh {
    return undoBaseRefresh(this.#directory);
  }

  /** Fetches and reads files and URLs anew, here and in running processes. */
  refreshSources(options: { accept: boolean; by: string }): Promise<PriceSourceStatus[]> {
    const { live, now } = this.#options;
    return refreshSources(live, this.#directory, { ...options, now: now() });
  }

  close(): void {
    this.#options.live.close();
  }

  #now(): string {
    return this.#options.now().toISOString();
  }
}
