import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import { isFuller, readClaudeCodeLine, readUsage, syntheticModel } from '@farthing/core';
import { buildEntry, buildTags, recordedUsd, shown } from '../build-entry.js';
import type { Finding, SourceKind } from '../finding.js';
import { LogSource, type LineParser } from '../log-source.js';
import { modelResolver } from '../model-rules.js';
import { parseRecord, type JsonRecord } from '../parse-json.js';
import { hashContent, recordId } from '../record-id.js';
import { readTime } from '../read-time.js';
import type { KindContext } from './kind-context.js';

/** A line can hold a picture. Only its numbers are kept. */
const longestLine = 64 * 1024 * 1024;
/** Where neither the answer nor what follows it says that it has ended, no stream is written longer. */
const stillWritten = 3_600_000;
const mostPending = 2000;
/** The API's message ids are unique in the world; shorter ones are somebody else's. */
const shortestUniqueId = 20;

/** Where Claude Code keeps its logs. https://docs.anthropic.com/en/docs/claude-code/settings */
export function claudeCodeDirectories(
  environment: Record<string, string | undefined>,
  home = homedir(),
): string[] {
  const own = environment['CLAUDE_CONFIG_DIR']?.split(',').map((path) => path.trim());
  const roots = own?.filter((path) => path !== '') ?? [
    join(environment['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'claude'),
    join(home, '.claude'),
  ];
  return roots.map((root) => (basename(root) === 'projects' ? root : join(root, 'projects')));
}

/**
 * Claude Code's session logs. One answer of the API stands in several lines, each a snapshot of its
 * counts, and again in resumed sessions, in side chains that replay their parent and in progress lines:
 * it is one entry, known by the API's message id, with the fullest snapshot's counts.
 */
export function claudeCode(context: KindContext): SourceKind {
  const source = `import:${context.name ?? 'claude-code'}`;
  return {
    name: 'claude-code',
    source,
    grows: true,
    accepts: (path) => path.endsWith('.jsonl'),
    order: sessionsBeforeAgents,
    open: (file, from) =>
      LogSource.open(
        file,
        from,
        (state) => new ClaudeCodeParser(file, source, context, state as State | undefined),
        { longest: longestLine, concerns: mayHoldUsage, tornIs: 'open' },
      ),
  };
}

/** Prompts and tool results are most of a log and state no usage: they are passed over unread. */
function mayHoldUsage(bytes: Buffer): boolean {
  if (bytes.includes('"usage"')) return true;
  // What does not look like an object is read, and reported.
  const first = bytes[0];
  const last = bytes[bytes.at(-1) === 0x0d ? bytes.length - 2 : bytes.length - 1];
  return first !== 0x7b || last !== 0x7d;
}

/**
 * Sessions by their first time, so that what a resumed one repeats was read where it was first said;
 * subagents after all of them.
 */
async function sessionsBeforeAgents(files: string[]): Promise<string[]> {
  const keyed: { file: string; isAgent: boolean; first: string }[] = [];
  // One after the other: there may be more of them than a process may have open.
  for (const file of files) {
    keyed.push({
      file,
      isAgent: basename(file).startsWith('agent-') || file.split(sep).includes('subagents'),
      // What cannot be opened is told when it is to be read.
      first: await firstTime(file).catch(() => '9'),
    });
  }
  keyed.sort(
    (a, b) =>
      Number(a.isAgent) - Number(b.isAgent) || compare(a.first, b.first) || compare(a.file, b.file),
  );
  return keyed.map(({ file }) => file);
}

async function firstTime(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16_384), 0, 16_384, 0);
    const text = buffer.toString('latin1', 0, bytesRead);
    return /"timestamp"\s*:\s*"([^"]{10,40})"/.exec(text)?.[1] ?? '9';
  } finally {
    await file.close();
  }
}

interface Pending {
  line: number;
  at: string;
  last: string;
  message: JsonRecord;
  session: string | null;
  directory: string | null;
  agent: string | null;
  sidechain: boolean;
  weak: boolean;
  ended: boolean;
  cost: string | null;
}

interface State {
  pending: [string, Pending][];
  current: [string, string][];
}

class ClaudeCodeParser implements LineParser {
  readonly #file: string;
  readonly #source: string;
  readonly #context: KindContext;
  /** Answers whose lines may not all have been read, in the order of their first. */
  readonly #pending: Map<string, Pending>;
  /** The answer that each chain of the session is at. */
  readonly #current: Map<string, string>;
  readonly #resolve = modelResolver([]);

  constructor(file: string, source: string, context: KindContext, state: State | undefined) {
    this.#file = file;
    this.#source = source;
    this.#context = context;
    this.#pending = new Map(state?.pending);
    this.#current = new Map(state?.current);
  }

