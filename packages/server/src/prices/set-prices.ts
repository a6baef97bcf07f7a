import { readFileSync } from 'node:fs';
import {
  canonicalProvider,
  FarthingError,
  readPriceFile,
  type OwnPriceRecord,
  type OwnPriceRemoval,
  type OwnPriceRequest,
  type OwnPriceResult,
  type PriceBook,
  type PriceLayer,
  type PriceRule,
} from '@farthing/core';
import { movesTenfold } from '@farthing/core/prices';
import { uuidv7 } from 'uuidv7';
import { appendOwnLine, readOwnPrices, type OwnPrice, type OwnPriceRow } from './own-prices.js';

/** The prices that a new one is held against. */
export interface CurrentPrices {
  book: PriceBook;
  layers: readonly PriceLayer[];
}

/** Written as a time, it means that the row holds since always. */
export const sinceAlways = 'always';

/**
 * Appends a price of the user's own. Nobody having said from when, a model that has a price gets the
 * new one from now on, and one without since always: its waiting calls can then be priced.
 * A dry run checks everything and writes nothing.
 * Throws `invalid_prices` with everything that is wrong, before anything is written.
 */
export function setPrice(
  path: string,
  request: OwnPriceRequest,
  current: CurrentPrices,
  now: Date,
  { dryRun = false }: { dryRun?: boolean } = {},
): OwnPriceResult {
  const { book } = current;
  const { effective_from: stated, ...rest } = request.price;
  const assumed = stated === undefined && hasPrice(current, request);
  const from = stated === sinceAlways ? undefined : assumed ? now.toISOString() : stated;
  const price = from === undefined ? rest : { ...rest, effective_from: from };
  const named = request.tool === undefined ? [price] : { tools: { [request.tool]: price } };
  const { rules, tools, notes } = readPriceFile(named, 'this price', book);
  const recordedAt = now.toISOString();
  const line: OwnPriceRow = {
    id: uuidv7(),
    recorded_at: recordedAt,
    recorded_by: request.by,
    ...(request.note === undefined ? {} : { note: request.note }),
    ...(request.tool === undefined ? {} : { tool: request.tool }),
    price,
  };
  const moves = rules.flatMap((rule) => largeMoves(book, rule, now));
  if (!dryRun) appendOwnLine(path, line);
  return {
    id: line.id,
    recorded_at: recordedAt,
    price,
    effective_from: (rules[0] ?? tools[0])?.from ?? null,
    from_now_assumed: assumed,
    notes: [...notes, ...moves],
  };
}

/** Whether calls like those that the row is about have a price already. */
function hasPrice({ book, layers }: CurrentPrices, { price, tool }: OwnPriceRequest): boolean {
  // A declared twin holds always; the reader refuses dates on it.
  if (price['same_as'] !== undefined) return false;
  if (tool !== undefined) {
    return layers.some(({ tools }) => tools?.some(({ name }) => name === tool));
  }
  const { provider, model, service_tier: tier, speed } = price;
  if (typeof provider !== 'string') return false;
  // A discount on all models is about prices that there are.
  if (typeof model !== 'string' || model.endsWith('*')) return true;
  const rows = book.describe(provider, model)?.rows ?? [];
  return rows.some(
    ({ when }) =>
      (tier === undefined || when?.service_tier === tier) &&
      (speed === undefined || when?.speed === speed),
  );
}

/** A rate that moves more than tenfold is told: it may be per thousand where per million was meant. */
function largeMoves(book: PriceBook, rule: PriceRule, now: Date): string[] {
  const at = rule.from ?? now.toISOString();
  const known = book.describe(rule.provider, rule.model);
  if (known === null) return [];
  const input = (rule.threshold?.tokens ?? -1) + 1;
  const { rates } = known.ratesAt({
    at,
    input_tokens: input,
    ...(rule.when === undefined ? {} : { conditions: rule.when }),
  });
  return rates.flatMap(({ unit, rate_usd: before }) => {
    const after = rule.rates?.[unit];
    if (after === undefined || !movesTenfold(before, after)) return [];
    return [`${unit} moves more than tenfold, from ${before} to ${after} USD`];
  });
}

/**
 * Takes back what was set for a model or a tool: from a time on, or as if it had never been.
 * Throws `nothing_set` where nothing is set for it.
 */
export function unsetPrices(
  path: string,
  removal: OwnPriceRemoval,
  now: Date,
): { ids: string[]; recorded_at: string } {
  const { prices } = readOwnPrices(readText(path));
  const from = removal.from;
  if (from !== undefined && Number.isNaN(Date.parse(from))) {
    throw new FarthingError('invalid_time', `"${from}" is no time. Write ISO 8601.`);
  }
  const ids = prices
    .filter((price) => isMeant(price.row, removal) && holdsAfter(price, from))
    .map(({ row }) => row.id);
  if (ids.length === 0) {
    const what = removal.tool ?? `${removal.provider ?? ''}/${removal.model ?? '*'}`;
    throw new FarthingError(
      'nothing_set',
      `No price of ${what} has been set by command${from === undefined ? '' : ` that still holds at ${from}`}. "farthing prices show" tells where its prices come from.`,
    );
  }
  const recordedAt = now.toISOString();
  appendOwnLine(path, {
    id: uuidv7(),
    recorded_at: recordedAt,
    recorded_by: removal.by,
    ...(removal.note === undefined ? {} : { note: removal.note }),
    unset: ids,
    ...(from === undefined ? {} : { from }),
  });
  return { ids, recorded_at: recordedAt };
}

/** Whether there is anything of the row to take back: at all, or after a time. */
function holdsAfter({ rules, tools, ends }: OwnPrice, from: string | undefined): boolean {
  if (ends?.from === null) return false;
  if (from === undefined) return true;
  const isLater = (end: string | undefined) =>
    end === undefined || Date.parse(end) > Date.parse(from);
  return isLater(ends?.from) && [...rules, ...tools].some(({ to }) => isLater(to));
}

/** The rows that were set by command, the oldest first, with those that were taken back. */
export function listOwnPrices(path: string): OwnPriceRecord[] {
  return readOwnPrices(readText(path)).prices.map(({ row, ends }) => {
    if (ends === undefined) return row;
    const { recorded_at, recorded_by, note } = ends.line;
    const by = { recorded_at, recorded_by, ...(note === undefined ? {} : { note }) };
    return { ...row, taken_back: { from: ends.from, ...by } };
  });
}

function isMeant({ price, tool }: OwnPriceRow, removal: OwnPriceRemoval): boolean {
  if (removal.tool !== undefined) return tool === removal.tool;
  const provider = canonicalProvider(removal.provider ?? '');
  return (
    tool === undefined &&
    canonicalProvider(String(price['provider'])) === provider &&
    String(price['model'] ?? '*').toLowerCase() === (removal.model ?? '*').toLowerCase()
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
