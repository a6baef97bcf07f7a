import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { FarthingError, readRevenue, type RevenueLine, type RevenueRecord } from '@farthing/core';
import { parse } from 'yaml';
import { parseCsv } from '../reconcile/parse-csv.js';

/**
 * The lines of a revenue file: CSV with a header line, or JSON or YAML with a list (or `revenue:` with
 * one). Rows of a table are numbered with the header as the first, items of a list from 1. Throws
 * `invalid_revenue` with what is wrong in which row, and `revenue_missing`.
 */
export async function readRevenueFile(path: string): Promise<RevenueLine[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new FarthingError(
      'revenue_missing',
      `${path} cannot be read: ${(error as Error).message}. Name a file of CSV, JSON or YAML.`,
      { cause: error },
    );
  }
  try {
    return readRevenue(recordsOf(text, path));
  } catch (error) {
    if (!FarthingError.isInstance(error)) throw error;
    throw new FarthingError('invalid_revenue', `${path}: ${error.message}`, { cause: error });
  }
}

function recordsOf(text: string, path: string): RevenueRecord[] {
  const kind = extname(path).toLowerCase();
  if (kind === '.csv') {
    return [...parseCsv(text, 'the table')].map((values, index) => ({ row: index + 2, values }));
  }
  if (kind === '.json' || kind === '.yaml' || kind === '.yml') return itemsOf(document(text, kind));
  throw invalid(
    `its name ends in ${kind === '' ? 'nothing' : kind}, which says not what it holds. Use .csv, .json or .yaml`,
  );
}

function document(text: string, kind: string): unknown {
  try {
    return kind === '.json' ? JSON.parse(text) : parse(text);
  } catch (error) {
    const [first = ''] = (error as Error).message.split('\n');
    throw invalid(`it is no ${kind === '.json' ? 'JSON' : 'YAML'}: ${first}`);
  }
}

function itemsOf(value: unknown): RevenueRecord[] {
  const list = isRecord(value) ? value['revenue'] : value;
  if (!Array.isArray(list)) {
    throw invalid(
      'it holds no list. Write a list of {tenant, amount, period}, or `revenue:` with one',
    );
  }
  return list.map((item: unknown, index) => {
    const row = index + 1;
    if (!isRecord(item))
      throw invalid(`row ${row}: it has no fields. Write {tenant, amount, period}`);
    return { row, values: item };
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): FarthingError {
  return new FarthingError('invalid_revenue', `${message}.`);
}
