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

/**
 * What `farthing import` did and what it found (its `--json` output). The comparison covers every
 * readable record of the file, whether it was imported now or before.
 */
export interface ImportSummary {
  file: string;
  /** The `source` of the entries, e.g. `import:aider`. */
  source: string;
  dry_run: boolean;
  lines: number;
  /** Records that are calls by the mapping; the others (`other_records`) are no calls, e.g. other events. */
  calls: number;
  other_records: number;
  imported: number;
  already_there: number;
  unreadable: {
    count: number;
    /** The first 100, with the line number from 1. */
    lines: { line: number; reason: string }[];
  };
  first_call_at: string | null;
  last_call_at: string | null;
  /** Over the calls that are priced and carry a recorded cost. */
  comparison: CostComparison & {
    by_model: (CostComparison & { provider: string; model: string | null })[];
    largest: CostDisagreement[];
  };
  unpriced: UnpricedImport[];
}
