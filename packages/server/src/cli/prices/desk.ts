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
import type { Store } from '../../store/store.js';

/** What commands ask of prices; `prices` implements it, main.ts connects the two. */
export interface PriceDesk {
  readonly book: PriceBook;
  status(): PriceBookStatus;
  show(asked: { provider?: string | undefined; model: string; at?: string | undefined }): PriceView;
  /** The providers that a price list or the configuration has. */
  providers(): string[];
  list(asked: { provider?: string | undefined; search?: string | undefined }): ListedPrice[];
  own(): OwnPriceRecord[];
  set(request: OwnPriceRequest, options?: { dryRun?: boolean }): Promise<OwnPriceResult>;
  unset(removal: OwnPriceRemoval): Promise<{ ids: string[]; recorded_at: string }>;
  missing(store: Store, window: Window | undefined): Promise<MissingPrice[]>;
  check(file: string): Promise<PriceFileCheck>;
  difference(from: string | undefined): Promise<{
    difference: PriceDifference;
    compare(entries: AsyncIterable<Entry>): Promise<PriceComparison>;
  }>;
  refreshBase(options: {
    from?: string | undefined;
    dryRun: boolean;
    accept: boolean;
    by: string;
  }): Promise<BaseRefresh>;
  undoBaseRefresh(): BaseRefresh;
  refreshSources(options: { accept: boolean; by: string }): Promise<PriceSourceStatus[]>;
  close(): void;
}
