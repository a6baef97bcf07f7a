import {
  emptyTokens,
  FarthingError,
  pricedModel,
  readCallContext,
  readOverride,
  readUsage,
  ruleLayer,
  totalInput,
  type CallContext,
  type Charge,
  type Cost,
  type PriceBook,
  type PriceLayer,
  type UsageReading,
} from '@farthing/core';

/** One line of `farthing price --jsonl`, out. Amounts are exact decimal strings in USD. */
export interface PricedLine {
  id: string | number | null;
  status: Cost['status'];
  cost_usd: string | null;
  /** The same at public list prices, where the user's own prices make another cost of it. */
  list_usd?: string;
  source?: Cost['source'];
  reason?: string;
  model: string | null;
  /** Disjoint buckets, the parts of them that were reported, and other billed units; null without usage. */
  tokens: Record<string, number> | null;
  charges: Charge[];
  price?: Cost['price'];
  reported_usd?: string;
  computed_usd?: string;
  notes?: string[];
}

export interface FailedLine {
  id: string | number | null;
  line: number;
  error: { code: string; message: string };
}

/** Prices lines of JSON, each on its own. Keeps one price book per override that lines carry. */
export class LinePricer {
  readonly #createBook: (overrides: readonly PriceLayer[]) => PriceBook;
  readonly #list: PriceBook;
  readonly #books = new Map<string, PriceBook>();

  constructor(createBook: (overrides: readonly PriceLayer[]) => PriceBook) {
    this.#createBook = createBook;
    this.#list = createBook([]);
  }

  /** Never throws: what is wrong with a line is the answer to it, with the number of the line. */
  price(text: string, line: number): PricedLine | FailedLine {
    let id: string | number | null = null;
    try {
      const record = parseRecord(text);
      id = idOf(record['id']);
      return this.#priceRecord(record, id);
    } catch (error) {
      if (!FarthingError.isInstance(error)) throw error;
      const { code, message } = error as FarthingError;
      return { id, line, error: { code, message: `line ${line}: ${message}` } };
    }
  }

  #priceRecord(record: Record<string, unknown>, id: string | number | null): PricedLine {
    const provider = requiredText(record, 'provider');
    const api = requiredText(record, 'api');
    const requested = optionalText(record, 'model');
    const at = requiredText(record, 'date');
    if (Number.isNaN(Date.parse(at))) {
      throw invalidLine(`"date" is "${at}", no time: write ISO 8601, like "2026-05-01T00:00:00Z".`);
    }
    if (!('usage' in record)) {
      throw invalidLine('"usage" is missing: give the answer as the provider returned it.');
    }
    const context = readCallContext(record['context']);
    const reading = readUsage({
      provider,
      api,
      payload: record['usage'],
      ...(context === undefined ? {} : { context }),
    });
    const model = pricedModel({ provider, requested, answered: reading.model });
    const book = this.#bookFor(record['context'], { provider, model: model ?? '' });
    const cost = book.price(callOf({ provider, api, model, at, reading }, context));
    return renderPriced(id, model, reading, cost);
  }

  #bookFor(context: unknown, subject: { provider: string; model: string }): PriceBook {
    const override = (context as { override?: unknown } | null | undefined)?.override;
    if (override === undefined || override === null) return this.#list;
    const key = JSON.stringify([subject, override]);
    const known = this.#books.get(key);
    if (known !== undefined) return known;
    const rules = readOverride(override, subject);
    const book = this.#createBook([ruleLayer('override', 'context.override', rules)]);
    if (this.#books.size >= mostBooks) this.#books.clear();
    this.#books.set(key, book);
    return book;
  }
}

/** Lines may each carry another override; books of their own must not pile up. */
const mostBooks = 64;

function callOf(
  call: { provider: string; api: string; model: string | null; at: string; reading: UsageReading },
  context: CallContext | undefined,
) {
  return context === undefined ? call : { ...call, context };
}

function renderPriced(
  id: string | number | null,
  model: string | null,
  reading: UsageReading,
  cost: Cost,
): PricedLine {
  return {
    id,
    status: cost.status,
    cost_usd: cost.usd,
    ...(cost.list_usd === undefined ? {} : { list_usd: cost.list_usd }),
    ...(cost.source === undefined ? {} : { source: cost.source }),
    ...(cost.reason === undefined ? {} : { reason: cost.reason }),
    model,
    tokens: renderTokens(reading, cost.charges),
    charges: cost.charges,
    ...(cost.price === undefined ? {} : { price: cost.price }),
    ...(cost.reported_usd === undefined ? {} : { reported_usd: cost.reported_usd }),
    ...(cost.computed_usd === undefined ? {} : { computed_usd: cost.computed_usd }),
    ...(reading.status === 'ok' && reading.usage.notes.length > 0
      ? { notes: reading.usage.notes }
      : {}),
  };
}

/**
 * What was counted. Usage that contradicts itself and calls that are not billed count as zero tokens,
 * because that is what is booked; a call without usage has no counts at all.
 */
function renderTokens(
  reading: UsageReading,
  charges: readonly Charge[],
): Record<string, number> | null {
  if (reading.status === 'no_usage') return null;
  if (reading.status !== 'ok') return { ...emptyTokens(), reasoning: 0 };
  const { tokens, details, units, nested } = reading.usage;
  const rendered: Record<string, number> = { ...tokens, reasoning: 0, ...details, ...units };
  const cachedAudio = details.cache_read_audio;
  if (cachedAudio !== undefined) {
    rendered['cached_audio'] = cachedAudio;
    rendered['cached_text'] = tokens.cache_read - cachedAudio - (details.cache_read_image ?? 0);
  }
  for (const { tokens: part } of nested ?? []) {
    rendered['advisor_input'] = (rendered['advisor_input'] ?? 0) + totalInput(part);
    rendered['advisor_output'] = (rendered['advisor_output'] ?? 0) + part.output;
  }
  for (const { kind, quantity } of charges) {
    // A minimum is billed instead of what was used.
    if (units[kind] !== undefined && units[kind] !== quantity) {
      rendered[`billed_${kind}`] = quantity;
    }
  }
  return rendered;
}

function parseRecord(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidLine('not JSON: each line must be one object.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidLine('not an object: write {"id", "provider", "model", "api", "date", "usage"}.');
  }
  return value as Record<string, unknown>;
}

function idOf(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw invalidLine('"id" must be a text or a number.');
}

function requiredText(record: Record<string, unknown>, field: string): string {
  const value = optionalText(record, field);
  if (value === null) throw invalidLine(`"${field}" is missing.`);
  return value;
}

function optionalText(record: Record<string, unknown>, field: string): string | null {
  const value = record[field];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || value === '') {
    throw invalidLine(`"${field}" must be a text that is not empty.`);
  }
  return value;
}

function invalidLine(message: string): FarthingError {
  return new FarthingError('invalid_line', message);
}
