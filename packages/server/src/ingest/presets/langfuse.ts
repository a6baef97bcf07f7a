import { emptyTokens, type Usage, type UsageReading } from '@farthing/core';
import type { Preset } from '../mapping.js';
import { valueAt, type SourceRecord } from '../read-field.js';

/**
 * Langfuse's observations (`GET /api/public/observations`, exports as JSON, JSON lines or CSV). Only
 * generations and embeddings are calls. The keys of `usageDetails` are buckets that exclude each other:
 * `input` is what no other `input_…` key has, and so with `output`; `total` is their sum.
 * https://langfuse.com/docs/model-usage-and-cost
 */
export const langfuse: Preset = {
  name: 'langfuse',
  id: 'id',
  where: { type: ['GENERATION', 'EMBEDDING'] },
  started_at: { path: 'startTime', unit: 'iso' },
  ended_at: { path: 'endTime', unit: 'iso' },
  model: { any: ['model', 'providedModelName', 'internalModelId'] },
  api: { constant: 'unknown' },
  tokens: {
    input: { any: ['usage.input', 'usage.promptTokens', 'promptTokens', 'inputUsage'] },
    output: { any: ['usage.output', 'usage.completionTokens', 'completionTokens', 'outputUsage'] },
    input_includes_cache: true,
  },
  recorded_cost: { any: ['costDetails.total', 'totalCost', 'calculatedTotalCost'] },
  tags: {
    user: 'userId',
    session: 'sessionId',
    trace: 'traceId',
    environment: 'environment',
    route: 'name',
    template_version: 'promptVersion',
    prompt: 'promptName',
  },
  readUsage: readUsageDetails,
};

const cacheRead = /cache_?read|cached/i;
const cacheWrite1h = /1h/i;
const cacheWrite = /cache_?(?:creation|write)/i;

function readUsageDetails(
  record: SourceRecord,
  { provider }: { provider: string },
): UsageReading | undefined {
  const level = valueAt(record, 'level');
  const stated = valueAt(record, 'usageDetails');
  const details = typeof stated === 'string' ? parsed(stated) : stated;
  if (typeof details !== 'object' || details === null || Object.keys(details).length === 0) {
    return level === 'ERROR' && valueAt(record, 'usage.input') === undefined
      ? { status: 'not_billed', reason: 'the source records that the call failed' }
      : undefined;
  }
  const counts: [string, number][] = [];
  for (const [key, value] of Object.entries(details)) {
    const count = typeof value === 'string' ? Number(value) : value;
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
      return {
        status: 'invalid_usage',
        reason: `usageDetails.${key.slice(0, 64)} is no count`,
        raw: null,
      };
    }
    counts.push([key, count]);
  }
  const total = counts.find(([key]) => key === 'total')?.[1];
  const buckets = counts.filter(([key]) => key !== 'total');
  const known = Object.fromEntries(buckets);
  const sum = buckets.reduce((all, [, count]) => all + count, 0);
  // Some instrumentations report the whole input beside its cached part: then only the two add up.
  const whole = (known['input'] ?? 0) + (known['output'] ?? 0);
  const overlaps = total !== undefined && total !== sum && total === whole;
  const usage: Usage = {
    tokens: emptyTokens(),
    details: {},
    units: {},
    modifiers: {},
    estimated: false,
    raw: Object.fromEntries(counts),
    notes: [],
  };
  if (total !== undefined && total !== sum && total !== whole) {
    usage.notes.push(`the source's total is ${total}, its buckets add up to ${sum}`);
  }
  const { tokens } = usage;
  const unknownWrite = /anthropic|bedrock|vertex/.test(provider) ? 'cache_write_5m' : 'cache_write';
  for (const [key, count] of buckets) {
    if (key === 'input') tokens.input_uncached += count;
    else if (key === 'output') tokens.output += count;
    else if (cacheWrite.test(key)) {
      tokens[cacheWrite1h.test(key) ? 'cache_write_1h' : unknownWrite] += count;
    } else if (cacheRead.test(key)) tokens.cache_read += count;
    else if (key.startsWith('output')) {
      if (!overlaps) tokens.output += count;
      if (key.includes('reasoning')) usage.details.reasoning = count;
    } else if (!overlaps && key.startsWith('input')) tokens.input_uncached += count;
    else
      usage.notes.push(`usageDetails.${key.slice(0, 64)} = ${count} is not understood: left out`);
  }
  if (!overlaps) return { status: 'ok', usage };
  const cached =
    tokens.cache_read + tokens.cache_write + tokens.cache_write_5m + tokens.cache_write_1h;
  if (cached > tokens.input_uncached) {
    const reason = `${cached} cached tokens are more than the ${tokens.input_uncached} input tokens that should include them`;
    return { status: 'invalid_usage', reason, raw: usage.raw };
  }
  tokens.input_uncached -= cached;
  return { status: 'ok', usage };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
