import { extname } from 'node:path';
import type { Cursor, Finding, OpenSource, SourceKind, Step } from '../finding.js';
import { LogSource, type LineParser } from '../log-source.js';
import { MappedCalls } from '../mapped-calls.js';
import type { Preset } from '../mapping.js';
import { parseRecord } from '../parse-json.js';
import { readRecords } from '../read-records.js';
import { sniffFormat } from '../sniff-format.js';
import type { KindContext } from './kind-context.js';

const extensions = new Set(['.jsonl', '.ndjson', '.json', '.csv', '.tsv', '.parquet']);

/** Records of another tool, by a mapping: a preset or the user's own. */
export function mapped(mapping: Preset, context: KindContext): SourceKind {
  return {
    name: mapping.name,
    source: `import:${context.name ?? mapping.name}`,
    grows: true,
    accepts: (path) => extensions.has(extname(path)),
    async open(file, from) {
      const format = mapping.format ?? (await sniffFormat(file));
      if (format !== 'jsonl') return new RecordSource(file, { ...mapping, format }, context, from);
      const hasIds = mapping.id !== undefined;
      // Without ids, which of several equal records one is can only be told by having seen the others.
      return LogSource.open(
        file,
        hasIds ? from : undefined,
        () => new MappedLines(mapping, context, hasIds ? 0 : (from?.line ?? 0)),
        { tornIs: 'unreadable' },
      );
    },
  };
}

class MappedLines implements LineParser {
  readonly #calls: MappedCalls;
  readonly #seenUntil: number;

  constructor(mapping: Preset, context: KindContext, seenUntil: number) {
    this.#calls = new MappedCalls(mapping, context);
    this.#seenUntil = seenUntil;
  }

  parse(line: number, text: string): Finding[] {
    const seenBefore = line <= this.#seenUntil;
    const parsed = parseRecord(text);
    if (parsed.record === null) {
      return seenBefore ? [] : [{ kind: 'unreadable', line, reason: parsed.reason }];
    }
    const finding = this.#calls.finding(line, parsed.record, seenBefore);
    return finding === null ? [] : [finding];
  }

  settle() {
    return { findings: [], deferred: [], open: 0 };
  }

  state(): null {
    return null;
  }
}

/** A file that is read from its beginning to its end: a table, a JSON array. */
class RecordSource implements OpenSource {
  readonly #file: string;
  readonly #mapping: Preset;
  readonly #context: KindContext;
  readonly #seenUntil: number;
  #line = 0;
  #offset = 0;

  constructor(file: string, mapping: Preset, context: KindContext, from: Cursor | undefined) {
    this.#file = file;
    this.#mapping = mapping;
    this.#context = context;
    this.#seenUntil = from?.line ?? 0;
  }

  async *read(): AsyncGenerator<Step> {
    const calls = new MappedCalls(this.#mapping, this.#context);
    for await (const read of readRecords(this.#file, this.#mapping, this.#context.ports)) {
      const { line, end } = read;
      this.#line = line;
      this.#offset = end;
      const seenBefore = line <= this.#seenUntil;
      const finding: Finding | null =
        read.record !== null
          ? calls.finding(line, read.record, seenBefore)
          : seenBefore
            ? null
            : { kind: 'unreadable', line, reason: read.reason };
      yield { line, offset: end, findings: finding === null ? [] : [finding] };
    }
  }

  settle() {
    return { findings: [], deferred: [], open: 0 };
  }

  async cursor(): Promise<Cursor> {
    return { line: this.#line, offset: this.#offset, fingerprint: '', state: null };
  }

  async isAsRead(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {}
}
