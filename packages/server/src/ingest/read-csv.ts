import type { SourceLine } from './read-lines.js';
import type { ReadRecord } from './read-records.js';

/** A quoted field may hold line breaks, but a stray quote must not swallow the file. */
const mostLinesOfARecord = 1000;

/**
 * CSV after RFC 4180: a header line, quoted fields with doubled quotes, line breaks inside quotes.
 * A record whose quotes never close, or only where they make no record, costs its first line only;
 * reading goes on with the next.
 */
export async function* readCsvRecords(
  lines: AsyncIterable<SourceLine>,
  given?: string,
): AsyncGenerator<ReadRecord> {
  let delimiter = given ?? ',';
  let header: string[] | null = null;
  let pending: (SourceLine & { text: string; quotes: number })[] = [];

  function* settle(isLast: boolean): Generator<ReadRecord> {
    while (pending.length > 0) {
      const first = pending[0]!;
      let taken = 0;
      let quotes = 0;
      let fields: string[] | null = null;
      let text = '';
      while (fields === null && taken < Math.min(pending.length, mostLinesOfARecord)) {
        quotes += pending[taken]!.quotes;
        taken++;
        // Only where its quotes can be closed is a longer text looked at.
        if (taken > 1 && quotes % 2 === 1) continue;
        text = pending
          .slice(0, taken)
          .map((line) => line.text)
          .join('\n');
        fields = splitRecord(text, delimiter);
      }
      if (fields === null) {
        if (!isLast && pending.length < mostLinesOfARecord) return;
        yield {
          line: first.line,
          end: first.end,
          record: null,
          reason: 'a quoted field is never closed',
        };
        pending = pending.slice(1);
        continue;
      }
      // A later stray quote has closed it: the lines between are records of their own.
      if (
        taken > 1 &&
        header !== null &&
        (fields.length !== header.length || splitRecord(text, delimiter, true) === null)
      ) {
        const reason = 'a quoted field is not closed where the record ends';
        yield { line: first.line, end: first.end, record: null, reason };
        pending = pending.slice(1);
        continue;
      }
      const { end } = pending[taken - 1]!;
      pending = pending.slice(taken);
      if (text.trim() === '') continue;
      if (header === null) {
        header = fields.map((name) => name.trim());
        continue;
      }
      yield { line: first.line, end, ...named(header, fields) };
    }
  }

  for await (const source of lines) {
    if (source.text === null) {
      yield { line: source.line, end: source.end, record: null, reason: source.reason };
      continue;
    }
    if (header === null && given === undefined) delimiter = delimiterOf(source.text);
    pending.push({ ...source, quotes: source.text.split('"').length - 1 });
    yield* settle(false);
  }
  yield* settle(true);
}

function named(header: string[], fields: string[]) {
  if (fields.length !== header.length) {
    return {
      record: null,
      reason: `${fields.length} fields where the header has ${header.length}`,
    };
  }
  return { record: Object.fromEntries(header.map((name, index) => [name, fields[index]])) };
}

/** What separates the columns of a table, by its header. */
export function delimiterOf(header: string): string {
  const counts = [',', '\t', ';'].map((mark) => ({ mark, count: header.split(mark).length }));
  return counts.reduce((best, now) => (now.count > best.count ? now : best)).mark;
}

/**
 * The fields of a record, or null when a quote is still open at its end. `strict`: also when something
 * stands between a closing quote and the next delimiter.
 */
export function splitRecord(text: string, delimiter: string, strict = false): string[] | null {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let field = '';
    if (text[at] === '"') {
      at++;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) return null;
        field += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        field += '"';
        at++;
      }
    }
    const next = text.indexOf(delimiter, at);
    if (strict && text[at - 1] === '"' && at !== (next < 0 ? text.length : next)) return null;
    field += text.slice(at, next < 0 ? text.length : next);
    fields.push(field);
    if (next < 0) return fields;
    at = next + 1;
  }
}
