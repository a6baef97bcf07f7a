import { didYouMean } from '../../suggest.js';
import { isFields, type Fields } from '../../usage/fields.js';
import type { PriceBook } from '../price-book.js';
import { arrangeRules } from './arrange-rules.js';
import { aliasClashes, overlaps, twinProblems, type PlacedRule } from './check-rules.js';
import { unknownKeys } from './fields.js';
import { modelsOf } from './models-of.js';
import type { PriceFile } from './price-file.js';
import { invalidPrices, mostProblems, type Problem } from './problems.js';
import { checkCurrency, readRow } from './read-row.js';
import { readTools } from './read-tools.js';

const sections = ['currency', 'prices', 'tools', 'source', 'note'];

/** Reads Farthing's own format: a list of rows, or sections `prices` and `tools`. */
export function readFarthingPrices(
  value: Fields | readonly unknown[],
  name: string,
  known: PriceBook | undefined,
): PriceFile {
  const problems: Problem[] = [];
  const notes: string[] = [];
  const file: Fields = isFields(value) ? value : { prices: value };
  for (const key of unknownKeys(file, sections)) {
    const field = key.slice(0, 64);
    const hint = didYouMean(key, sections);
    problems.push({ place: '', field, message: `is no section of a price file.${hint}` });
  }
  checkCurrency(file, (field, message) => problems.push({ place: '', field, message }));
  const placed = readRows(file['prices'], name, problems, notes);
  const tools = file['tools'] === undefined ? [] : readTools(file['tools'], name, problems);
  for (const check of [overlaps, aliasClashes, twinProblems]) {
    for (const problem of check(placed, known)) problems.push(problem);
  }
  if (problems.length > 0) throw invalidPrices(name, problems);
  if (placed.length === 0 && tools.length === 0) notes.push('the file states no price');
  const rules = placed.map(({ rule }) => rule);
  const arranged = arrangeRules(rules, modelsOf(rules, known));
  return { format: 'farthing', rules: arranged, tools, notes };
}

function readRows(
  value: unknown,
  name: string,
  problems: Problem[],
  notes: string[],
): PlacedRule[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    const message = 'must be a list of rows, like [{ provider, model, rates_per_mtok }]';
    problems.push({ place: '', field: 'prices', message });
    return [];
  }
  const placed: PlacedRule[] = [];
  for (const [index, item] of value.entries() as Iterable<[number, unknown]>) {
    // Nobody mends more than that before reading the file again.
    if (problems.length >= mostProblems) break;
    if (!isFields(item)) {
      problems.push({ place: `row ${index + 1}`, field: '', message: 'must be an object' });
      continue;
    }
    const place = `row ${index + 1}${subjectOf(item)}`;
    const before = problems.length;
    const reading = readRow(item, { source: name }, true, (field, message) =>
      problems.push({ place, field, message }),
    );
    notes.push(...reading.notes.map((note) => `${place}: ${note}`));
    // What is wrong in itself is not compared with others: that would report it twice.
    if (problems.length > before) continue;
    for (const rule of reading.rules) placed.push({ place, rule });
  }
  return placed;
}

/** ` (openai/gpt-4o)`, as far as the row says so. */
function subjectOf(row: Fields): string {
  const parts = [row['provider'], row['model']].filter(
    (part): part is string => typeof part === 'string' && part.length <= 256,
  );
  return parts.length === 0 ? '' : ` (${parts.join('/')})`;
}
