import type { TokenBuckets } from '../usage/usage.js';

/** A sum of money as it was recorded by the source and as the price book computes it. Decimal USD strings. */
export interface CostComparison {
  calls: number;
  /** Calls whose two figures differ by more than a billionth of a dollar. */
  disagreeing: number;
  recorded_usd: string;
  computed_usd: string;
  /** recorded − computed; negative when the source recorded too little. */
  difference_usd: string;
}

export interface CostDisagreement {
  id: string;
  /** The line of the file, from 1. */
  line: number;
  started_at: string;
  provider: string;
  model: string | null;
  input_tokens: number;
  output_tokens: number;
  recorded_usd: string;
  computed_usd: string;
  difference_usd: string;
}

/** Calls that the price book could not price, by model. */
export interface UnpricedImport {
  provider: string;
  model: string | null;
  calls: number;
  status: string;
  /** What the source says they cost; null when it says nothing. Never taken as the cost. */
  recorded_usd: string | null;
}

/** What the calls of one model come to, as imported. */
export interface ImportedModel {
  provider: string;
  model: string | null;
  calls: number;
  /** Of `calls`: those without a price. */
  unpriced: number;
  /** Disjoint counts, summed over the calls. */
  tokens: TokenBuckets;
  cost_usd: string;
}

/**
 * What `farthing import` did and what it found (its `--json` output). The comparison covers every
 * readable record of the files, whether it was imported now or before.
 */
export interface ImportSummary {
  /** What kind of source it was, e.g. `claude-code`. */
  kind: string;
  /** The paths as given. */
  file: string;
  files: number;
  /** The `source` of the entries, e.g. `import:aider`; `null` where the entries bring their own. */
  source: string | null;
  dry_run: boolean;
  lines: number;
  /** Records that are calls; the others (`other_records`) are no calls, e.g. other events. */
  calls: number;
  other_records: number;
  /** Records that repeat a call that this import has read already, e.g. in a resumed session. */
  repeated: number;
  imported: number;
  already_there: number;
  /** Calls that are still being written, or were opened and never closed: left for a later import. */
  unfinished: number;
  /** Calls left out because the books have them in another form; `notes` says which. */
  left_out: number;
  unreadable: {
    count: number;
    /** The first 100, with the line (or record) number from 1. */
    lines: { file: string; line: number; reason: string }[];
  };
  first_call_at: string | null;
  last_call_at: string | null;
  /** What the calls cost at the prices of their own time, as far as they have one. */
  cost_usd: string;
  /** By cost, the dearest first. */
  models: ImportedModel[];
  /** Over the calls that are priced and carry a recorded cost. */
  comparison: CostComparison & {
    by_model: (CostComparison & { provider: string; model: string | null })[];
    largest: CostDisagreement[];
  };
  unpriced: UnpricedImport[];
  /** What a reader should know, in sentences. */
  notes: string[];
}
