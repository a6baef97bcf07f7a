import { bucketsFromStated } from './buckets-from-total.js';
import { defineConverter } from './converter.js';
import { countAt, UsageContradiction, type Fields } from './fields.js';

const readNames = [
  'input_cached_tokens',
  'input_cache_read',
  'input_cached_read',
  'input_cache_read_tokens',
  'cache_read_input_tokens',
];
const writeNames = [
  'input_cache_write_tokens',
  'input_cache_creation',
  'input_cache_creation_tokens',
  'cache_creation_input_tokens',
];
const reasoningNames = ['output_reasoning_tokens', 'output_reasoning'];
const totals = new Set(['total', 'total_tokens']);

/**
 * Langfuse `usage_details`: disjoint parts. `input` is what no other key that begins with `input` (or
 * names the cache) counts, `output` likewise, and `total` is their sum. Its clients make `input` by
 * subtraction and stop at 0 where the provider's details overlap; the total then settles the input.
 * https://langfuse.com/docs/observability/features/token-and-cost-tracking
 */
export const convertLangfuseUsage = defineConverter({
  locate: (body) => body['usage_details'],
  read(usage, { call, notes }) {
    const parts = { input: 0, output: 0 };
    let stated = false;
    for (const name of Object.keys(usage)) {
      const side = sideOf(name);
      if (side === null) {
        const count = totals.has(name) ? 0 : usage[name];
        if (typeof count === 'number' && count !== 0) {
          notes.push(
            `unknown field usage_details.${name.slice(0, 64)} = ${count}, which counts neither input nor output`,
          );
        }
        continue;
      }
      parts[side] += countAt(usage, name) ?? 0;
      stated = true;
    }
    const total = countAt(usage, 'total') ?? countAt(usage, 'total_tokens');
    if (!stated) throw new UsageContradiction('usage_details counts neither input nor output');
    const input = total === undefined ? parts.input : total - parts.output;
    if (input < 0 || input > parts.input) {
      throw new UsageContradiction(
        `the total is ${total}, but the counts add up to ${parts.input + parts.output}`,
      );
    }
    const tokens = bucketsFromStated(
      {
        input,
        output: parts.output,
        cacheRead: firstOf(usage, readNames),
        cacheWrite: firstOf(usage, writeNames),
      },
      call.provider,
    );
    const reasoning = firstOf(usage, reasoningNames);
    return { tokens, details: reasoning === undefined ? {} : { reasoning } };
  },
});

function sideOf(name: string): 'input' | 'output' | null {
  if (name.startsWith('input') || readNames.includes(name) || writeNames.includes(name)) {
    return 'input';
  }
  return name.startsWith('output') ? 'output' : null;
}

function firstOf(usage: Fields, names: readonly string[]): number | undefined {
  for (const name of names) {
    const count = countAt(usage, name);
    if (count !== undefined) return count;
  }
  return undefined;
}
