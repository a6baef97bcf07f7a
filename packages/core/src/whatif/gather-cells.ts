import type { AnswerBooks } from '../answer/answer-books.js';
import { promptSources } from '../estimate/prompt-sources.js';
import type { ModelName, ModelPriceRow, ModelPrices } from '../pricing/model-prices.js';
import { groupKey } from '../report/group-key.js';
import { inputSizeBounds } from '../report/input-size.js';
import type { Dimension, Filter, Measure, Query, QueryRow, Window } from '../report/query.js';
import type { RateLookup } from './model-rates.js';
import { addUsage, readUsage, usageMeasures, withoutUsage, type UsageSums } from './usage-sums.js';

/** Calls that are priced alike: of one group, model and API, at prices of one time, in one class of size. */
export interface Cell {
  group: Record<string, string | null>;
  source: ModelName;
  api: string;
  /** When their prices held: milliseconds since the epoch. */
  at: number;
  /** Their input exceeds it, where a price changes with the length of the prompt; else null. */
  inputOver: number | null;
  /** Their cost was stated, by the provider or by where they were imported from. */
  stated: boolean;
  usage: UsageSums;
  /** Of calls that were taken apart: their tokens by source, all of them and beyond the cap of history. */
  prompt: { tokens: number; history: number; historyOver: number } | null;
  /** Output tokens beyond the cap. */
  outputOver: number;
}

export interface GatherRequest {
  by: readonly Dimension[];
  window: Window;
  filters: readonly Filter[];
  outputCap?: number | undefined;
  historyCap?: number | undefined;
}

export interface Gathered {
  cells: Cell[];
  /** Sentences about what could not be looked at in full. */
  notes: string[];
}

const mostRows = 100_000;
/** So many changes of prices within a window are followed one by one. */
const mostSlices = 48;
const keyDimensions = ['provider', 'model', 'api', 'cost_status', 'cost_source'] as const;

/**
 * The calls of a window as sums that can be priced again. `targetsOf` tells what a model's calls may be
 * priced as: where a price changes with the length of the prompt, they are told apart by size.
 */
export async function gatherCells(
  books: Pick<AnswerBooks, 'query'>,
  rates: RateLookup,
  request: GatherRequest,
  targetsOf: (source: ModelName) => readonly ModelName[],
): Promise<Gathered> {
  const { window, filters } = request;
  const named = await books.query({
    measures: ['calls'],
    dimensions: ['provider', 'model'],
    filters: [...filters],
    window,
    limit: mostRows,
  });
  const sources = named.rows.filter(({ model }) => model !== null).map(modelOf);
  const models = sources
    .flatMap((source) => [source, ...targetsOf(source)])
    .flatMap((model) => rates.describe(model) ?? []);
  const notes: string[] = [];
  const slices = slicesOf(window, models, notes);
  const hourly = models.some((prices) => hasHours(prices, window));
  const boundsIn = (slice: Window, model: ModelName) =>
    (rates.describe(model)?.rows ?? [])
      .filter((row) => row.threshold !== undefined && holdsIn(row, slice))
      .map(({ threshold }) => threshold!.tokens);
  const cells: Cell[] = [];
  for (const slice of slices) {
    const bounded = sources.flatMap((source) => {
      const bounds = [source, ...targetsOf(source)].flatMap((model) => boundsIn(slice, model));
      return bounds.length === 0 ? [] : [{ model: source.model, bounds }];
    });
    const plan: Plan = {
      hourly,
      cliff: lowestCliff(bounded.flatMap(({ bounds }) => bounds)),
      bounded: bounded.map(({ model }) => model),
    };
    cells.push(...(await readSlice(books, request, slice, plan, notes)));
  }
  return { cells, notes };
}

interface Plan {
  hourly: boolean;
  /** From which class of size on prices may change; null where none does. */
  cliff: number | null;
  /** The models whose calls have to be told apart by size. */
  bounded: string[];
}

/** The window in parts within which no price changes. */
function slicesOf(window: Window, models: readonly ModelPrices[], notes: string[]): Window[] {
  const changes = models
    .flatMap(({ rows }) => rows.flatMap(({ from, to }) => [from, to]))
    .filter((time) => time !== undefined)
    .map((time) => new Date(time).toISOString())
    .filter((time) => time > window.from && time < window.to);
  const times = [...new Set(changes)].toSorted();
  if (times.length >= mostSlices) {
    notes.push(
      `Prices changed ${times.length} times in the window; the last ${mostSlices - 1} changes are followed. Choose a shorter window for the rest.`,
    );
  }
  const starts = [window.from, ...times.slice(-(mostSlices - 1))];
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? window.to }));
}

/** Some prices hold for hours of the day only. */
function hasHours({ rows }: ModelPrices, window: Window): boolean {
  return rows.some((row) => row.daily !== undefined && holdsIn(row, window));
}

function holdsIn({ from, to }: Pick<ModelPriceRow, 'from' | 'to'>, window: Window): boolean {
  return (
    (from === undefined || Date.parse(from) < Date.parse(window.to)) &&
    (to === undefined || Date.parse(to) > Date.parse(window.from))
  );
}

/** Tokenizers differ by half at most: shorter prompts stay below the bound on any model. */
const mostShift = 1.5;

function lowestCliff(bounds: readonly number[]): number | null {
  if (bounds.length === 0) return null;
  const least = Math.min(...bounds) / mostShift;
  return inputSizeBounds.findLast((bound) => bound <= least) ?? 0;
}

