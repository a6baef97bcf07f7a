import {
  bill,
  billedKinds,
  noCounts,
  unitKinds,
  type Amounts,
  type BilledKind,
  type ContextBand,
  type Counts,
  type UnitKind,
} from './billing.js';
import { decimalDollars } from './money.js';

export type ProviderName = 'openai' | 'anthropic' | 'gemini' | 'cohere';

/** What the usage reports keep apart. */
export type BookedApi =
  | 'completions'
  | 'embeddings'
  | 'images'
  | 'audio_speeches'
  | 'audio_transcriptions'
  | 'moderations'
  | 'rerank';

/**
 * What became of a billed request.
 * - `completed`: the answer was generated whole and carried its usage.
 * - `unreported`: generated whole and billed, but the usage never reached the client in a usable
 *   form (stream without `include_usage`, faults `no-usage`, `malformed-usage`, `invalid-json`).
 * - `aborted`: the client left; billed up to the moment of leaving.
 * - `cut`: this provider broke the answer off; billed up to the cut.
 */
export type BilledOutcome = 'completed' | 'unreported' | 'aborted' | 'cut';

/** One billed request. `at` is in milliseconds since the epoch. */
export interface Posting {
  at: number;
  provider: ProviderName;
  api: BookedApi;
  keyId: string;
  model: string;
  tier: string;
  geo: string;
  /** Size and quality of images: `1024x1024 standard`. */
  imageKind?: string;
  /** What images were made from: `image.generation`, `image.edit`, `image.variation`. */
  source?: string;
  outcome: BilledOutcome;
  counts: Counts;
}

/** Everything billed alike within one time bucket. Amounts are null when the model has no rates. */
export interface Cell extends Omit<Posting, 'at' | 'counts'> {
  /** Start of the bucket, milliseconds since the epoch; 0 in the running totals. */
  at: number;
  band: ContextBand;
  requests: number;
  counts: Counts;
  amounts: Amounts | null;
}

/** A line of the books as `/fake/books` serves it: tokens and exact decimal USD by kind. */
export interface BookLine {
  provider: ProviderName;
  api: BookedApi;
  key_id: string;
  model: string;
  service_tier: string;
  inference_geo: string;
  context: ContextBand;
  outcome: BilledOutcome;
  requests: number;
  tokens: ByKind<number>;
  /** Null: the model has no rates. */
  usd: string | null;
  usd_by_kind: ByKind<string> | null;
}

/** Figures by kind; kinds of images, sound and search only where there are any. */
export type ByKind<T> = Record<Exclude<BilledKind, UnitKind>, T> & { [kind in UnitKind]?: T };

/** Requests that were answered with an error and cost nothing, by provider and status (`drop`: no answer). */
export interface RejectionLine {
  provider: ProviderName;
  status: string;
  requests: number;
}

export interface BooksReport {
  lines: BookLine[];
  totals: {
    requests: number;
    tokens: ByKind<number>;
    usd: string;
    unpriced_requests: number;
    aborted_requests: number;
    cut_requests: number;
  };
  rejections: RejectionLine[];
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Widths of the buckets that are kept, and for how long: what the reports let one ask for, twice. */
const levels = [
  { width: minute, kept: 2 * day },
  { width: hour, kept: 14 * day },
  { width: day, kept: 400 * day },
] as const;

/**
 * The provider's own books. Requests are summed into buckets as they come, so memory depends on the
 * number of (bucket, key, model) combinations and not on the number of requests.
 */
export class Books {
  #totals = new Map<string, Cell>();
  #levels = levels.map((level) => ({ ...level, buckets: new Map<number, Map<string, Cell>>() }));
  #rejections = new Map<string, RejectionLine>();

  record(posting: Posting): void {
    const { amounts, band } = bill(posting);
    add(this.#totals, posting, 0, band, amounts);
    for (const level of this.#levels) {
      const start = posting.at - (posting.at % level.width);
      let bucket = level.buckets.get(start);
      if (bucket === undefined) {
        bucket = new Map();
        level.buckets.set(start, bucket);
        for (const old of level.buckets.keys()) {
          if (old < posting.at - level.kept) level.buckets.delete(old);
        }
      }
      add(bucket, posting, start, band, amounts);
    }
  }

