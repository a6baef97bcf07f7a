import { FarthingError } from '@farthing/core';
import type { Finding } from './finding.js';
import type { KindContext } from './kinds/kind-context.js';
import type { Preset } from './mapping.js';
import { fieldReader, type SourceRecord } from './read-field.js';
import { hashContent, OccurrenceCounter, recordId } from './record-id.js';
import { recordConverter } from './record-to-entry.js';

/** Turns the records of one file into calls, by a mapping. */
export class MappedCalls {
  readonly #name: string;
  readonly #convert: ReturnType<typeof recordConverter>;
  readonly #idOf: (record: SourceRecord) => unknown;
  /** Identical records of one file are different calls, where the source has no ids. */
  readonly #occurrences = new OccurrenceCounter();

  constructor(mapping: Preset, context: KindContext) {
    this.#name = context.name ?? mapping.name;
    this.#convert = recordConverter(mapping, `import:${this.#name}`, context, context.ports);
    this.#idOf = mapping.id === undefined ? () => undefined : fieldReader(mapping.id);
  }

  /** What the record is; `seenBefore`: an earlier run has booked it, and it only needs to be counted. */
  finding(line: number, record: SourceRecord, seenBefore = false): Finding | null {
    if (!this.#convert.isCall(record)) return seenBefore ? null : { kind: 'other', line };
    const own = this.#idOf(record);
    const hash = hashContent(own === undefined ? record : { id: own });
    const id = recordId(this.#name, hash, own === undefined ? this.#occurrences.next(hash) : 0);
    if (seenBefore) return null;
    const converted = this.#convert.convert(record, id);
    return converted.kind === 'call'
      ? { kind: 'call', line, entry: converted.entry }
      : converted.kind === 'other'
        ? { kind: 'other', line }
        : { kind: 'unreadable', line, reason: converted.reason };
  }
}

/** Refuses what the installation cannot read. */
export function noParquet(file: string): FarthingError {
  return new FarthingError(
    'no_parquet',
    `${file} is a Parquet file, which this program cannot read.`,
  );
}
