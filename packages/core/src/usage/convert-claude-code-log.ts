import { formatUsd, parseUsdRounded, decimalFromNumber, type Picodollars } from '../money.js';
import { addUsage, nestedIn } from './add-usage.js';
import { convertAnthropicMessagesUsage } from './convert-anthropic-messages-usage.js';
import type { UsageConverter } from './converter.js';
import { isFuller, readClaudeCodeLine, syntheticModel } from './claude-code-line.js';
import { amountAt, isFields, listAt, nameAt, type Fields } from './fields.js';
import type { NestedUsage, Usage } from './usage.js';

/** One answer in a Claude Code session log: its last and largest snapshot. */
export interface ClaudeCodeAnswer {
  message: Fields;
  sidechain: boolean;
  costUsd: number | undefined;
}

/**
 * The billed answers in lines of a Claude Code session log. An answer stands in several lines (one per
 * content block, each a snapshot of the counts): it is counted once per message id and request id, by
 * its largest snapshot. A side chain replays its parent's messages under other request ids: dropped.
 */
export function claudeCodeAnswers(lines: readonly Fields[]): ClaudeCodeAnswer[] {
  const answers = new Map<string, ClaudeCodeAnswer>();
  const mainIds = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const snapshot = readClaudeCodeLine(line);
    if (snapshot === null) continue;
    const { message, message_id: id, request_id: request = '', sidechain } = snapshot;
    if (id !== undefined && !sidechain) mainIds.add(id);
    const key = id === undefined ? `line ${index}` : `${id} ${request}`;
    const known = answers.get(key);
    if (known !== undefined && !isFuller(known.message, message)) continue;
    answers.set(key, { message, sidechain, costUsd: amountAt(line, 'costUSD') });
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
  const others: Usage[] = [];
  const nested: NestedUsage[] = [];
  for (const { message, costUsd } of billed) {
    const reading = convertAnthropicMessagesUsage(message, call);
    if (reading.status !== 'ok') return reading;
    model ??= reading.model;
    if (reading.model === undefined || reading.model === model) own.push(reading.usage);
    else {
      others.push(reading.usage);
      const requests = reading.usage.requests ?? [reading.usage];
      for (const { tokens, modifiers } of requests) {
        nested.push({ model: reading.model, tokens, modifiers });
      }
    }
    if (costUsd !== undefined) {
      stated = (stated ?? 0n) + parseUsdRounded(decimalFromNumber(costUsd));
    }
  }
  const usage = addUsage(
    own,
    own.map((part) => part.raw),
  );
  for (const { units, notes } of others) {
    for (const unit in units) usage.units[unit] = (usage.units[unit] ?? 0) + (units[unit] ?? 0);
    usage.notes = [...new Set([...usage.notes, ...notes])];
  }
  nested.push(...others.flatMap(nestedIn));
  if (nested.length > 0) usage.nested = [...(usage.nested ?? []), ...nested];
  if (stated !== undefined) {
    usage.reported = { usd: formatUsd(stated), field: 'costUSD', authority: 'client' };
  }
  return model === undefined ? { status: 'ok', usage } : { status: 'ok', usage, model };
};
