import { FarthingError } from '../errors.js';
import { dayOf, tierName } from './ledger-cells.js';
import type { CostRow, UsageRow } from './provider-report.js';
import { amountOf, invalidTable, isRecord, type JsonRecord } from './read-fields.js';
import type { TableMapping } from './table-mapping.js';
import { isTokenKind } from './token-kinds.js';

export interface TableReport {
  usage: UsageRow[];
  costs: CostRow[];
  /** Start of the day after the latest row. */
  until: string | null;
  notes: string[];
}

/**
 * Reads rows of a billing export: every row is usage (its quantity, in tokens) and a cost line at
 * once. Rows of other services are left out, rows whose meaning is unknown are kept as other
 * services and noted. Throws `invalid_report` for a missing column, a wrong time or amount, and a
 * currency other than USD.
 */
export function readTable(
  rows: Iterable<JsonRecord>,
  mapping: TableMapping,
  where = 'costs',
): TableReport {
  const usage: UsageRow[] = [];
  const costs: CostRow[] = [];
  const unknown = new Map<string, number>();
  let left = 0;
  let until: string | null = null;
  let number = 0;
  for (const row of rows) {
    number++;
    const here = `${where} row ${number}`;
    if (row['object'] === 'page' || (Array.isArray(row['data']) && 'has_more' in row)) {
      throw new FarthingError(
        'invalid_report',
        `${here} is a page of the provider's own API and no billing export. Leave out --format and --mapping to read it.`,
      );
    }
    const { columns } = mapping;
    const service = columns.service === undefined ? null : textOf(row, columns.service);
    if (mapping.services !== undefined && service !== null && !mapping.services.test(service)) {
      left++;
      continue;
    }
    const time = timeOf(row, columns.time, here);
    const day = dayOf(time);
    const next = new Date(Date.parse(day) + 86_400_000).toISOString();
    if (until === null || next > until) until = next;
    requireUsd(row, columns.currency, here);

    const named = textOf(row, columns.model);
    const meaning = (columns.kind === undefined ? null : textOf(row, columns.kind)) ?? named ?? '';
    const kind = mapping.kinds.find(([pattern]) => pattern.test(meaning))?.[1] ?? 'other';
    const model = modelOf(named, mapping);
    const tier =
      (columns.tier === undefined ? null : textOf(row, columns.tier)) ??
      mapping.tiers?.find(([pattern]) => pattern.test(named ?? ''))?.[1] ??
      null;
    const cost = valueOf(row, columns.cost);
    if (cost === undefined) {
      throw invalidTable(here, `there is no column ${columns.cost.join(' or ')}`);
    }
    const { usd, decimals } = amountOf(cost, `${here}: cost`, 0, invalidTable);
    const project = columns.project === undefined ? null : textOf(row, columns.project);
    const band = { tier: tier === null ? null : tierName(tier), long: null, geo: null };
    const quantity = quantityOf(row, mapping, here);
    const label = named ?? meaning;
    if (kind === 'other' || kind === 'credit') {
      unknown.set(label, (unknown.get(label) ?? 0) + 1);
      costs.push({
        day,
        model: null,
        ...band,
        kind: null,
        category: kind,
        usd,
        decimals,
        quantity: null,
        project,
        label,
      });
    } else {
      const isTokens = isTokenKind(kind);
      if (quantity !== null && quantity > 0) {
        usage.push({
          at: day,
          model: isTokens ? model : null,
          ...band,
          project,
          api_key: null,
          requests: null,
          tokens: isTokenKind(kind) ? { [kind]: Math.round(quantity) } : {},
          units: isTokens ? {} : { [kind]: quantity },
        });
      }
      const category = isTokens ? 'tokens' : 'unit';
      costs.push({
        day,
        model,
        ...band,
        kind,
        category,
        usd,
        decimals,
        quantity: null,
        project,
        label,
      });
    }
    costs.push(...creditsOf(row, mapping, day, project, here));
  }
  const notes = [...unknown.entries()]
    .slice(0, 10)
    .map(([label, count]) => `${count} rows "${label}" are no tokens known to this format.`);
  if (left > 0) notes.push(`${left} rows of other services were left out.`);
  return { usage, costs, until, notes };
}

