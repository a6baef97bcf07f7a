import { addTokens } from './add-usage.js';
import { readAnthropicTokens } from './anthropic-tokens.js';
import {
  fieldsAt,
  listAt,
  nameAt,
  requiredCountAt,
  UsageContradiction,
  type Fields,
} from './fields.js';
import { emptyTokens, type NestedUsage, type TokenBuckets } from './usage.js';

export interface Iterations {
  nested: NestedUsage[];
  /** The buckets by iteration; empty where the iterations do not add up to them. */
  requests: TokenBuckets[];
}

/**
 * Parts of one answer that Anthropic lists in `usage.iterations`:
 *
 * - `message`, `fallback_message`: already in the top-level counts. Each message is a request of its
 *   own, and long context is decided by each.
 * - `compaction`: billed at the call's own model and NOT in the top-level counts: added to `tokens`.
 * - `advisor_message`: another model's work, billed at that model's rates: returned.
 */
export function readAnthropicIterations(
  usage: Fields,
  model: string | undefined,
  tokens: TokenBuckets,
  notes: string[],
): Iterations {
  const nested: NestedUsage[] = [];
  const requests: TokenBuckets[] = [];
  for (const iteration of listAt(usage, 'iterations')) {
    switch (iteration['type']) {
      case 'message':
        requests.push(statedTokens(iteration, notes));
        break;
      case 'fallback_message':
        break;
      case 'compaction': {
        const part = iterationTokens(iteration, notes);
        requests.push(part);
        addTokens(tokens, part);
        notes.push('includes a compaction that the top-level counts leave out');
        break;
      }
      case 'advisor_message': {
        const advisor = nameAt(iteration, 'model') ?? model;
        if (advisor === undefined) {
          notes.push('an advisor iteration names no model and is not billed here');
          break;
        }
        nested.push({ model: advisor, tokens: iterationTokens(iteration, notes) });
        break;
      }
      default:
        notes.push('an iteration of an unknown type is taken as part of the counts');
    }
  }
  return { nested, requests: addUp(requests, tokens) ? requests : [] };
}

/** The model that wrote the answer: after a fallback it is not the one that began it. */
export function servingModel(body: Fields): string | undefined {
  const fallback = listAt(fieldsAt(body, 'usage'), 'iterations').findLast(
    (iteration) => iteration['type'] === 'fallback_message',
  );
  return nameAt(fallback, 'model') ?? nameAt(body, 'model');
}

/** Counts of the iterations are used only where they are the whole of what is billed. */
function addUp(parts: readonly TokenBuckets[], whole: TokenBuckets): boolean {
  const sum = emptyTokens();
  for (const part of parts) addTokens(sum, part);
  return (Object.keys(whole) as (keyof TokenBuckets)[]).every((name) => sum[name] === whole[name]);
}

/** Of what the top level already counts: counts that cannot be true are no reason to doubt those. */
function statedTokens(iteration: Fields, notes: string[]): TokenBuckets {
  try {
    return iterationTokens(iteration, notes);
  } catch (error) {
    if (!(error instanceof UsageContradiction)) throw error;
    return emptyTokens();
  }
}

function iterationTokens(iteration: Fields, notes: string[]): TokenBuckets {
  const tokens = readAnthropicTokens(iteration, notes);
  tokens.output = requiredCountAt(iteration, 'output_tokens');
  return tokens;
}
