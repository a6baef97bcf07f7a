import { addTokens } from './add-usage.js';
import { defineConverter } from './converter.js';
import {
  countAt,
  fieldsAt,
  isFields,
  listAt,
  nameAt,
  UsageContradiction,
  type Fields,
} from './fields.js';
import { emptyTokens, type NestedUsage, type RequestUsage, type TokenBuckets } from './usage.js';

/** Counts of a Codex session: cumulative in `total_token_usage`, of one turn in `last_token_usage`. */
interface CodexCounts {
  input: number;
  cached: number;
  output: number;
  reasoning: number;
}

/**
 * Codex CLI session log. Counts are cumulative and are emitted again when nothing changed, so only what
 * the total grew by is counted, turn by turn. A fork starts with a copy of its parent's history, which
 * the parent's own log already counts: there ({@link replayEnd}) the totals are only taken as the
 * baseline. Where the total falls (a new count begins), the turn's own figures are what was added.
 */
export const convertCodexLog = defineConverter({
  locate: (body) => (Array.isArray(body['lines']) ? body : undefined),
  identify: (body) => ({ model: turnModels(listAt(body, 'lines'))[0] }),
  read(body) {
    const lines = listAt(body, 'lines');
    const tokens = emptyTokens();
    const requests: RequestUsage[] = [];
    const nested: NestedUsage[] = [];
    const firstModel = turnModels(lines)[0];
    const replayedUntil = replayEnd(lines);
    let reasoning = 0;
    let model = firstModel;
    let before: CodexCounts | undefined;
    let events = 0;
    for (const line of lines) {
      const payload = fieldsAt(line, 'payload');
      if (line['type'] === 'turn_context') model = nameAt(payload, 'model') ?? model;
      const info = payload?.['type'] === 'token_count' ? fieldsAt(payload, 'info') : undefined;
      if (info === undefined) continue;
      events += 1;
      const total = countsAt(info, 'total_token_usage');
      const last = countsAt(info, 'last_token_usage');
      const second = secondOf(line);
      const replayed = replayedUntil !== undefined && second !== '' && second <= replayedUntil;
      const added = replayed ? undefined : growth(before, total, last);
      before = total ?? before;
      if (added === undefined) continue;
      const part = bucketsOf(added);
      if (model === firstModel || model === undefined) {
        addTokens(tokens, part);
        reasoning += added.reasoning;
        requests.push({ tokens: part, details: { reasoning: added.reasoning }, modifiers: {} });
      } else nested.push({ model, tokens: part });
    }
    if (events === 0) throw new UsageContradiction('no token_count event carries counts');
    return { tokens, details: { reasoning }, nested, requests };
  },
});

/**
 * The second in which a fork or a subagent copied its parent's history into its own log, with new
 * times: `session_meta` says that there is a parent, and when the copy was made.
 */
function replayEnd(lines: readonly Fields[]): string | undefined {
  for (const line of lines) {
    if (line['type'] !== 'session_meta') continue;
    const meta = fieldsAt(line, 'payload');
    const subagent = fieldsAt(fieldsAt(meta, 'source'), 'subagent');
    const forked = nameAt(meta, 'forked_from_id') !== undefined || subagent !== undefined;
    const at = forked ? secondOf(line) : '';
    return at === '' ? undefined : at;
  }
  return undefined;
}

/** `2026-05-13T09:00:00`; empty where a line has no time. */
function secondOf(line: Fields): string {
  return nameAt(line, 'timestamp')?.slice(0, 19) ?? '';
}

function growth(
  before: CodexCounts | undefined,
  total: CodexCounts | undefined,
  last: CodexCounts | undefined,
): CodexCounts | undefined {
  if (total === undefined) return last;
  if (before === undefined) return last ?? total;
  const grown = {
    input: total.input - before.input,
    cached: total.cached - before.cached,
    output: total.output - before.output,
    reasoning: total.reasoning - before.reasoning,
  };
  return Object.values(grown).some((count) => count < 0) ? (last ?? total) : grown;
}

function bucketsOf({ input, cached, output }: CodexCounts): TokenBuckets {
  if (cached > input) {
    throw new UsageContradiction(`cached_input_tokens (${cached}) exceeds input_tokens (${input})`);
  }
  return { ...emptyTokens(), input_uncached: input - cached, cache_read: cached, output };
}

function countsAt(info: Fields, key: string): CodexCounts | undefined {
  const fields = info[key];
  if (!isFields(fields)) return undefined;
  return {
    input: countAt(fields, 'input_tokens') ?? 0,
    cached: countAt(fields, 'cached_input_tokens') ?? 0,
    output: countAt(fields, 'output_tokens') ?? 0,
    reasoning: countAt(fields, 'reasoning_output_tokens') ?? 0,
  };
}

function turnModels(lines: readonly Fields[]): string[] {
  return lines.flatMap((line) => {
    if (line['type'] !== 'turn_context') return [];
    return nameAt(fieldsAt(line, 'payload'), 'model') ?? [];
  });
}
