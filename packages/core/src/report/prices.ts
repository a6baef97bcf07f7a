import type { CostStatus } from '../pricing/charge.js';
import type { PriceChange } from '../pricing/diff-layers.js';
import type {
  EffectiveRate,
  ModelMatch,
  ModelName,
  ModelPriceRow,
} from '../pricing/model-prices.js';

/** What the price book says about one model, at one time: `farthing prices show`. */
export interface PriceView {
  provider: string;
  model: string;
  /** Whose price list has it, where that is another provider's. */
  owner: string;
  match: ModelMatch;
  matched_id: string;
  same_as?: ModelName;
  aliases: string[];
  /** ISO 8601. */
  at: string;
  /** Rates of an ordinary call at that time: standard tier, short prompt, no region. */
  rates: EffectiveRate[];
  /** Set where the price is a private contract: the sentence that says so. */
  contract?: string;
  /** Providers that have the model as well, at other rates; none where the provider was named. */
  others: string[];
  /** Every row about it, of all times and conditions, in the order in which they apply. */
  rows: ModelPriceRow[];
}

/** One line of `farthing prices list`: decimal strings in USD per million tokens. */
export interface ListedPrice extends ModelName {
  input_per_mtok: string | null;
  cache_read_per_mtok: string | null;
  output_per_mtok: string | null;
  /** The highest layer that has a part in its rates. */
  source: string | null;
}

/** Calls that have no price, or only a part of one, and what would give them one. */
export interface MissingPrice {
  provider: string | null;
  model: string | null;
  cost_status: CostStatus;
  calls: number;
  tokens_input: number;
  tokens_output: number;
  first_seen: string | null;
  last_seen: string | null;
  /** Why, as the calls themselves say; several where they differ (a tier, a tool, a unit). */
  reasons: string[];
  /** A listed model whose name is almost the same; for `same_as`, when it is the same one. */
  suggestion: ModelName | null;
  /** Whether the price book has a price by now: `farthing reprice` books it. */
  priced_now: boolean;
  /** What to add to farthing.yaml; null where no price would help. */
  snippet: string | null;
  /** The command that does the same. */
  command: string | null;
}

/** What became of a refresh of the base price list. */
export interface BaseRefresh {
  outcome: 'written' | 'unchanged' | 'would_write' | 'refused' | 'rolled_back';
  /** Where it came from, without what could be secret in it. */
  from: string;
  book_before: string;
  book_after: string;
  models: number;
  changes: PriceChange[];
  /** What the guard found; a person may accept it. */
  findings: string[];
  /** Prices of the source that Farthing has no unit for. */
  warnings: string[];
}

/** What a file of prices is, or everything that is wrong with it: `farthing prices check`. */
export interface PriceFileCheck {
  file: string;
  ok: boolean;
  format: 'farthing' | 'litellm' | 'genai-prices' | null;
  rows: number;
  tools: number;
  notes: string[];
  problems: string[];
}

/** A price that somebody sets: a row in Farthing's own format, or the price of a tool by its name. */
export interface OwnPriceRequest {
  price: Readonly<Record<string, unknown>>;
  /** Set for the price of a tool: `price` is then `{ price, per?, effective_from?, effective_to? }`. */
  tool?: string;
  note?: string;
  /** Who sets it. */
  by: string;
}

/** What became of it. */
export interface OwnPriceResult {
  id: string;
  recorded_at: string;
  /** The row as it was recorded, with the time from which it holds. */
  price: Readonly<Record<string, unknown>>;
  /** Null: since always. */
  effective_from: string | null;
  /** True when nobody said from when and the model had a price: the row then holds from now on. */
  from_now_assumed: boolean;
  /** What a careful person would look at twice. */
  notes: string[];
}

/** A row as it was set by command, and whether it was taken back: `farthing prices list --own`. */
export interface OwnPriceRecord {
  id: string;
  recorded_at: string;
  recorded_by: string;
  note?: string;
  /** Set for the price of a tool. */
  tool?: string;
  price: Readonly<Record<string, unknown>>;
  /** `from` is null where it was taken back as if it had never been. */
  taken_back?: { from: string | null; recorded_at: string; recorded_by: string; note?: string };
}

/** Which rows to take back: all that were set for a model, or for a tool. */
export interface OwnPriceRemoval {
  provider?: string;
  model?: string;
  tool?: string;
  /** From when on they no longer hold; left out, they are taken back as if they had never been. */
  from?: string;
  note?: string;
  by: string;
}

/** What would change if other prices came into use. */
export interface PriceDifference {
  from: string;
  book_before: string;
  book_after: string;
  changes: PriceChange[];
}

/** What other prices would have made of the calls of a window. Decimal strings in USD. */
export interface PriceComparison {
  calls: number;
  before_usd: string;
  after_usd: string;
  change_usd: string;
  /** Calls without a price before, and after. */
  unpriced_before: number;
  unpriced_after: number;
  /** Models whose cost differs, the largest difference first. */
  models: (ModelName & {
    calls: number;
    before_usd: string;
    after_usd: string;
    change_usd: string;
    unpriced_before: number;
    unpriced_after: number;
  })[];
}
