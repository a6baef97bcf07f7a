import { addTokens } from './add-usage.js';
import { readAnthropicTokens } from './anthropic-tokens.js';
import { listAt, nameAt, requiredCountAt, type Fields } from './fields.js';
import type { NestedUsage, TokenBuckets } from './usage.js';

/**
 * Parts of one answer that Anthropic lists in `usage.iterations`:
 *
 * - `message`, `fallback_message`: already in the top-level counts.
 * - `compaction`: billed at the call's own model and NOT in the top-level counts: added to `tokens`.
 * - `advisor_message`: another model's work, billed at that model's rates: returned.
 */
export function readAnthropicIterations(
  usage: Fields,
  model: string | undefined,
  tokens: TokenBuckets,
  notes: string[],
): NestedUsage[] {
  const nested: NestedUsage[] = [];
  for (const iteration of listAt(usage, 'iterations')) {
    switch (iteration['type']) {
      case 'message':
      case 'fallback_message':
        break;
      case 'compaction': {
        addTokens(tokens, iterationTokens(iteration));
        notes.push('includes a compaction that the top-level counts leave out');
        break;
      }
      case 'advisor_message': {
        const advisor = nameAt(iteration, 'model') ?? model;
        if (advisor === undefined) {
          notes.push('an advisor iteration names no model and is not billed here');
          break;
        }
        nested.push({ model: advisor, tokens: iterationTokens(iteration) });
        break;
      }
      default:
        notes.push('an iteration of an unknown type is taken as part of the counts');
    }
  }
  return nested;
}

function iterationTokens(iteration: Fields): TokenBuckets {
  const tokens = readAnthropicTokens(iteration);
  tokens.output = requiredCountAt(iteration, 'output_tokens');
  return tokens;
}