  reject(provider: ProviderName, status: string): void {
    const key = `${provider} ${status}`;
    const line = this.#rejections.get(key) ?? { provider, status, requests: 0 };
    line.requests++;
    this.#rejections.set(key, line);
  }

  /** The cells of the bucket that begins at `start`; `width` is a minute, an hour or a day in ms. */
  bucket(width: number, start: number): Cell[] {
    const level = this.#levels.find((candidate) => candidate.width === width);
    return [...(level?.buckets.get(start)?.values() ?? [])];
  }

  /** Everything since the start. `keyId` narrows to one key. */
  report(keyId?: string): BooksReport {
    const cells = [...this.#totals.values()].filter(
      (cell) => keyId === undefined || cell.keyId === keyId,
    );
    const requestsOf = (outcome: BilledOutcome): number =>
      cells
        .filter((cell) => cell.outcome === outcome)
        .reduce((sum, cell) => sum + cell.requests, 0);
    return {
      lines: cells.map(toLine),
      totals: {
        requests: cells.reduce((sum, cell) => sum + cell.requests, 0),
        tokens: shown(sumCounts(cells.map((cell) => cell.counts)), (count) => count),
        usd: decimalDollars(cells.reduce((sum, cell) => sum + totalAmount(cell), 0n)),
        unpriced_requests: cells
          .filter((cell) => cell.amounts === null)
          .reduce((sum, cell) => sum + cell.requests, 0),
        aborted_requests: requestsOf('aborted'),
        cut_requests: requestsOf('cut'),
      },
      rejections: [...this.#rejections.values()].map((line) => ({ ...line })),
    };
  }

  clear(): void {
    this.#totals.clear();
    for (const level of this.#levels) level.buckets.clear();
    this.#rejections.clear();
  }
}

export function sumCounts(list: readonly Counts[]): Counts {
  const sum = noCounts();
  for (const counts of list) for (const kind of billedKinds) sum[kind] += counts[kind];
  return sum;
}

/** Picodollars; an unpriced cell adds nothing, and the report says how many there are. */
export function totalAmount(cell: Cell): bigint {
  const { amounts } = cell;
  return amounts === null ? 0n : billedKinds.reduce((sum, kind) => sum + amounts[kind], 0n);
}

function add(
  cells: Map<string, Cell>,
  posting: Posting,
  start: number,
  band: ContextBand,
  amounts: Amounts | null,
): void {
  const { at: _at, counts, ...group } = posting;
  const key = [
    group.provider,
    group.api,
    group.keyId,
    group.model,
    group.tier,
    group.geo,
    group.outcome,
    group.imageKind,
    group.source,
    band,
    amounts === null,
  ].join('\n');
  const cell = cells.get(key);
  if (cell === undefined) {
    cells.set(key, {
      ...group,
      at: start,
      band,
      requests: 1,
      counts: { ...counts },
      amounts: amounts === null ? null : { ...amounts },
    });
    return;
  }
  cell.requests++;
  for (const kind of billedKinds) {
    cell.counts[kind] += counts[kind];
    if (cell.amounts !== null && amounts !== null) cell.amounts[kind] += amounts[kind];
  }
}

function toLine(cell: Cell): BookLine {
  const { amounts } = cell;
  return {
    provider: cell.provider,
    api: cell.api,
    key_id: cell.keyId,
    model: cell.model,
    service_tier: cell.tier,
    inference_geo: cell.geo,
    context: cell.band,
    outcome: cell.outcome,
    requests: cell.requests,
    tokens: shown(cell.counts, (count) => count),
    usd: amounts === null ? null : decimalDollars(totalAmount(cell)),
    usd_by_kind: amounts === null ? null : shown(amounts, decimalDollars),
  };
}

const unitKindNames: ReadonlySet<string> = new Set(unitKinds);

function shown<T extends number | bigint, U>(
  figures: Record<BilledKind, T>,
  render: (figure: T) => U,
): ByKind<U> {
  const kinds = billedKinds.filter((kind) => !unitKindNames.has(kind) || Number(figures[kind]) > 0);
  return Object.fromEntries(kinds.map((kind) => [kind, render(figures[kind])])) as ByKind<U>;
}
