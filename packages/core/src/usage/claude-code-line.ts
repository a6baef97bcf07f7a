import { fieldsAt, nameAt, type Fields } from './fields.js';

/** What Claude Code writes for messages of its own, which no model answered. */
export const syntheticModel = '<synthetic>';

/** What one line of a Claude Code session log says of an answer: a snapshot of its counts. */
export interface ClaudeCodeSnapshot {
  /** The answer as the API gave it, with `usage` and `model`. */
  message: Fields;
  message_id: string | undefined;
  request_id: string | undefined;
  session: string | undefined;
  /** Of a subagent, or of a question beside the conversation. */
  sidechain: boolean;
  agent: string | undefined;
  /** Whether a progress line of the parent session repeats it: those show early snapshots only. */
  progress: boolean;
  at: string | undefined;
  directory: string | undefined;
  /** Set when the answer had ended by the time the line was written. */
  ended: boolean;
  /** What the client computed; only old versions wrote it. */
  cost_usd: unknown;
}

/**
 * Reads one line; null for lines without usage (prompts, tool results, summaries). Progress lines of
 * subagents nest the same object under `data.message`.
 */
export function readClaudeCodeLine(line: Fields): ClaudeCodeSnapshot | null {
  const entry = fieldsAt(line, 'message') === undefined ? fieldsAt(line, 'data') : line;
  const inner = fieldsAt(entry, 'message');
  const holder = fieldsAt(inner, 'message') === undefined ? entry : inner;
  const message = fieldsAt(holder, 'message');
  if (message === undefined || fieldsAt(message, 'usage') === undefined) return null;
  const text = (key: string) => nameAt(holder, key) ?? nameAt(entry, key) ?? nameAt(line, key);
  return {
    message,
    message_id: nameAt(message, 'id'),
    request_id: text('requestId'),
    session: text('sessionId'),
    sidechain: (holder?.['isSidechain'] ?? line['isSidechain']) === true,
    agent: text('agentId'),
    progress: holder !== line,
    at: text('timestamp'),
    directory: text('cwd'),
    ended: nameAt(message, 'stop_reason') !== undefined,
    cost_usd: line['costUSD'],
  };
}

/** Of two snapshots of one answer, whether the second says at least as much: counts only grow. */
export function isFuller(before: Fields, now: Fields): boolean {
  const [a, b] = [outputOf(before), outputOf(now)];
  return a === b ? inputOf(now) >= inputOf(before) : b > a;
}

function outputOf(message: Fields): number {
  return Number(fieldsAt(message, 'usage')?.['output_tokens'] ?? 0);
}

function inputOf(message: Fields): number {
  const usage = fieldsAt(message, 'usage');
  return ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'].reduce(
    (sum, key) => sum + Number(usage?.[key] ?? 0),
    0,
  );
}
