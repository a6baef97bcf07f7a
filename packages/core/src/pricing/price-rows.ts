import type { RateUnit } from './rate-units.js';
import type { ToolPrice } from './tool-prices.js';

/** Prices as published: decimal strings in USD per {@link perUnits} of the unit. */
export type Rates = { readonly [unit in RateUnit]?: string };

/**
 * What must hold for a row to apply. Everything left out applies always. All facts come from the
 * answer or the call's context, never from what was merely asked for.
 */
export interface PriceConditions {
  /** `flex`, `priority`, `batch`; the standard tier has no name here. */
  readonly service_tier?: string;
  readonly speed?: string;
  readonly inference_geo?: string;
  /** Where the call ran: `regional` (a bare or geographic Bedrock id, a Vertex region), `data_zone`. */
  readonly scope?: string;
  /** `vertex` where a Google model has another price there than on AI Studio. */
  readonly endpoint?: string;
  readonly search_context_size?: string;
  /** `preview` for OpenAI's first web search tool, whose fee differs from its successor's. */
  readonly search_tool?: string;
  readonly size?: string;
  readonly quality?: string;
}

/** Compared with all input tokens of the call, cached or not. */
export interface Threshold {
  readonly op: 'gt' | 'gte' | 'lt' | 'lte';
  readonly tokens: number;
}

/** A daily window in UTC, end exclusive. `days` (0 = Sunday) limits it to weekdays of its start. */
export interface DailyWindow {
  readonly start: string;
  readonly end: string;
  readonly days?: readonly number[];
}

/**
 * One row of a price book: where it applies, and what it does. Rows are data and append-only: a price
 * change is a new row with a later `from`, so that a call is always priced as of its own time.
 */
export interface PriceRule {
  /** Farthing's provider name. */
  readonly provider: string;
  /** The book's model id; a trailing `*` matches any ending. Further ids go into `aliases`. */
  readonly model: string;
  readonly aliases?: readonly string[];
  /**
   * A known model that this one is priced as in every respect: an id of the same provider, or
   * `provider/id`. Taken exactly as it stands. Further rates of this model go over the known one's.
   */
  readonly same_as?: string;
  /** Model ids that a `*` leaves out. */
  readonly except?: readonly string[];
  /** ISO 8601, inclusive. */
  readonly from?: string;
  /** ISO 8601, exclusive. */
  readonly to?: string;
  readonly daily?: DailyWindow;
  readonly when?: PriceConditions;
  readonly threshold?: Threshold;
  /** Rates that this row sets; units it does not name keep their rates. */
  readonly rates?: Rates;
  /** True for a complete price list: rates of earlier rows do not shine through. */
  readonly complete?: boolean;
  /** Decimal factors on the rates so far: `tokens` for all token units, `all` for everything. */
  readonly multiply?: { readonly [unit in RateUnit | 'tokens' | 'all']?: string };
  /** Rates that follow from others where nothing states them: `[unit it derives from, factor]`. */
  readonly derive?: { readonly [unit in RateUnit]?: readonly [from: RateUnit, factor: string] };
  /** Set where the price is a private contract: the sentence that says so. */
  readonly contract?: string;
  /** The least quantity of a unit that is billed, e.g. 10 seconds of audio. */
  readonly minimum?: { readonly [unit in RateUnit]?: number };
  /** Where the figure is published. */
  readonly source: string;
}

/** A layer of the price book. Later layers go over earlier ones: base < overlay < override. */
export interface PriceLayer {
  readonly kind: 'base' | 'overlay' | 'override';
  /** Name and edition, recorded with every price: `genai-prices@0.1.8`. */
  readonly book: string;
  /** The rules that name one provider; called once per provider. Order matters: later rules win. */
  rules(provider: string): readonly PriceRule[];
  /** Every provider that some rule names. Listing models and comparing books need it. */
  providers?(): readonly string[];
  /** The user's own paid tools. */
  readonly tools?: readonly ToolPrice[];
  /** Providers whose price list is used where this one has no entry for a model (Azure → OpenAI). */
  fallbacks?(provider: string): readonly string[];
}

/** A layer over a plain list of rules, and of the user's own paid tools. */
export function ruleLayer(
  kind: PriceLayer['kind'],
  book: string,
  rules: readonly PriceRule[],
  tools: readonly ToolPrice[] = [],
): PriceLayer {
  const byProvider = new Map<string, PriceRule[]>();
  for (const rule of rules) {
    const known = byProvider.get(rule.provider);
    if (known === undefined) byProvider.set(rule.provider, [rule]);
    else known.push(rule);
  }
  return {
    kind,
    book,
    rules: (provider) => byProvider.get(provider) ?? [],
    providers: () => [...byProvider.keys()],
    ...(tools.length === 0 ? {} : { tools }),
  };
}
