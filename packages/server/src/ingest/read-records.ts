import { readCsvRecords } from './read-csv.js';
import { noParquet } from './mapped-calls.js';
import type { Mapping } from './mapping.js';
import type { ImportPorts } from './ports.js';
import type { SourceRecord } from './read-field.js';
import { readJsonArray } from './read-json-array.js';
import { LineFile, type SourceLine } from './read-lines.js';

/** A record of a file with the line (or number) at which it begins, or why there is none. */
export type ReadRecord = { line: number; end: number } & (
  | { record: SourceRecord }
  | { record: null; reason: string }
);

/** Streams the records of a table or of a JSON array. A damaged record never stops the rest. */
export async function* readRecords(
  path: string,
  { format, delimiter }: Pick<Mapping, 'format' | 'delimiter'>,
  ports: Pick<ImportPorts, 'readParquet'>,
): AsyncGenerator<ReadRecord> {
  if (format === 'parquet') {
    if (ports.readParquet === undefined) throw noParquet(path);
    let line = 0;
    for await (const rows of ports.readParquet(path)) {
      for (const record of rows) {
        line += 1;
        yield { line, end: 0, record };
      }
    }
    return;
  }
  if (format === 'json') {
    yield* readJsonArray(path);
    return;
  }
  yield* readCsvRecords(allLines(path), delimiter);
}

async function* allLines(path: string): AsyncGenerator<SourceLine> {
  const file = await LineFile.open(path);
  try {
    yield* file.lines();
  } finally {
    await file.close();
  }
}