async function readSlice(
  books: Pick<AnswerBooks, 'query'>,
  request: GatherRequest,
  window: Window,
  { hourly, cliff, bounded }: Plan,
  notes: string[],
): Promise<Cell[]> {
  const { by, filters, outputCap, historyCap } = request;
  const dimensions = [...new Set<Dimension>([...by, ...keyDimensions])];
  const base = {
    dimensions,
    window,
    limit: mostRows,
    ...(hourly ? { bucket: 'hour' as const } : {}),
  };
  const ask = async (measures: Measure[], more: Partial<Query> = {}): Promise<QueryRow[]> => {
    const answer = await books.query({ ...base, filters: [...filters], measures, ...more });
    if (answer.truncated) noteOnce(notes, 'The groups are too many: the smallest are left out.');
    return answer.rows;
  };
  const prompts: Measure[] = promptSources.map((source): Measure => `prompt_${source}`);
  const [all, large, overOutput, overHistory] = await Promise.all([
    ask([...usageMeasures, ...(historyCap === undefined ? [] : prompts)]),
    cliff === null
      ? []
      : ask([...usageMeasures], {
          dimensions: [...dimensions, 'input_size'],
          filters: [
            ...filters,
            { dimension: 'input_size', op: 'in', values: sizesFrom(cliff) },
            { dimension: 'model', op: 'in', values: bounded },
          ],
        }),
    outputCap === undefined ? [] : ask(['tokens_output_over'], { token_cap: outputCap }),
    historyCap === undefined ? [] : ask(['prompt_history_over'], { token_cap: historyCap }),
  ]);
  const keys: string[] = [...dimensions, ...(hourly ? ['bucket'] : [])];
  const keyOf = (row: QueryRow) => groupKey(row, keys as Dimension[]);
  const outputBy = new Map(
    overOutput.map((row) => [keyOf(row), Number(row['tokens_output_over'])]),
  );
  const historyBy = new Map(
    overHistory.map((row) => [keyOf(row), Number(row['prompt_history_over'])]),
  );
  const largeBy = new Map<string, QueryRow[]>();
  for (const row of large) largeBy.set(keyOf(row), [...(largeBy.get(keyOf(row)) ?? []), row]);
  const cells: Cell[] = [];
  for (const row of all) {
    const key = keyOf(row);
    const whole = cellOf(row, by, window, null);
    whole.outputOver = outputBy.get(key) ?? 0;
    if (historyCap !== undefined) {
      const tokens = prompts.reduce((sum, name) => sum + Number(row[name] ?? 0), 0);
      const history = Number(row['prompt_history'] ?? 0);
      whole.prompt = { tokens, history, historyOver: historyBy.get(key) ?? 0 };
    }
    cells.push(...splitBySize(whole, largeBy.get(key) ?? [], by, window));
  }
  return foldAdjustments(cells);
}

function sizesFrom(cliff: number): string[] {
  return inputSizeBounds.filter((bound) => bound >= cliff).map(String);
}

function cellOf(
  row: QueryRow,
  by: readonly Dimension[],
  window: Window,
  inputOver: number | null,
): Cell {
  const source = String(row['cost_source'] ?? '');
  return {
    group: Object.fromEntries(by.map((name) => [name, (row[name] as string | null) ?? null])),
    source: modelOf(row),
    api: String(row['api'] ?? ''),
    at: Date.parse(row['bucket'] == null ? window.from : String(row['bucket'])),
    inputOver,
    stated: source === 'reported' || source === 'source',
    usage: readUsage(row),
    prompt: null,
    outputOver: 0,
  };
}

/** The large calls of a cell by their classes, and the rest; what is over the caps goes by their tokens. */
function splitBySize(
  whole: Cell,
  large: readonly QueryRow[],
  by: readonly Dimension[],
  window: Window,
): Cell[] {
  const parts = large.map((row) => cellOf(row, by, window, Number(row['input_size'])));
  const rest = parts.reduce((left, { usage }) => withoutUsage(left, usage), whole.usage);
  const cells = [...parts, { ...whole, usage: rest }];
  const outputs = whole.usage.tokens.output;
  return cells.map((cell) => ({
    ...cell,
    at: whole.at,
    // Shares of history are taken of the input, which each part has its own of.
    prompt: whole.prompt,
    outputOver: outputs === 0 ? 0 : whole.outputOver * (cell.usage.tokens.output / outputs),
  }));
}

/** Adjustments have a cost source of their own and no calls: they belong to the calls beside them. */
function foldAdjustments(cells: readonly Cell[]): Cell[] {
  const folded: Cell[] = cells.filter(({ usage }) => usage.calls > 0);
  for (const cell of cells) {
    if (cell.usage.calls > 0) continue;
    const { cost, tokens } = cell.usage;
    if ((cost ?? 0n) === 0n && Object.values(tokens).every((count) => count === 0)) continue;
    const home = folded.find(
      (other) => other.inputOver === null && other.usage.cost !== null && isBeside(other, cell),
    );
    if (home === undefined) folded.push(cell);
    else home.usage = addUsage(home.usage, cell.usage);
  }
  return folded;
}

function isBeside(a: Cell, b: Cell): boolean {
  return (
    a.at === b.at &&
    a.api === b.api &&
    a.source.provider === b.source.provider &&
    a.source.model === b.source.model &&
    Object.keys(a.group).every((name) => a.group[name] === b.group[name])
  );
}

function modelOf(row: QueryRow): ModelName {
  return { provider: String(row['provider'] ?? ''), model: String(row['model'] ?? '') };
}

function noteOnce(notes: string[], note: string): void {
  if (!notes.includes(note)) notes.push(note);
}
