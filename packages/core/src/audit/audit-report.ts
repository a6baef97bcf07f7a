import { promptSources, type PromptSource } from '../estimate/prompt-sources.js';
import { formatUsd, parseUsd } from '../money.js';
import { groupKey } from '../report/group-key.js';
import { previousWindow } from '../report/previous-window.js';
import type {
  Dimension,
  Filter,
  Measure,
  Query,
  QueryResult,
  QueryRow,
  Window,
} from '../report/query.js';
import { largestLever, type Lever } from './largest-lever.js';
import { shareInputCost, type InputCost } from './share-input-cost.js';
import { shareTokens } from './share-tokens.js';

export interface AuditRequest {
  by: Dimension[];
  window: Window;
  filters?: Filter[];
  /** Most groups, by input tokens; default 1,000. */
  limit?: number;
}

/** What one source of input is of a group of calls. */
export interface SourceAudit {
  source: PromptSource;
  /** Of all input tokens of the group, also of calls that were not taken apart. */
  tokens: number;
  share: number;
  /** Of the calls that were taken apart, on average. */
  tokens_per_call: number;
  /** Its part of what the input cost; null where that is not known. */
  usd: string | null;
  cost_share: number | null;
  /** Share and tokens per call in the window before; null without calls there. */
  share_before: number | null;
  tokens_per_call_before: number | null;
  /** How tokens per call moved: 0.5 is half as many again; null where there were none. */
  change: number | null;
}

export interface AuditRow {
  group: Record<string, string | null>;
  calls: number;
  /** Calls that the split rests on: those that were taken apart and those they stand for. */
  audited_calls: number;
  /** Input tokens of all calls of the group, cached or not. */
  input_tokens: number;
  input_usd: string | null;
  /** The largest first; sources without tokens are left out, unless they had some before. */
  sources: SourceAudit[];
  lever: Lever | null;
}

export interface AuditReport {
  window: Window;
  previous: Window;
  by: Dimension[];
  /** The largest inputs first. Groups without any call that was taken apart are left out. */
  rows: AuditRow[];
  truncated: boolean;
}

const promptMeasures = promptSources.map((source): Measure => `prompt_${source}`);

const measures: Measure[] = [
  'tokens_input',
  'calls',
  'prompt_calls',
  ...promptMeasures,
  'tokens_cache_read',
  'tokens_cache_write',
  'cost_input',
  'cost_cache_read',
  'cost_cache_write',
];

const mostRows = 100_000;

/**
 * Where the input of each group comes from: tokens, percent and money by source, what moved against the
 * window before, and what would save most. `ask` answers a query, from a store or over HTTP.
 */
export async function buildAudit(
  ask: (query: Query) => Promise<QueryResult>,
  { by, window, filters = [], limit = 1_000 }: AuditRequest,
): Promise<AuditReport> {
  const previous = previousWindow(window);
  const scope = { dimensions: by, filters };
  const [now, before] = await Promise.all([
    ask({ ...scope, window, measures, limit }),
    ask({ ...scope, window: previous, measures, limit: mostRows }),
  ]);
  const earlier = new Map(before.rows.map((row) => [groupKey(row, by), splitOf(row)]));
  const rows = now.rows.flatMap((row) => {
    const split = splitOf(row);
    return split === null ? [] : [auditRow(row, by, split, earlier.get(groupKey(row, by)) ?? null)];
  });
  return { window, previous, by, rows, truncated: now.truncated };
}

interface Split {
  calls: number;
  tokens: Record<PromptSource, number>;
  /** Of the calls that were taken apart: others may have failed before anything was counted. */
  perCall: Record<PromptSource, number>;
  total: number;
}

/** All input tokens of a row by source; null where no call was taken apart. */
function splitOf(row: QueryRow): Split | null {
  const weights = promptSources.map((source) => count(row, `prompt_${source}`));
  const calls = count(row, 'prompt_calls');
  if (calls <= 0 || weights.every((weight) => weight <= 0)) return null;
  const total = count(row, 'tokens_input');
  const shared = shareTokens(weights, Math.max(total, 0));
  return {
    calls: count(row, 'calls'),
    tokens: bySource((index) => shared[index]!),
    perCall: bySource((index) => each(weights[index]!, calls)),
    total,
  };
}

function bySource(value: (index: number) => number): Record<PromptSource, number> {
  return Object.fromEntries(promptSources.map((source, index) => [source, value(index)])) as Record<
    PromptSource,
    number
  >;
}

function auditRow(
  row: QueryRow,
  by: readonly Dimension[],
  split: Split,
  before: Split | null,
): AuditRow {
  const cost = inputCost(row);
  const usd = cost === null ? null : shareInputCost(split.tokens, cost);
  const total = cost === null ? 0 : Number(cost.total);
  const sources = promptSources
    .map((source): SourceAudit => {
      const tokens = split.tokens[source];
      const perCall = split.perCall[source];
      const perCallBefore = before === null ? null : before.perCall[source];
      const hasMoved = perCallBefore !== null && perCallBefore > 0;
      return {
        source,
        tokens,
        share: share(tokens, split.total) ?? 0,
        tokens_per_call: perCall,
        usd: usd === null ? null : formatUsd(usd[source]),
        cost_share: usd === null ? null : share(Number(usd[source]), total),
        share_before: before === null ? null : share(before.tokens[source], before.total),
        tokens_per_call_before: perCallBefore,
        change: hasMoved ? Math.round((perCall / perCallBefore - 1) * 1e4) / 1e4 : null,
      };
    })
    .filter(({ tokens, tokens_per_call_before: earlier }) => tokens > 0 || (earlier ?? 0) > 0)
    .sort((a, b) => b.tokens - a.tokens);
  return {
    group: Object.fromEntries(by.map((name) => [name, row[name] as string | null])),
    calls: split.calls,
    audited_calls: count(row, 'prompt_calls'),
    input_tokens: split.total,
    input_usd: cost === null ? null : formatUsd(cost.total),
    sources,
    lever: largestLever(sources),
  };
}

function inputCost(row: QueryRow): InputCost | null {
  const total = row['cost_input'];
  if (total == null) return null;
  const money = (name: string) => parseUsd(String(row[name] ?? '0'));
  return {
    total: parseUsd(String(total)),
    cached: money('cost_cache_read') + money('cost_cache_write'),
    cachedTokens: count(row, 'tokens_cache_read') + count(row, 'tokens_cache_write'),
  };
}

function count(row: QueryRow, name: string): number {
  return Number(row[name] ?? 0);
}

function each(tokens: number, calls: number): number {
  return calls <= 0 ? 0 : Math.round((tokens / calls) * 10) / 10;
}

function share(part: number, total: number): number | null {
  return total === 0 ? null : Math.round((part / total) * 1e6) / 1e6;
}