/** A column, or a path into nested objects (`sku.description`). */
function valueOf(row: JsonRecord, names: readonly string[]): unknown {
  for (const name of names) {
    const direct = row[name];
    if (direct !== undefined && direct !== null && direct !== '') return direct;
    const nested = name
      .split('.')
      .reduce<unknown>((value, part) => (isRecord(value) ? value[part] : undefined), row);
    if (nested !== undefined && nested !== null && nested !== '') return nested;
  }
  return undefined;
}

function textOf(row: JsonRecord, names: readonly string[]): string | null {
  const value = valueOf(row, names);
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : null;
}

function timeOf(row: JsonRecord, names: readonly string[], here: string): string {
  const text = textOf(row, names);
  if (text === null) throw invalidTable(here, `there is no column ${names.join(' or ')}`);
  // BigQuery writes `2026-10-01 00:00:00 UTC`, Azure `10/01/2026`.
  const american = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  const plain =
    american === null
      ? text.replace(/ UTC$/, 'Z').replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T')
      : `${american[3]}-${american[1]}-${american[2]}`;
  const zoned = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(plain) ? `${plain}Z` : plain;
  const time = Date.parse(zoned);
  if (Number.isNaN(time)) throw invalidTable(here, `"${text}" is not a time`);
  return new Date(time).toISOString();
}

function requireUsd(row: JsonRecord, names: readonly string[] | undefined, here: string): void {
  const currency = names === undefined ? null : textOf(row, names);
  if (currency === null || currency.toUpperCase() === 'USD') return;
  throw invalidTable(here, `its currency is ${currency}, and books are kept in USD`);
}

function modelOf(text: string | null, mapping: TableMapping): string | null {
  if (text === null) return null;
  const id = mapping.modelId === undefined ? text : mapping.modelId(text);
  const names = [text.toLowerCase(), ...(id === null ? [] : [id.toLowerCase()])];
  for (const name of names) {
    const declared = mapping.models?.[name];
    if (declared !== undefined) return declared;
  }
  return id;
}

/** In single tokens or units: `1K` and `1M` of the unit are multiplied out. */
function quantityOf(row: JsonRecord, mapping: TableMapping, here: string): number | null {
  const { quantity, unit } = mapping.columns;
  const text = quantity === undefined ? null : textOf(row, quantity);
  if (text === null) return null;
  const value = Number(text);
  if (!Number.isFinite(value)) throw invalidTable(here, `quantity "${text}" is not a number`);
  const name = unit === undefined ? null : textOf(row, unit);
  return value * (name === null ? (mapping.per ?? 1) : sizeOf(name));
}

/** `1K tokens`, `1000 Tokens`, `1M`, `millions of tokens`, `count`. */
function sizeOf(unit: string): number {
  if (/million|\b1?\s?m(tok\w*)?\b|1,?000,?000/i.test(unit)) return 1_000_000;
  return /thousand|\b1?\s?k(tok\w*)?\b|1,?000/i.test(unit) ? 1_000 : 1;
}

function creditsOf(
  row: JsonRecord,
  mapping: TableMapping,
  day: string,
  project: string | null,
  here: string,
): CostRow[] {
  const list = mapping.credits === undefined ? undefined : row[mapping.credits];
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).map((credit) => ({
    day,
    model: null,
    tier: null,
    long: null,
    geo: null,
    kind: null,
    category: 'credit',
    ...amountOf(credit['amount'], `${here}: credit`, 0, invalidTable),
    quantity: null,
    project,
    label: typeof credit['name'] === 'string' ? credit['name'] : 'credit',
  }));
}
