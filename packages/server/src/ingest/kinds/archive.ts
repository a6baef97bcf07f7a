import type { Entry } from '@farthing/core';
import { checkEntry } from '../../ledger/index.js';
import type { Finding, SourceKind } from '../finding.js';
import { LogSource, type LineParser } from '../log-source.js';
import { parseRecord, type JsonRecord } from '../parse-json.js';
import type { ImportPorts } from '../ports.js';

const longestLine = 4 * 1024 * 1024;

/**
 * Farthing's own records: the JSONL archive, and journals (segments of a data directory, of this or
 * another machine). Entries are taken word for word, with their ids: what is in these books already
 * changes nothing. Only what is personal here and no pseudonym there becomes one. A call that a journal opens and never closes is left: its own machine books it when
 * the journal is opened there again.
 */
export function archive(
  name: 'archive' | 'journals',
  { protectReceived }: Pick<ImportPorts, 'protectReceived'>,
): SourceKind {
  /** Calls that were opened and not closed so far; a later segment may close them. */
  const open = new Set<string>();
  return {
    name,
    source: null,
    grows: true,
    accepts: (path) => path.endsWith('.jsonl'),
    open: (file, from) =>
      LogSource.open(file, from, () => new ArchiveParser(open, protectReceived), {
        longest: longestLine,
        tornIs: 'open',
      }),
    unfinished: () => open.size,
  };
}

class ArchiveParser implements LineParser {
  readonly #open: Set<string>;
  readonly #protect: ImportPorts['protectReceived'];

  constructor(open: Set<string>, protect: ImportPorts['protectReceived']) {
    this.#open = open;
    this.#protect = protect;
  }

  parse(line: number, text: string): Finding[] {
    const parsed = parseRecord(text);
    if (parsed.record === null) return [{ kind: 'unreadable', line, reason: parsed.reason }];
    const { record } = parsed;
    if (record['type'] === 'segment') return this.#segment(line, record);
    if (record['type'] === 'opened') {
      if (typeof record['id'] === 'string') this.#open.add(record['id']);
      return [{ kind: 'other', line }];
    }
    const entry = record['type'] === 'closed' ? record['entry'] : record;
    if (entry === record && typeof record['type'] === 'string') return [{ kind: 'other', line }];
    const flaw = newerSchema(entry) ?? checkEntry(entry);
    if (flaw !== null) return [{ kind: 'unreadable', line, reason: `not an entry: ${flaw}` }];
    const whole = entry as Entry;
    this.#open.delete(whole.id);
    this.#protect?.(whole.tags);
    return [{ kind: 'call', line, entry: { ...whole, id: whole.id.toLowerCase() } }];
  }

  settle() {
    return { findings: [], deferred: [], open: 0 };
  }

  state(): null {
    return null;
  }

  #segment(line: number, record: JsonRecord): Finding[] {
    if (Number(record['schema']) > 1) {
      const reason = `written by a newer Farthing (schema ${Number(record['schema'])})`;
      return [{ kind: 'unreadable', line, reason }];
    }
    return [{ kind: 'other', line }];
  }
}

function newerSchema(entry: unknown): string | null {
  const schema = (entry as { schema?: unknown } | null)?.schema;
  return typeof schema === 'number' && schema > 1
    ? `written by a newer Farthing (schema ${schema})`
    : null;
}
