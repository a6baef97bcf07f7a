import type { Entry } from '@farthing/core';
import { fieldName } from './new-app.js';
import { ProblemError } from './problem.js';
import { asEntry, entrySchema } from './schemas/entry.js';

/** Longer lines hold something that is not a ledger entry (prompts, most likely). */
const longestEntry = 64 * 1024;

/**
 * Reads posted entries and checks each. Throws a problem that names the first wrong one by its line
 * (`line 17: cost.usd …`) or its place in the array (`[16].cost.usd …`).
 */
export function readEntries(body: string, form: 'lines' | 'array'): Entry[] {
  const entries: Entry[] = [];
  if (form === 'array') {
    const values = parse(body, 'body');
    if (!Array.isArray(values)) {
      throw new ProblemError(
        400,
        'invalid_input',
        'The body must be a JSON array of entries. For one entry per line, send content-type application/x-ndjson.',
      );
    }
    for (const [index, value] of values.entries()) entries.push(check(value, `[${index}]`));
    return entries;
  }
  for (const [index, line] of body.split('\n').entries()) {
    if (line.trim() === '') continue;
    const place = `line ${index + 1}`;
    if (line.length > longestEntry) {
      throw new ProblemError(
        400,
        'entry_too_large',
        `${place} has ${line.length} characters; an entry has at most ${longestEntry}.`,
        place,
      );
    }
    entries.push(check(parse(line, place), place));
  }
  return entries;
}

function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError(
      400,
      'invalid_json',
      `${place} is not JSON: ${(error as Error).message}.`,
      place,
    );
  }
}

function check(value: unknown, place: string): Entry {
  const result = entrySchema.safeParse(value);
  if (result.success) return withLowerCaseId(asEntry(result.data));
  const issue = innermost(result.error.issues[0]!);
  const field = fieldName(issue.path);
  const message = issue.message.replace(/^Invalid input: /, '');
  throw new ProblemError(
    400,
    'invalid_entry',
    `${place}: ${field === '' ? '' : `${field}: `}${message}.`,
    field === '' ? place : `${place}.${field}`,
  );
}

interface Issue {
  code?: string | undefined;
  path: PropertyKey[];
  message: string;
  errors?: Issue[][];
}

/** Of a union (`T | null`), what is wrong with the value as the first kind. */
function innermost(issue: Issue): Issue {
  const inner = issue.code === 'invalid_union' ? issue.errors?.[0]?.[0] : undefined;
  return inner === undefined
    ? issue
    : innermost({ ...inner, path: [...issue.path, ...inner.path] });
}

/** Ids are compared as text: one spelling each. */
function withLowerCaseId(entry: Entry): Entry {
  return Object.assign(entry, { id: entry.id.toLowerCase() });
}
