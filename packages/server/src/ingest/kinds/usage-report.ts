import { readFile, stat } from 'node:fs/promises';
import {
  emptyTokens,
  FarthingError,
  readAnthropicUsage,
  readOpenAIUsage,
  totalInput,
  type RequestUsage,
  type TokenBuckets,
  type UsageRow,
} from '@farthing/core';
import { buildEntry, buildTags } from '../build-entry.js';
import type { Cursor, Finding, OpenSource, SourceKind, Step } from '../finding.js';
import { hashContent, recordId } from '../record-id.js';
import type { KindContext } from './kind-context.js';

const largestReport = 256 * 1024 * 1024;
const millisecondsOfDay = 86_400_000;

/**
 * A report sums requests, and which of them passed the threshold of a long-context price is not in it,
 * or in a field of its own. So the sums are priced in shares that are on the right side of every
 * threshold there is (128,000 tokens is the lowest, 272,000 the highest).
 */
const shortShare = 100_000;
const longShare = 400_000;
/** Shares of one entry: an entry has at most 64 kB. */
const mostShares = 150;

/** The custom tag that tells these entries from calls. */
export const aggregateTag = 'aggregate';
export const aggregateValue = 'usage-report';

const readers = { openai: readOpenAIUsage, anthropic: readAnthropicUsage };

/**
 * What a provider's usage API answered, page by page: sums by day, model and key, for the time before
 * the calls themselves were recorded. Only days that are over are booked, and the import leaves out
 * days of which the books have calls.
 */
export function usageReport(provider: 'openai' | 'anthropic', context: KindContext): SourceKind {
  const name = `${provider}-usage`;
  const source = `import:${context.name ?? name}`;
  return {
    name,
    source,
    grows: false,
    accepts: (path) => path.endsWith('.json') || path.endsWith('.jsonl'),
    open: async (file) => new ReportSource(file, provider, source, context),
    notes: () => [
      'An entry stands for all requests of a day, a model and a key: it counts as one call (tag aggregate=usage-report).',
    ],
  };
}

class ReportSource implements OpenSource {
  #line = 0;
  #bytes = 0;
  readonly #file: string;
  readonly #provider: 'openai' | 'anthropic';
  readonly #source: string;
  readonly #context: KindContext;

  constructor(
    file: string,
    provider: 'openai' | 'anthropic',
    source: string,
    context: KindContext,
  ) {
    this.#file = file;
    this.#provider = provider;
    this.#source = source;
    this.#context = context;
  }

  async *read(): AsyncGenerator<Step> {
    this.#bytes = (await stat(this.#file)).size;
    if (this.#bytes > largestReport) {
      throw new FarthingError(
        'invalid_report',
        `${this.#file} is larger than ${largestReport / 1024 / 1024} MB. Split it by month.`,
      );
    }
    const pages = parsePages(await readFile(this.#file, 'utf8'), this.#file);
    const now = this.#context.ports.now().getTime();
    for (const [index, page] of pages.entries()) {
      const { rows } = readers[this.#provider](page, `${this.#file} page ${index + 1}`);
      for (const row of rows) {
        this.#line += 1;
        yield { line: this.#line, offset: this.#bytes, findings: this.#findings(row, now) };
      }
    }
  }

  #findings(row: UsageRow, now: number): Finding[] {
    const line = this.#line;
    const day = row.at.slice(0, 10);
    if (Date.parse(`${day}T00:00:00Z`) + millisecondsOfDay > now) return [{ kind: 'other', line }];
    const tokens: TokenBuckets = emptyTokens();
    for (const kind of Object.keys(tokens) as (keyof TokenBuckets)[]) {
      tokens[kind] = row.tokens[kind] ?? 0;
    }
    if (totalInput(tokens) + tokens.output === 0) return [{ kind: 'other', line }];
    const shares = split(tokens, row.long === true ? longShare : shortShare);
    const findings: Finding[] = [];
    for (let start = 0; start < shares.length; start += mostShares) {
      findings.push(this.#finding(row, shares.slice(start, start + mostShares), start));
    }
    return findings;
  }

  #finding(row: UsageRow, shares: TokenBuckets[], start: number): Finding {
    const { at, model, tier, long, geo, project, api_key: key } = row;
    const modifiers = {
      ...(tier === null ? {} : { service_tier: tier }),
      ...(geo === null ? {} : { inference_geo: geo }),
    };
    const requests: RequestUsage[] = shares.map((tokens) => ({ tokens, details: {}, modifiers }));
    const cell = { provider: this.#provider, at, model, tier, long, geo, project, key, start };
    const entry = buildEntry(
      {
        id: recordId(this.#source, hashContent(cell), 0),
        source: this.#source,
        startedAt: new Date(at).toISOString(),
        provider: this.#context.provider ?? this.#provider,
        api: 'usage-report',
        modelRequested: null,
        model: this.#context.model ?? model,
        reading: {
          status: 'ok',
          usage: {
            tokens: sum(shares),
            details: {},
            units: start === 0 ? row.units : {},
            modifiers,
            estimated: false,
            ...(requests.length > 1 ? { requests } : {}),
            raw: { requests: row.requests, long },
            notes: [],
          },
        },
        tags: buildTags(
          [
            [aggregateTag, aggregateValue],
            ['project', project],
            ['key', key],
            ['requests', row.requests === null ? null : String(row.requests)],
          ],
          this.#context.tags,
          this.#context.ports,
        ),
      },
      this.#context.ports,
    );
    return { kind: 'call', line: this.#line, entry };
  }

  settle() {
    return { findings: [], deferred: [], open: 0 };
  }

  async cursor(): Promise<Cursor> {
    return { line: this.#line, offset: this.#bytes, fingerprint: '', state: null };
  }

  async isAsRead(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {}
}

/** One page, a list of pages, or a page a line. */
function parsePages(text: string, file: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    // Then it may be a page a line.
  }
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      throw new FarthingError('invalid_report', `${file}, line ${index + 1} is not JSON.`);
    }
  });
}

/** Parts of at most so many input tokens, equal to within one token a kind. */
function split(tokens: TokenBuckets, size: number): TokenBuckets[] {
  const count = Math.max(1, Math.ceil(totalInput(tokens) / size));
  return Array.from({ length: count }, (_, index) => {
    const part = emptyTokens();
    for (const kind of Object.keys(tokens) as (keyof TokenBuckets)[]) {
      const share = Math.floor(tokens[kind] / count);
      part[kind] = share + (index < tokens[kind] % count ? 1 : 0);
    }
    return part;
  });
}

function sum(parts: readonly TokenBuckets[]): TokenBuckets {
  const all = emptyTokens();
  for (const part of parts) {
    for (const kind of Object.keys(all) as (keyof TokenBuckets)[]) all[kind] += part[kind];
  }
  return all;
}
