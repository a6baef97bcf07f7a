import { readFile, stat } from 'node:fs/promises';
import {
  bookRates,
  canonicalProvider,
  didYouMean,
  FarthingError,
  parseMoment,
  readAnthropicCosts,
  readAnthropicUsage,
  readOpenAICosts,
  readOpenAIUsage,
  readTable,
  tablePresetNames,
  tablePresets,
  type CostRow,
  type PriceBook,
  type ProviderReport,
  type ReportBucket,
  type TableMapping,
  type UsageRow,
  type Window,
} from '@farthing/core';
import { parse as parseYaml } from 'yaml';
import { fetchedProviders } from './admin-key.js';
import { parseCsv } from './parse-csv.js';
import { readMapping } from './read-mapping.js';
import { wholeDays } from './spans.js';

export interface ReportFiles {
  provider: string;
  window: Window;
  usage: readonly string[];
  costs: readonly string[];
  /** `provider` (its own JSON), or a preset for tables. Default: `provider` where there is one. */
  format?: string;
  /** Path of a mapping file, YAML or JSON. */
  mapping?: string;
  fetchedAt?: string;
  priceBook: Pick<PriceBook, 'price'>;
  now: Date;
}

/**
 * Reads saved reports. Throws `invalid_report` and `invalid_mapping` naming the place, and
 * `file_not_found`.
 */
export async function readReportFiles(files: ReportFiles): Promise<ProviderReport> {
  const provider = canonicalProvider(files.provider);
  const mapping = await mappingOf(files);
  const base = {
    provider,
    window: wholeDays(files.window),
    fetched_at: await fetchedAt(files),
  };
  if (mapping !== null) return { ...base, ...(await readTables(files, mapping)) };
  if (provider === 'openai' || provider === 'anthropic') {
    return { ...base, ...(await readPages(files, provider)) };
  }
  throw new FarthingError(
    'usage',
    `How to read files of ${provider} must be said: --format ${tablePresetNames.join(', ')}, or a --mapping of your own (docs/reconcile.md).${didYouMean(provider, fetchedProviders)}`,
  );
}

type Read = Omit<ProviderReport, 'provider' | 'window' | 'fetched_at'>;

async function readPages(files: ReportFiles, provider: 'openai' | 'anthropic'): Promise<Read> {
  const usage: UsageRow[] = [];
  const costs: CostRow[] = [];
  const untils: (string | null)[] = [];
  for (const file of files.usage) {
    const pages = await readJson(file);
    const read =
      provider === 'openai' ? readOpenAIUsage(pages, file) : readAnthropicUsage(pages, file);
    usage.push(...read.rows);
    untils.push(read.until);
  }
  const rates = bookRates(files.priceBook, provider, files.window.from);
  const models = new Set(usage.map(({ model }) => model));
  let costsUntil: string | null = null;
  for (const file of files.costs) {
    const pages = await readJson(file);
    const isModel = (name: string) => models.has(name) || rates.knows(name);
    const read =
      provider === 'openai'
        ? readOpenAICosts(pages, isModel, file)
        : readAnthropicCosts(pages, file);
    costs.push(...read.rows);
    costsUntil = latest([costsUntil, read.until]);
  }
  const anyTier = usage.some(({ tier }) => tier !== null);
  return {
    bucket: bucketOf(usage, files.usage.length > 0),
    // Of several reports only that of completions has tiers; the others' is the standard one.
    usage:
      files.usage.length === 0
        ? null
        : usage.map((row) => (anyTier ? { ...row, tier: row.tier ?? 'default' } : row)),
    costs: files.costs.length === 0 ? null : costs,
    usage_until: latest(untils),
    costs_until: costsUntil,
    notes: [],
  };
}

async function readTables(files: ReportFiles, mapping: TableMapping): Promise<Read> {
  const usage: UsageRow[] = [];
  const costs: CostRow[] = [];
  const notes: string[] = [];
  let until: string | null = null;
  for (const file of [...files.usage, ...files.costs]) {
    const read = readTable(await readRows(file), mapping, file);
    // Not spread into one call: an export may have more rows than a call takes arguments.
    for (const row of read.usage) usage.push(row);
    for (const row of read.costs) costs.push(row);
    notes.push(...read.notes);
    until = latest([until, read.until]);
  }
  return {
    bucket: 'day',
    usage: usage.length === 0 ? null : usage,
    costs,
    usage_until: until,
    costs_until: until,
    notes,
  };
}

async function mappingOf(files: ReportFiles): Promise<TableMapping | null> {
  if (files.mapping !== undefined) {
    const text = await readText(files.mapping);
    let value: unknown;
    try {
      value = parseYaml(text);
    } catch (error) {
      throw new FarthingError('invalid_mapping', `${files.mapping}: ${(error as Error).message}`);
    }
    return readMapping(value, files.mapping);
  }
  const { format } = files;
  if (format === undefined || format === 'provider') return null;
  const preset = tablePresetNames.find((name) => name === format);
  if (preset !== undefined) return tablePresets[preset];
  throw new FarthingError(
    'usage',
    `"${format}" is no format. Use provider, ${tablePresetNames.join(', ')}, or --mapping.`,
  );
}

/** Buckets of a minute add up to hours; a report by the day stays one. */
function bucketOf(rows: readonly UsageRow[], given: boolean): ReportBucket {
  const daily = rows.every(({ at }) => at.slice(11, 19) === '00:00:00');
  return given && !daily ? 'hour' : 'day';
}

async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch {
    try {
      return lines(text).map((line) => JSON.parse(line) as unknown);
    } catch (error) {
      throw new FarthingError(
        'invalid_report',
        `${file} is not JSON: ${(error as Error).message}.`,
      );
    }
  }
}

/** CSV, a JSON list, or one JSON object a line (as BigQuery exports). */
async function readRows(file: string): Promise<Iterable<Record<string, unknown>>> {
  const text = await readText(file);
  if (!/^\s*[[{]/.test(text)) return parseCsv(text, file);
  const value = await readJson(file);
  return (Array.isArray(value) ? value : [value]) as Record<string, unknown>[];
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = missing ? 'there is no such file' : (error as Error).message;
    throw new FarthingError('file_not_found', `Cannot read ${file}: ${reason}.`);
  }
}

/** When the oldest of the files was saved: what is in it cannot be newer. */
async function fetchedAt(files: ReportFiles): Promise<string> {
  if (files.fetchedAt !== undefined) {
    const at = parseMoment(files.fetchedAt, files.now);
    if (at <= files.now.toISOString()) return at;
    throw new FarthingError(
      'usage',
      `--fetched-at ${files.fetchedAt} lies in the future (it is ${files.now.toISOString()}). Give the time at which the files were saved, or leave it out: then it is when they were changed.`,
    );
  }
  let oldest = files.now.toISOString();
  for (const file of [...files.usage, ...files.costs]) {
    const changed = await stat(file).then(
      ({ mtime }) => mtime.toISOString(),
      () => oldest,
    );
    if (changed < oldest) oldest = changed;
  }
  return oldest;
}

function latest(times: readonly (string | null)[]): string | null {
  return times.reduce((left, right) => {
    if (left === null) return right;
    return right !== null && right > left ? right : left;
  }, null);
}
