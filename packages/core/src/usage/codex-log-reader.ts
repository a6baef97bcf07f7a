import { countAt, fieldsAt, isFields, nameAt, UsageContradiction, type Fields } from './fields.js';
import { emptyTokens, type TokenBuckets } from './usage.js';

/** Counts of a Codex session: cumulative in `total_token_usage`, of one turn in `last_token_usage`. */
export interface CodexCounts {
  input: number;
  cached: number;
  output: number;
  reasoning: number;
}

/** What one turn of a session took. */
export interface CodexTurn {
  at: string | undefined;
  model: string | undefined;
  counts: CodexCounts;
  /** The session's count when the turn had ended: with `epoch`, what tells its turns apart. */
  total: CodexCounts;
  /** How often the count had begun anew. */
  epoch: number;
}

/** What a reader has learned so far; JSON, so that a later run can go on from it. */
export interface CodexLogState {
  session?: string;
  directory?: string;
  model?: string;
  /** The plan that the client's rate limits belong to: set where a subscription pays. */
  plan?: string;
  before?: CodexCounts;
  epoch: number;
  /** Set once the session's first line has told whether it is a fork, and until when it replays. */
  replayed_until?: string;
  identified: boolean;
}

/**
 * Reads a Codex CLI session line by line. Counts are cumulative and are emitted again when nothing
 * changed, so only what the total grew by is a turn. A fork starts with a copy of its parent's history,
 * with new times, which the parent's own log already counts: there the totals are only taken as the
 * baseline. Where the total falls (a new count begins), the turn's own figures are what was added.
 */
export class CodexLogReader {
  readonly state: CodexLogState;

  constructor(state: CodexLogState = { epoch: 0, identified: false }) {
    this.state = state;
  }

  /** The turn that the line ends, or null. Throws {@link UsageContradiction} for impossible counts. */
  read(line: Fields): CodexTurn | null {
    const { state } = this;
    const payload = fieldsAt(line, 'payload');
    if (line['type'] === 'session_meta') this.#identify(line, payload);
    if (line['type'] === 'turn_context') {
      const model = nameAt(payload, 'model');
      const directory = nameAt(payload, 'cwd');
      if (model !== undefined) state.model = model;
      if (directory !== undefined) state.directory = directory;
    }
    if (payload?.['type'] !== 'token_count') return null;
    const plan = nameAt(fieldsAt(payload, 'rate_limits'), 'plan_type');
    if (plan !== undefined) state.plan = plan;
    const info = fieldsAt(payload, 'info');
    return info === undefined ? null : this.#turn(line, info);
  }

  #turn(line: Fields, info: Fields): CodexTurn | null {
    const { state } = this;
    const total = countsAt(info, 'total_token_usage');
    const last = countsAt(info, 'last_token_usage');
    const second = secondOf(line);
    const replayed =
      state.replayed_until !== undefined && second !== '' && second <= state.replayed_until;
    const before = state.before;
    const fell = before !== undefined && total !== undefined && isBelow(total, before);
    if (fell) state.epoch += 1;
    const counts = replayed ? undefined : growth(before, total, last, fell);
    if (total !== undefined) state.before = total;
    if (counts === undefined) return null;
    if (counts.input + counts.output + counts.cached + counts.reasoning === 0) return null;
    return {
      at: nameAt(line, 'timestamp'),
      model: nameAt(info, 'model') ?? nameAt(info, 'model_name') ?? state.model,
      counts,
      total: total ?? counts,
      epoch: state.epoch,
    };
  }

  /** Only the first `session_meta` is the session's own: a fork repeats its parent's after it. */
  #identify(line: Fields, meta: Fields | undefined): void {
    const { state } = this;
    if (state.identified) return;
    state.identified = true;
    const session = nameAt(meta, 'id');
    const directory = nameAt(meta, 'cwd');
    if (session !== undefined) state.session = session;
    if (directory !== undefined) state.directory = directory;
    const subagent = fieldsAt(fieldsAt(meta, 'source'), 'subagent');
    const forked = nameAt(meta, 'forked_from_id') !== undefined || subagent !== undefined;
    const at = forked ? secondOf(line) : '';
    if (at !== '') state.replayed_until = at;
  }
}

/** Cached tokens are part of the input, reasoning is part of the output. */
export function codexBuckets({ input, cached, output }: CodexCounts): TokenBuckets {
  if (cached > input) {
    throw new UsageContradiction(`cached_input_tokens (${cached}) exceeds input_tokens (${input})`);
  }
  return { ...emptyTokens(), input_uncached: input - cached, cache_read: cached, output };
}

/** `2026-05-13T09:00:00`; empty where a line has no time. */
function secondOf(line: Fields): string {
  return nameAt(line, 'timestamp')?.slice(0, 19) ?? '';
}

function growth(
  before: CodexCounts | undefined,
  total: CodexCounts | undefined,
  last: CodexCounts | undefined,
  fell: boolean,
): CodexCounts | undefined {
  if (total === undefined) return last;
  if (before === undefined || fell) return last ?? total;
  return {
    input: total.input - before.input,
    cached: total.cached - before.cached,
    output: total.output - before.output,
    reasoning: total.reasoning - before.reasoning,
  };
}

function isBelow(total: CodexCounts, before: CodexCounts): boolean {
  return (
    total.input < before.input ||
    total.cached < before.cached ||
    total.output < before.output ||
    total.reasoning < before.reasoning
  );
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
