import { addTokens } from './add-usage.js';
import { codexBuckets, CodexLogReader } from './codex-log-reader.js';
import { defineConverter } from './converter.js';
import { fieldsAt, listAt, nameAt, UsageContradiction, type Fields } from './fields.js';
import { emptyTokens, type NestedUsage, type RequestUsage } from './usage.js';

/**
 * A Codex CLI session log as one usage: what its turns took ({@link CodexLogReader}), those of another
 * model than the first as nested usage.
 */
export const convertCodexLog = defineConverter({
  locate: (body) => (Array.isArray(body['lines']) ? body : undefined),
  identify: (body) => ({ model: firstModel(listAt(body, 'lines')) }),
  read(body) {
    const lines = listAt(body, 'lines');
    const tokens = emptyTokens();
    const requests: RequestUsage[] = [];
    const nested: NestedUsage[] = [];
    const first = firstModel(lines);
    const reader = new CodexLogReader();
    let reasoning = 0;
    let events = 0;
    for (const line of lines) {
      if (isCount(line)) events += 1;
      const turn = reader.read(line);
      if (turn === null) continue;
      const part = codexBuckets(turn.counts);
      if (turn.model === undefined || turn.model === first) {
        addTokens(tokens, part);
        reasoning += turn.counts.reasoning;
        requests.push({
          tokens: part,
          details: { reasoning: turn.counts.reasoning },
          modifiers: {},
        });
      } else nested.push({ model: turn.model, tokens: part });
    }
    if (events === 0) throw new UsageContradiction('no token_count event carries counts');
    return { tokens, details: { reasoning }, nested, requests };
  },
});

function isCount(line: Fields): boolean {
  const payload = fieldsAt(line, 'payload');
  return payload?.['type'] === 'token_count' && fieldsAt(payload, 'info') !== undefined;
}

function firstModel(lines: readonly Fields[]): string | undefined {
  for (const line of lines) {
    if (line['type'] !== 'turn_context') continue;
    const model = nameAt(fieldsAt(line, 'payload'), 'model');
    if (model !== undefined) return model;
  }
  return undefined;
}
