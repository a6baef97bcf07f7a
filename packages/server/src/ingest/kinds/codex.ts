import { homedir } from 'node:os';
import { basename, join, sep } from 'node:path';
import {
  codexBuckets,
  CodexLogReader,
  UsageContradiction,
  type CodexLogState,
  type CodexTurn,
  type UsageReading,
} from '@farthing/core';
import { buildEntry, buildTags, shown } from '../build-entry.js';
import type { Finding, SourceKind } from '../finding.js';
import { LogSource, type LineParser } from '../log-source.js';
import { modelResolver } from '../model-rules.js';
import { parseRecord } from '../parse-json.js';
import { hashContent, recordId } from '../record-id.js';
import { readTime } from '../read-time.js';
import type { KindContext } from './kind-context.js';

const longestLine = 64 * 1024 * 1024;

/** Where the Codex CLI keeps its logs. */
export function codexDirectories(
  environment: Record<string, string | undefined>,
  home = homedir(),
): string[] {
  const root = environment['CODEX_HOME'] ?? join(home, '.codex');
  return [join(root, 'sessions'), join(root, 'archived_sessions')];
}

/**
 * The Codex CLI's session logs: one entry a turn, what the session's count grew by. A turn is known by
 * its session and the count at its end, so that a log and its archived copy are the same turns.
 */
export function codex(context: KindContext): SourceKind {
  const source = `import:${context.name ?? 'codex'}`;
  return {
    name: 'codex',
    source,
    grows: true,
    accepts: (path) => path.endsWith('.jsonl'),
    order: async (files) => files.sort(byArchive),
    open: (file, from) =>
      LogSource.open(
        file,
        from,
        (state) => new CodexParser(file, source, context, state as CodexLogState | undefined),
        { longest: longestLine, concerns: mayMatter, tornIs: 'open' },
      ),
  };
}

/** What was said and done is most of a log: it is passed over unread. */
function mayMatter(bytes: Buffer): boolean {
  const begin = bytes.subarray(0, 512);
  if (begin.includes('"response_item"') && bytes.at(-1) === 0x7d) return false;
  return true;
}

function byArchive(a: string, b: string): number {
  const archived = (file: string) => Number(file.split(sep).includes('archived_sessions'));
  return archived(a) - archived(b) || (a < b ? -1 : a > b ? 1 : 0);
}

class CodexParser implements LineParser {
  readonly #reader: CodexLogReader;
  readonly #resolve = modelResolver([]);
  readonly #file: string;
  readonly #source: string;
  readonly #context: KindContext;

  constructor(
    file: string,
    source: string,
    context: KindContext,
    state: CodexLogState | undefined,
  ) {
    this.#file = file;
    this.#source = source;
    this.#context = context;
    this.#reader = new CodexLogReader(state);
  }

  parse(line: number, text: string): Finding[] {
    const parsed = parseRecord(text);
    if (parsed.record === null) return [{ kind: 'unreadable', line, reason: parsed.reason }];
    try {
      const turn = this.#reader.read(parsed.record);
      return [turn === null ? { kind: 'other', line } : this.#finding(line, turn)];
    } catch (error) {
      if (!(error instanceof UsageContradiction)) throw error;
      return [{ kind: 'unreadable', line, reason: error.message }];
    }
  }

  settle() {
    return { findings: [], deferred: [], open: 0 };
  }

  state(): CodexLogState {
    return this.#reader.state;
  }

  #finding(line: number, turn: CodexTurn): Finding {
    const at = readTime(turn.at, 'iso');
    if (at === null) {
      const reason = `timestamp: ${shown(turn.at)} is not a time (iso)`;
      return { kind: 'unreadable', line, reason };
    }
    const { counts, total, epoch } = turn;
    const { session = basename(this.#file, '.jsonl'), directory, plan } = this.#reader.state;
    const recorded = turn.model ?? null;
    const resolved = recorded === null ? null : this.#resolve(recorded);
    const reading: UsageReading = {
      status: 'ok',
      usage: {
        tokens: codexBuckets(counts),
        details: { reasoning: counts.reasoning },
        units: {},
        modifiers: {},
        estimated: false,
        raw: counts,
        notes: [],
      },
    };
    const project = directory?.split(/[/\\]/).findLast((part) => part !== '');
    const entry = buildEntry(
      {
        id: recordId(this.#source, hashContent({ session, epoch, total }), 0),
        source: this.#source,
        startedAt: at,
        provider: this.#context.provider ?? resolved?.provider ?? 'openai',
        api: 'responses',
        stream: true,
        modelRequested: recorded,
        model: this.#context.model ?? resolved?.model ?? recorded,
        reading,
        tags: buildTags(
          [
            ['feature', project],
            ['project', project],
            ['agent', 'codex'],
            ['session', session],
            ['billing', plan === undefined ? null : 'subscription'],
            ['plan', plan],
          ],
          this.#context.tags,
          this.#context.ports,
        ),
      },
      this.#context.ports,
    );
    return { kind: 'call', line, entry };
  }
}
