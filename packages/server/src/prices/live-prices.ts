import {
  overlayLayer,
  PriceBook,
  type Cost,
  type PriceBookOptions,
  type PriceBookStatus,
  type PriceLayer,
  type PriceRequest,
  type TokenPriceQuestion,
  type TokenPrices,
} from '@farthing/core';
import { snapshotLayer } from '@farthing/core/prices';
import type { PriceSettings } from '../config/index.js';
import { keepChecking, needsCheckAtStart } from './keep-checking.js';
import { openBase, openFile, openOwn, type OpenSource } from './open-sources.js';
import { priceDirectory } from './price-directory.js';
import { countRows, type PriceLog } from './price-source.js';
import { messageOf } from './problem.js';
import { watchFile } from './watch-file.js';

export interface LivePricesOptions {
  /** Absolute path. Nothing is created in it before there is something to keep. */
  dataDirectory: string;
  settings: PriceSettings;
  log: PriceLog;
  /** Keep looking for changes; a command that ends soon looks once. */
  watch: boolean;
}

/**
 * The price book as a process sees it: always the current one, made of
 * base < overlay < files and URLs in their order < rows set by command < farthing.yaml.
 */
export class LivePrices {
  readonly sources: readonly OpenSource[];
  readonly #own: OpenSource;
  readonly #settings: PriceSettings;
  readonly #log: PriceLog;
  #layers: readonly PriceLayer[] = [];
  #book: PriceBook;
  #changedAt: string | null = null;
  #problem: string | null = null;
  readonly #stops: (() => void)[] = [];

  private constructor({ dataDirectory, settings, log }: LivePricesOptions) {
    this.#settings = settings;
    this.#log = log;
    this.#book = new PriceBook([snapshotLayer(), overlayLayer(), ...settings.layers]);
    const context = {
      directory: priceDirectory(dataDirectory),
      settings,
      log,
      onChange: () => this.#recompose(),
      others: (own: PriceLayer | null) => this.#others(own),
    };
    this.#own = openOwn(context);
    const files = settings.files.map((named) => openFile(named, context));
    this.sources = [openBase(context), ...files, this.#own];
  }

  /**
   * Resolves when every source has been looked at once, or its last good copy is in use. A source that
   * cannot be used is told in log and status and never keeps a process from starting; the
   * configuration itself must be right (`unknown_fallback`).
   */
  static async open(options: LivePricesOptions): Promise<LivePrices> {
    const prices = new LivePrices(options);
    const { settings, watch, dataDirectory } = options;
    // Watching begins before the first look: a change in between is then seen by one of them.
    if (watch) {
      const { refresh } = priceDirectory(dataDirectory);
      const watcher = watchFile(refresh, () => void prices.checkAll());
      prices.#stops.push(() => watcher.stop());
      for (const open of prices.sources) {
        prices.#stops.push(keepChecking(open, settings.refreshMilliseconds));
      }
    }
    const [base, ...others] = prices.sources;
    await base?.source.check();
    await Promise.all(others.filter(needsCheckAtStart).map(({ source }) => source.check()));
    // What was refused for naming a model of another source may be right now that all are read.
    const again = others.filter(({ source, path }) => path !== null && source.hasProblem);
    await Promise.all(again.map(({ source }) => source.check()));
    prices.#compose();
    prices.#changedAt = null;
    return prices;
  }

  /** The current book. Ask again each time: a changed source makes a new one. */
  get book(): PriceBook {
    return this.#book;
  }

  /** The current layers, in rising precedence. */
  get layers(): readonly PriceLayer[] {
    return this.#layers;
  }

  /** What every book of this configuration is made with. */
  get bookOptions(): PriceBookOptions {
    const { fallback } = this.#settings;
    return fallback === null ? {} : { fallback };
  }

  price(request: PriceRequest): Cost {
    return this.#book.price(request);
  }

  tokenPrices(question: TokenPriceQuestion): TokenPrices | null {
    return this.#book.tokenPrices(question);
  }

  /** Looks at the rows set by command now: whoever sets one wants it in force at once. */
  async checkOwn(): Promise<void> {
    await this.#own.source.check();
  }

  /** Looks at every source now. */
  async checkAll(): Promise<void> {
    await Promise.all(this.sources.map(({ source }) => source.check()));
  }

  status(): PriceBookStatus {
    const [base, ...others] = this.sources.map(({ source }) => source.status());
    const builtIn = (kind: 'overlay' | 'config', layer: PriceLayer) => ({
      kind,
      name: layer.book,
      book: layer.book,
      state: 'ok' as const,
      rows: countRows(layer),
      loaded_at: null,
      checked_at: null,
      problem: null,
      problem_since: null,
      acceptable: false,
      notes: [],
    });
    return {
      book: this.#layers.map((layer) => layer.book).join(' + '),
      changed_at: this.#changedAt,
      problem: this.#problem,
      sources: [
        ...(base === undefined ? [] : [base]),
        builtIn('overlay', overlayLayer()),
        ...others,
        ...this.#settings.layers.map((layer) => builtIn('config', layer)),
      ],
    };
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  /** What `same_as` in one source may name: what all others have. Null before they are read. */
  #others(own: PriceLayer | null): PriceLayer[] | null {
    // Copies are taken up while the sources are being made.
    if ((this.sources as readonly OpenSource[] | undefined) === undefined) return null;
    return this.#layersNow().filter((layer) => layer !== own);
  }

  #layersNow(): PriceLayer[] {
    const [base, ...others] = this.sources.map(({ source }) => source.layer);
    const layers = [base, overlayLayer(), ...others, ...this.#settings.layers];
    return layers.filter((layer) => layer != null);
  }

  /** Throws `unknown_fallback`; the last good book is then still in use. */
  #compose(): void {
    const layers = this.#layersNow();
    this.#book = new PriceBook(layers, this.bookOptions);
    this.#layers = layers;
    this.#changedAt = new Date().toISOString();
  }

  #recompose(): void {
    if (this.#layers.length === 0) return;
    try {
      this.#compose();
      this.#problem = null;
    } catch (error) {
      this.#problem = messageOf(error);
      this.#log.error({ problem: this.#problem }, 'prices: the last good price book stays in use');
    }
  }
}
