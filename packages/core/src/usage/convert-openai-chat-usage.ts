import { defineConverter, type CallFacts } from './converter.js';
import {
  amountAt,
  assertPart,
  countAt,
  fieldsAt,
  nameAt,
  noteUnknown,
  requiredCountAt,
  UsageContradiction,
  type Fields,
} from './fields.js';
import { readChatOutput } from './openai-chat-output.js';
import { openaiModifiers } from './openai-service-tier.js';
import { readReportedCost } from './reported-cost.js';
import {
  emptyTokens,
  type BilledUnits,
  type PriceModifiers,
  type TokenBuckets,
  type TokenDetails,
} from './usage.js';

/**
 * OpenAI `chat.completions` and everything that speaks it (Azure, Mistral, DeepSeek, xAI, Groq,
 * OpenRouter, Moonshot, …). `prompt_tokens` includes cached, cache-written, audio and image tokens;
 * `completion_tokens` includes audio, predictions and (but for {@link readChatOutput}) reasoning.
 */
export const convertOpenAIChatUsage = defineConverter({
  counts: new Set([
    'prompt_tokens',
    'completion_tokens',
    'total_tokens',
    'reasoning_tokens',
    'cached_tokens',
    'num_cached_tokens',
    'prompt_cache_hit_tokens',
    'prompt_cache_miss_tokens',
    'cache_creation_input_tokens',
    'cache_read_input_tokens',
    'citation_tokens',
  ]),
  // Groq repeats the same usage inside `x_groq`: either is the whole of it.
  locate: (body) => body['usage'] ?? fieldsAt(body, 'x_groq')?.['usage'],
  read(usage, { body, call, notes }) {
    const prompt = requiredCountAt(usage, 'prompt_tokens');
    const inputDetails =
      fieldsAt(usage, 'prompt_tokens_details') ?? fieldsAt(usage, 'prompt_token_details');
    const outputDetails = fieldsAt(usage, 'completion_tokens_details');
    noteUnknown(inputDetails, knownInputDetails, 'prompt_tokens_details', notes);
    noteUnknown(outputDetails, knownOutputDetails, 'completion_tokens_details', notes);

    const tokens = readChatInput(usage, inputDetails, prompt, notes);
    const output = readChatOutput(usage, outputDetails, prompt, call.provider, notes);
    tokens.output = output.output;

    const details: TokenDetails = {};
    if (output.reasoning !== undefined) details.reasoning = output.reasoning;
    const part = (
      name: keyof TokenDetails,
      value: number | undefined,
      whole: number,
      of: string,
    ) => {
      if (value === undefined) return;
      assertPart(value, name, whole, of);
      details[name] = value;
    };
    part('input_audio', countAt(inputDetails, 'audio_tokens'), prompt, 'prompt_tokens');
    part('input_image', countAt(inputDetails, 'image_tokens'), prompt, 'prompt_tokens');
    part(
      'output_audio',
      countAt(outputDetails, 'audio_tokens'),
      tokens.output,
      'completion_tokens',
    );
    part(
      'output_image',
      countAt(outputDetails, 'image_tokens'),
      tokens.output,
      'completion_tokens',
    );
    const accepted = countAt(outputDetails, 'accepted_prediction_tokens');
    const rejected = countAt(outputDetails, 'rejected_prediction_tokens');
    part('accepted_prediction', accepted, tokens.output, 'completion_tokens');
    part('rejected_prediction', rejected, tokens.output, 'completion_tokens');

    const reported = readReportedCost(usage, call.provider);
    if (nameAt(body, 'model')?.includes('-search-')) {
      notes.push('the fee for the web search, which no usage states, is not included');
    }
    return {
      tokens,
      details,
      units: readUnits(usage, call.provider),
      modifiers: readModifiers(usage, body, call),
      ...(reported === undefined ? {} : { reported }),
    };
  },
});