  parse(line: number, text: string): Finding[] {
    const parsed = parseRecord(text);
    if (parsed.record === null) return [{ kind: 'unreadable', line, reason: parsed.reason }];
    const snapshot = readClaudeCodeLine(parsed.record);
    if (snapshot === null || snapshot.message['model'] === syntheticModel) {
      return [{ kind: 'other', line }];
    }
    const at = readTime(snapshot.at, 'iso');
    if (at === null) {
      const reason = `timestamp: ${shown(snapshot.at)} is not a time (iso)`;
      return [{ kind: 'unreadable', line, reason }];
    }
    const key = keyOf(snapshot.message_id, snapshot.request_id ?? snapshot.session, parsed.record);
    const { id, model, usage } = snapshot.message;
    const now: Pending = {
      line,
      at,
      last: at,
      // The text of the answer goes no further.
      message: { id, model, usage },
      session: snapshot.session ?? null,
      directory: snapshot.directory ?? null,
      agent: snapshot.agent ?? null,
      sidechain: snapshot.sidechain,
      weak: snapshot.progress,
      ended: snapshot.ended,
      cost: recordedUsd(snapshot.cost_usd),
    };
    const known = this.#pending.get(key);
    if (known !== undefined) {
      this.#pending.set(key, merge(known, now));
      return [];
    }
    if (!now.weak) {
      // The model answers one thing after the other: what the chain was at before has ended.
      const chain = `${now.session} ${now.agent} ${now.sidechain}`;
      const before = this.#pending.get(this.#current.get(chain) ?? '');
      if (before !== undefined) before.ended = true;
      this.#current.set(chain, key);
    }
    this.#pending.set(key, now);
    // Lines of several chains may be mixed: an answer is not let go before it must be.
    return this.#pending.size > mostPending ? this.#finish(this.#pending.keys().next().value!) : [];
  }

  settle(now: Date): { findings: Finding[]; deferred: Finding[]; open: number } {
    const findings: Finding[] = [];
    const deferred: Finding[] = [];
    let open = 0;
    for (const [key, pending] of this.#pending) {
      const isOver = now.getTime() - Date.parse(pending.last) > stillWritten;
      if (isOver || (pending.ended && !pending.weak)) {
        (pending.weak ? deferred : findings).push(...this.#finish(key));
      } else open += 1;
    }
    return { findings, deferred, open };
  }

  state(): State {
    return { pending: [...this.#pending], current: [...this.#current] };
  }

  #finish(key: string): Finding[] {
    const pending = this.#pending.get(key);
    if (pending === undefined) return [];
    this.#pending.delete(key);
    return [this.#finding(key, pending)];
  }

  #finding(key: string, pending: Pending): Finding {
    const { message, line } = pending;
    const recorded = typeof message['model'] === 'string' ? message['model'].slice(0, 256) : null;
    const resolved = recorded === null ? null : this.#resolve(recorded);
    const provider = this.#context.provider ?? resolved?.provider ?? 'unknown';
    const model = this.#context.model ?? resolved?.model ?? recorded;
    const project = projectOf(pending.directory, this.#file);
    const entry = buildEntry(
      {
        id: recordId(this.#source, hashContent(key), 0),
        source: this.#source,
        startedAt: pending.at,
        provider,
        api: 'messages',
        stream: true,
        modelRequested: recorded,
        model,
        reading: readUsage({ provider, api: 'messages', payload: message }),
        reportedUsd: pending.cost,
        responseId: typeof message['id'] === 'string' ? message['id'].slice(0, 256) : undefined,
        tags: buildTags(
          [
            ['feature', project],
            ['project', project],
            ['agent', 'claude-code'],
            ['session', pending.session ?? basename(this.#file, '.jsonl')],
            ['subagent', pending.agent],
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

function keyOf(id: string | undefined, request: string | undefined, record: JsonRecord): string {
  if (id === undefined) {
    const own = record['uuid'];
    return typeof own === 'string' ? `line ${own}` : `line ${hashContent(record).toString('hex')}`;
  }
  return id.length >= shortestUniqueId ? id : `${id} ${request ?? ''}`;
}

/** The fullest counts, of the first time; a progress line never outdoes the answer's own. */
function merge(known: Pending, now: Pending): Pending {
  const facts = known.weak && !now.weak ? now : known;
  const message = isFuller(known.message, now.message) ? now.message : known.message;
  return {
    ...facts,
    message,
    at: now.at < known.at ? now.at : known.at,
    last: now.at > known.last ? now.at : known.last,
    ended: known.ended || now.ended,
    cost: now.cost ?? known.cost,
    weak: known.weak && now.weak,
  };
}

/** The name of the directory that was worked in; without it, that of the log's own. */
function projectOf(directory: string | null, file: string): string {
  const name = directory?.split(/[/\\]/).findLast((part) => part !== '');
  if (name !== undefined) return name;
  const parts = file.split(sep);
  const projects = parts.lastIndexOf('projects');
  return (projects >= 0 ? parts[projects + 1] : undefined) ?? basename(dirname(file));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
