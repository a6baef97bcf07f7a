import { expect, test } from 'vitest';
import type { CallContext } from '../../usage/call-context.js';
import { readUsage } from '../../usage/read-usage.js';
import type { CostStatus } from '../charge.js';
import { pricedModel } from '../priced-model.js';
import { defaultPriceBook } from '../snapshot/index.js';

/** One call as a provider answers it, and what it costs, worked out by hand from published rates. */
export interface PriceCase {
  name: string;
  provider: string;
  model: string;
  api: string;
  at: string;
  context?: CallContext;
  answer: unknown;
  /** A sum of tokens × rate, or the status that stands for a cost that is not known. */
  usd: string | null;
  status?: CostStatus;
  /** Counts that must come out, beside those that the cost proves. */
  counts?: Record<string, number>;
}

const book = defaultPriceBook();

/** Runs each case through reading and pricing, with the price list that ships. */
export function testPrices(cases: readonly PriceCase[]): void {
  test.each(cases)(
    '$name',
    ({ provider, model, api, at, context, answer, usd, status, counts }) => {
      const facts = context === undefined ? {} : { context };
      const reading = readUsage({ provider, api, payload: answer, ...facts });
      const priced = pricedModel({ provider, requested: model, answered: reading.model });
      const cost = book.price({ provider, api, model: priced, at, reading, ...facts });
      const seen = { usd: cost.usd, status: cost.status, reason: cost.reason };
      expect(seen).toMatchObject({ usd, status: status ?? 'priced' });
      if (counts === undefined) return;
      const usage = reading.status === 'ok' ? reading.usage : undefined;
      expect({ ...usage?.tokens, ...usage?.details, ...usage?.units }).toMatchObject(counts);
    },
  );
}

/** `usage` of a chat completion with a total that adds up. */
export function chatUsage(
  prompt: number,
  completion: number,
  promptDetails: object = {},
  completionDetails: object = {},
): object {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: promptDetails,
    completion_tokens_details: completionDetails,
  };
}

/** `usage` of an Anthropic message. */
export function messageUsage(input: number, output: number, rest: object = {}): object {
  return {
    input_tokens: input,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: output,
    ...rest,
  };
}

/** A case of a provider that speaks OpenAI's chat API, or says otherwise in `rest`. */
export const callOf = (
  name: string,
  provider: string,
  model: string,
  at: string,
  usage: object,
  usd: string | null,
  rest: Partial<PriceCase> = {},
): PriceCase => ({
  name,
  provider,
  model,
  api: 'chat.completions',
  at,
  answer: { usage },
  usd,
  ...rest,
});
