import { countAt, UsageContradiction, type Fields } from './fields.js';

interface ChatOutput {
  output: number;
  reasoning: number | undefined;
}

/** Providers whose `total_tokens` is prompt + completion, nothing else, by their documentation. */
const exactTotal = new Set(['openai', 'azure']);

/** Providers that count reasoning outside `completion_tokens` (xAI proves it by its own bill). */
const reasoningOutside = new Set(['xai', 'perplexity']);

/**
 * Output of a chat completion, reasoning included. Whether `completion_tokens` already contains the
 * reasoning differs between providers that share this API; where a total is stated, it decides:
 *
 * - total = prompt + completion: reasoning is inside.
 * - total = prompt + completion + reasoning: reasoning is outside (xAI).
 * - total higher with `prompt_audio_seconds`: Mistral's audio, billed by the second instead.
 * - total higher still: hidden thinking (Google's compatible endpoint), billed as output.
 * - OpenAI and Azure never do the latter two, so there it is a contradiction; so is a lower total.
 */
export function readChatOutput(
  usage: Fields,
  details: Fields | undefined,
  prompt: number,
  provider: string,
  notes: string[],
): ChatOutput {
  const total = countAt(usage, 'total_tokens');
  const reasoning = countAt(details, 'reasoning_tokens') ?? countAt(usage, 'reasoning_tokens');
  let completion = countAt(usage, 'completion_tokens');
  if (completion === undefined) {
    if (total === undefined || total < prompt) {
      throw new UsageContradiction('completion_tokens is missing');
    }
    completion = total - prompt;
    notes.push('completion_tokens is missing, taken as total_tokens - prompt_tokens');
  }

  // Perplexity's total leaves reasoning out although it is billed on top of the completion.
  if (provider === 'perplexity') {
    assertTotalAtLeast(total, prompt + completion);
    return { output: completion + (reasoning ?? 0), reasoning };
  }
  if (total === undefined) {
    const outside = reasoningOutside.has(provider) || (reasoning ?? 0) > completion;
    if (!outside) return { output: completion, reasoning };
    if (exactTotal.has(provider)) throw reasoningTooLarge(reasoning, completion);
    return { output: completion + (reasoning ?? 0), reasoning };
  }

  assertTotalAtLeast(total, prompt + completion);
  const extra = total - prompt - completion;
  if (extra === 0) {
    if ((reasoning ?? 0) > completion) throw reasoningTooLarge(reasoning, completion);
    return { output: completion, reasoning };
  }
  // Azure also serves xAI's models, which count as they do at home.
  if (provider === 'azure' && extra === reasoning) return { output: completion + extra, reasoning };
  if (exactTotal.has(provider)) {
    throw new UsageContradiction(
      `total_tokens is ${total}, but prompt_tokens + completion_tokens is ${prompt + completion}`,
    );
  }
  const heard = usage['prompt_audio_seconds'];
  if (typeof heard === 'number' && heard > 0) {
    notes.push(
      `total_tokens exceeds the counts by ${extra}: the audio, which is billed by the second`,
    );
    return { output: completion, reasoning };
  }
  if (extra === reasoning) return { output: completion + extra, reasoning };
  notes.push(`total_tokens exceeds the counts by ${extra}: hidden thinking, taken as output`);
  return { output: completion + extra, reasoning: Math.min(reasoning ?? 0, completion) + extra };
}

function assertTotalAtLeast(total: number | undefined, sum: number): void {
  if (total !== undefined && total < sum) {
    throw new UsageContradiction(
      `total_tokens is ${total}, but prompt_tokens + completion_tokens is ${sum}`,
    );
  }
}

function reasoningTooLarge(reasoning: number | undefined, completion: number): UsageContradiction {
  return new UsageContradiction(
    `reasoning_tokens (${reasoning}) exceeds completion_tokens (${completion}), which includes it`,
  );
}
