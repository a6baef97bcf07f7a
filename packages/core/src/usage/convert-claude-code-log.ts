import { formatUsd, parseUsdRounded, decimalFromNumber, type Picodollars } from '../money.js';
import { addUsage } from './add-usage.js';
import { convertAnthropicMessagesUsage } from './convert-anthropic-messages-usage.js';
import type { UsageConverter } from './converter.js';
import { amountAt, fieldsAt, isFields, listAt, nameAt, type Fields } from './fields.js';
import type { NestedUsage, Usage } from './usage.js';

/** One answer in a Claude Code session log: its last and largest snapshot. */
export interface ClaudeCodeAnswer {
  message: Fields;
  output: number;
  sidechain: boolean;
  costUsd: number | undefined;
}

/** What Claude Code writes for messages of its own, which no model answered. */
const syntheticModel = '<synthetic>';

/**
 * The billed answers in lines of a Claude Code session log. An answer stands in several lines (one per
 * content block, each a snapshot of the counts): it is counted once per message id and request id, by
 * its largest snapshot. A side chain replays its parent's messages under other request ids: dropped.
 */
export function claudeCodeAnswers(lines: readonly Fields[]): ClaudeCodeAnswer[] {
  const answers = new Map<string, ClaudeCodeAnswer>();
  const mainIds = new Set<string>();
  for (const [index, line] of lines.entries()) {
    // Progress lines of subagents nest the same object.
    const entry = fieldsAt(line, 'message') === undefined ? fieldsAt(line, 'data') : line;
    const holder =
      fieldsAt(fieldsAt(entry, 'message'), 'message') === undefined
        ? entry
        : fieldsAt(entry, 'message');
    const message = fieldsAt(holder, 'message');
    if (message === undefined || fieldsAt(message, 'usage') === undefined) continue;
    const id = nameAt(message, 'id');
    const sidechain = (holder?.['isSidechain'] ?? line['isSidechain']) === true;
    if (id !== undefined && !sidechain) mainIds.add(id);
    const request = nameAt(holder, 'requestId') ?? nameAt(line, 'requestId') ?? '';
    const key = id === undefined ? `line ${index}` : `${id} ${request}`;
    const output = Number(fieldsAt(message, 'usage')?.['output_tokens'] ?? 0);
    const known = answers.get(key);
    if (known !== undefined && known.output > output) continue;
    const costUsd = amountAt(line, 'costUSD');
    answers.set(key, { message, output, sidechain, costUsd });
  }
  return [...answers.values()].filter(
    ({ message, sidechain }) => !sidechain || !mainIds.has(nameAt(message, 'id') ?? ''),
  );
}

/** Sums a session: the first model's answers as the buckets, those of other models as nested usage. */
export const convertClaudeCodeLog: UsageConverter = (payload, call) => {
  const answers = claudeCodeAnswers(listAt(isFields(payload) ? payload : undefined, 'lines'));
  if (answers.length === 0) return { status: 'no_usage', reason: 'no line carries usage' };
  const billed = answers.filter(({ message }) => message['model'] !== syntheticModel);
  if (billed.length === 0) {
    return {
      status: 'not_billed',
      reason: 'no model answered: the messages are Claude Code’s own',
    };
  }
  let model: string | undefined;
  let stated: Picodollars | undefined;
  const own: Usage[] = [];
  const nested: NestedUsage[] = [];
  for (const { message, costUsd } of billed) {
    const reading = convertAnthropicMessagesUsage(message, call);
    if (reading.status !== 'ok') return reading;
    model ??= reading.model;
    if (reading.model === undefined || reading.model === model) own.push(reading.usage);
    else nested.push({ model: reading.model, tokens: reading.usage.tokens });
    if (costUsd !== undefined) {
      stated = (stated ?? 0n) + parseUsdRounded(decimalFromNumber(costUsd));
    }
  }
  const usage = addUsage(
    own,
    own.map((part) => part.raw),
  );
  if (nested.length > 0) usage.nested = [...(usage.nested ?? []), ...nested];
  if (stated !== undefined) {
    usage.reported = { usd: formatUsd(stated), field: 'costUSD', authority: 'client' };
  }
  return model === undefined ? { status: 'ok', usage } : { status: 'ok', usage, model };
};
