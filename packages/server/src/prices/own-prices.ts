import {
  modelsOf,
  readPriceFile,
  ruleLayer,
  type PriceBook,
  type PriceRule,
  type ToolPrice,
} from '@farthing/core';
import { appendLine } from '../files/append-line.js';
import { messageOf } from './problem.js';
import type { ParsedPrices } from './price-source.js';

/** The layer's name, as recorded with the calls that it prices. */
export const ownBook = 'own';

interface OwnLine {
  id: string;
  recorded_at: string;
  recorded_by: string;
  note?: string;
}

/** A row as `farthing prices set` appends it: a price in Farthing's own format, with who and when. */
export interface OwnPriceRow extends OwnLine {
  price: Readonly<Record<string, unknown>>;
  /** Set where the price is that of a tool. */
  tool?: string;
}

/** Takes rows back: as if they had never been, or from a time on. Lines are never changed or removed. */
export interface OwnPriceUnset extends OwnLine {
  unset: string[];
  from?: string;
}

export interface OwnPrice {
  row: OwnPriceRow;
  rules: PriceRule[];
  tools: ToolPrice[];
  /** When the row was taken back, from when on; absent while it holds. */
  ends?: { from: string | null; line: OwnPriceUnset };
}

export interface OwnPrices {
  prices: OwnPrice[];
  /** Lines that cannot be used, by number. */
  problems: string[];
}

/**
 * Reads the rows that people have set. A line that cannot be used is left out and told; the others hold.
 * @param known to check `same_as` against.
 */
export function readOwnPrices(text: string, known?: PriceBook): OwnPrices {
  const prices: OwnPrice[] = [];
  const problems: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      readLine(JSON.parse(line) as OwnPriceRow | OwnPriceUnset, prices, known);
    } catch (error) {
      problems.push(`line ${index + 1} cannot be used: ${messageOf(error)}`);
    }
  }
  return { prices, problems };
}

function readLine(
  line: OwnPriceRow | OwnPriceUnset,
  prices: OwnPrice[],
  known: PriceBook | undefined,
): void {
  if ('unset' in line) {
    for (const price of prices) {
      if (line.unset.includes(price.row.id)) price.ends = { from: line.from ?? null, line };
    }
    return;
  }
  const named = line.tool === undefined ? [line.price] : { tools: { [line.tool]: line.price } };
  const { rules, tools } = readPriceFile(named, 'prices set', known);
  const note = line.note === undefined ? '' : `: ${line.note}`;
  const source = `set ${line.recorded_at.slice(0, 10)} by ${line.recorded_by}${note}`;
  const sourced = <Row extends object>(rows: Row[]) => rows.map((row) => ({ ...row, source }));
  prices.push({ row: line, rules: sourced(rules), tools: sourced(tools) });
}

/**
 * The rules of the rows that hold, each until it was taken back. Of two discounts for the same calls
 * the later set one holds: taken off both, nobody would have meant it.
 *
 * @param known to tell by which ids and aliases rows name the same model.
 */
export function ownRules({ prices }: OwnPrices, known?: PriceBook): PriceRule[] {
  const modelOf = modelsOf(
    prices.flatMap((price) => price.rules),
    known,
  );
  const rules: PriceRule[] = [];
  for (const { rules: added, ends } of prices) {
    const periods = ends === undefined ? added : added.flatMap((rule) => until(rule, ends.from));
    for (const rule of periods) {
      if (rule.multiply === undefined) continue;
      for (const [index, earlier] of [...rules.entries()].toReversed()) {
        if (earlier.multiply === undefined) continue;
        if (subjectOf(earlier, modelOf) !== subjectOf(rule, modelOf)) continue;
        rules.splice(index, 1, ...outside(earlier, rule));
      }
    }
    rules.push(...periods);
  }
  return rules;
}

function ownTools({ prices }: OwnPrices): ToolPrice[] {
  return prices.flatMap(({ tools, ends }) =>
    ends === undefined ? tools : tools.flatMap((tool) => until(tool, ends.from)),
  );
}

function subjectOf(rule: PriceRule, modelOf: ReturnType<typeof modelsOf>): string {
  const { provider, when, threshold } = rule;
  return JSON.stringify([provider, modelOf(rule), when, threshold]);
}

type Period = Pick<PriceRule, 'from' | 'to'>;

/** The part of a rule's time before `end`; nothing where the row was taken back altogether. */
function until<Row extends Period>(rule: Row, end: string | null): Row[] {
  if (end === null || beginOf(rule) >= Date.parse(end)) return [];
  return [endOf(rule) <= Date.parse(end) ? rule : { ...rule, to: end }];
}

/** The parts of a rule's time in which another one does not hold. */
function outside(rule: PriceRule, other: PriceRule): PriceRule[] {
  const before = other.from === undefined ? [] : until(rule, other.from);
  if (other.to === undefined || endOf(rule) <= endOf(other)) return before;
  const rest = beginOf(rule) >= endOf(other) ? rule : { ...rule, from: other.to };
  return [...before, rest];
}

function beginOf({ from }: Period): number {
  return from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
}

function endOf({ to }: Period): number {
  return to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
}

export function parseOwnPrices(text: string, known?: PriceBook): ParsedPrices {
  const own = readOwnPrices(text, known);
  return {
    layer: ruleLayer('override', ownBook, ownRules(own, known), ownTools(own)),
    notes: [],
    ...(own.problems.length === 0 ? {} : { problem: own.problems.join('; ') }),
  };
}

/** Appends a line durably ({@link appendLine}). Throws `prices_unwritable`. */
export function appendOwnLine(path: string, line: OwnPriceRow | OwnPriceUnset): void {
  appendLine(path, line, 'prices_unwritable');
}