function readChatInput(
  usage: Fields,
  details: Fields | undefined,
  prompt: number,
  notes: string[],
): TokenBuckets {
  const tokens = emptyTokens();
  const hit = countAt(usage, 'prompt_cache_hit_tokens');
  const miss = countAt(usage, 'prompt_cache_miss_tokens');
  if (hit !== undefined && miss !== undefined && hit + miss !== prompt) {
    throw new UsageContradiction(
      `prompt_cache_hit_tokens + prompt_cache_miss_tokens is ${hit + miss}, but prompt_tokens is ${prompt}`,
    );
  }
  tokens.cache_read = agree('cached tokens', [
    countAt(details, 'cached_tokens'),
    countAt(fieldsAt(usage, 'prompt_token_details'), 'cached_tokens'), // Mistral
    countAt(usage, 'num_cached_tokens'), // Mistral, older
    countAt(usage, 'cached_tokens'), // Moonshot
    countAt(usage, 'cache_read_input_tokens'), // LiteLLM
    hit, // DeepSeek
  ]);
  assertPart(tokens.cache_read, 'cached tokens', prompt, 'prompt_tokens');

  // Alibaba and LiteLLM split writes by time to live; OpenAI does not say how long they live.
  const split =
    fieldsAt(details, 'cache_creation') ?? fieldsAt(details, 'cache_creation_token_details');
  tokens.cache_write_5m = countAt(split, 'ephemeral_5m_input_tokens') ?? 0;
  tokens.cache_write_1h = countAt(split, 'ephemeral_1h_input_tokens') ?? 0;
  const adjusted = agree('cache write tokens', [
    countAt(details, 'cache_creation_input_tokens'),
    countAt(details, 'cache_creation_tokens'),
    countAt(usage, 'cache_creation_input_tokens'),
  ]);
  const written = agree('cache write tokens', [countAt(details, 'cache_write_tokens'), adjusted]);
  const splitSum = tokens.cache_write_5m + tokens.cache_write_1h;
  if (written > 0 && splitSum > written) {
    throw new UsageContradiction(
      `cache_creation adds up to ${splitSum}, but ${written} were written`,
    );
  }
  const room = prompt - tokens.cache_read;
  if (Math.max(written, splitSum) > room) {
    const certain = Math.max(adjusted, splitSum);
    if (certain > room) {
      throw new UsageContradiction(
        `cache writes (${certain}) exceed the uncached prompt (${room})`,
      );
    }
    // OpenAI calls its figure "unadjusted": it may overlap with what was read. Never below zero.
    notes.push(`cache_write_tokens (${written}) clamped to the uncached prompt (${room})`);
  }
  tokens.cache_write = Math.max(0, Math.min(written, room) - splitSum);
  tokens.input_uncached = room - tokens.cache_write - splitSum;
  return tokens;
}

/** Several spellings of one count: those that are not zero must agree. */
function agree(name: string, spellings: (number | undefined)[]): number {
  let value = 0;
  for (const spelling of spellings) {
    if (spelling === undefined || spelling === 0 || spelling === value) continue;
    if (value !== 0) throw new UsageContradiction(`${name} is stated as ${value} and ${spelling}`);
    value = spelling;
  }
  return value;
}

/** Perplexity's fee for a request depends on how much of the web it read. */
function readModifiers(usage: Fields, body: Fields, call: CallFacts): PriceModifiers {
  const modifiers = openaiModifiers(body, call);
  const size = nameAt(usage, 'search_context_size');
  return size === undefined ? modifiers : { ...modifiers, search_context_size: size };
}

function readUnits(usage: Fields, provider: string): BilledUnits {
  const units: BilledUnits = provider === 'perplexity' ? { requests: 1 } : {};
  const serverTools =
    fieldsAt(usage, 'server_tool_use_details') ?? fieldsAt(usage, 'server_tool_use');
  const searches = countAt(serverTools, 'web_search_requests');
  if (searches) units['web_searches'] = searches;
  const queries = countAt(usage, 'num_search_queries'); // Perplexity
  if (queries) units['search_queries'] = queries;
  const citations = countAt(usage, 'citation_tokens'); // Perplexity
  if (citations) units['citation_tokens'] = citations;
  const sources = countAt(usage, 'num_sources_used'); // xAI live search
  if (sources) units['search_sources'] = sources;
  const audio = usage['prompt_audio_seconds']; // Mistral; an empty object when there is none
  if (typeof audio === 'number' && audio > 0) {
    units['audio_seconds'] = amountAt(usage, 'prompt_audio_seconds') ?? 0;
  }
  return units;
}

const knownInputDetails = new Set([
  'cached_tokens',
  'cache_write_tokens',
  'cache_creation_input_tokens',
  'cache_creation_tokens',
  'audio_tokens',
  'text_tokens',
  'image_tokens',
]);

const knownOutputDetails = new Set([
  'reasoning_tokens',
  'audio_tokens',
  'text_tokens',
  'image_tokens',
  'accepted_prediction_tokens',
  'rejected_prediction_tokens',
]);
