import { priceTokenParts, type Part } from '../our-tokens.js';
import { importPeer, versionOf } from '../peers.js';
import { billedTokens, type Target } from '../target.js';

type Multiply = (part: Part, provider: string) => number | null | undefined;

/** Price lists with a multiplication: two or three counts and a model name. */
export async function multipliers(): Promise<Target[]> {
  const define = (name: string, multiply: Multiply, only?: ReadonlySet<string>): Target => ({
    name,
    version: versionOf(name),
    fed: 'tokens',
    price: (call) => {
      const { provider } = call.case;
      if (only !== undefined && !only.has(provider))
        return { notApplicable: `not for ${provider}` };
      return priceTokenParts(call, (part) => multiply(part, provider));
    },
  });
  return [
    define('llm-zoo', await llmZoo()),
    define('gpt-tokenizer', await gptTokenizer(), new Set(['openai', 'azure'])),
    define('llm-cost', await llmCost()),
    define('pricetoken', await priceToken()),
    await aicost(),
  ];
}

/** All input tokens, and how many of them were cached. */
async function llmZoo(): Promise<Multiply> {
  const { cost, resolve } = await importPeer<{
    resolve(fullName: string): object | undefined;
    cost(model: object, tokens: { input: number; output: number; cached: number }): number;
  }>('llm-zoo');
  return ({ model, tokens }) => {
    const config = resolve(model);
    if (config === undefined) return null;
    const { input, cache_read, cache_write, output } = billedTokens(tokens);
    return cost(config, { input: input + cache_read + cache_write, output, cached: cache_read });
  };
}

/** OpenAI only. States prices of input, cached input and output for a count, plain and in a batch. */
async function gptTokenizer(): Promise<Multiply> {
  interface Prices {
    input?: number;
    cached_input?: number;
    output?: number;
  }
  const { estimateCost } = await importPeer<{
    estimateCost(count: number, model: unknown): { main?: Prices };
  }>('gpt-tokenizer');
  const models =
    await importPeer<Record<string, { name?: string; slug?: string }>>('gpt-tokenizer/models');
  return ({ model, tokens }) => {
    const spec = Object.values(models).find(({ name, slug }) => model === name || model === slug);
    if (spec === undefined) return null;
    const { input, cache_read, cache_write, output } = billedTokens(tokens);
    const prompt = estimateCost(input + cache_write, spec).main?.input;
    const cached = estimateCost(cache_read, spec).main;
    const answer = estimateCost(output, spec).main?.output;
    if (prompt === undefined) return null;
    return prompt + (cached?.cached_input ?? cached?.input ?? 0) + (answer ?? 0);
  };
}

/** LiteLLM's list as of early 2024: input and output. */
async function llmCost(): Promise<Multiply> {
  const { estimateCost } = await importPeer<{
    estimateCost(call: {
      model: string;
      inputTokens: number;
      outputTokens: number;
    }): number | undefined;
  }>('llm-cost');
  return ({ model, tokens }, provider) => {
    const { input, cache_read, cache_write, output } = billedTokens(tokens);
    const counts = { inputTokens: input + cache_read + cache_write, outputTokens: output };
    const first = estimateCost({ model, ...counts });
    return first ?? estimateCost({ model: `${provider}/${model}`, ...counts });
  };
}

/** Its bundled list, without its service: input and output. Throws for a model that it lacks. */
async function priceToken(): Promise<Multiply> {
  const { calculateModelCost } = await importPeer<{
    calculateModelCost(model: string, input: number, output: number): { totalCost: number };
  }>('pricetoken');
  return ({ model, tokens }) => {
    const { input, cache_read, cache_write, output } = billedTokens(tokens);
    return calculateModelCost(model, input + cache_read + cache_write, output).totalCost;
  };
}

/** LiteLLM's list of its release (it would rather download a newer one): input and output. */
async function aicost(): Promise<Target> {
  const { calculateCost } = await importPeer<{
    calculateCost(call: {
      provider: string;
      model: string;
      inputAmount: number;
      outputAmount: number;
    }): Promise<{ inputCost: number; outputCost: number }>;
  }>('aicost');
  return {
    name: 'aicost',
    version: versionOf('aicost'),
    fed: 'tokens',
    price: (call) =>
      priceTokenParts(call, async ({ model, tokens }) => {
        const { input, cache_read, cache_write, output } = billedTokens(tokens);
        const { inputCost, outputCost } = await calculateCost({
          provider: aicostProviders[call.case.provider] ?? call.case.provider,
          model,
          inputAmount: input + cache_read + cache_write,
          outputAmount: output,
        });
        return inputCost + outputCost;
      }),
  };
}

/** Its own names of providers, which are LiteLLM's. */
const aicostProviders: Readonly<Record<string, string>> = {
  'aws-bedrock': 'bedrock',
  google: 'vertex-ai',
  'google-vertex': 'vertex_ai-anthropic_models',
  moonshotai: 'moonshot',
  voyageai: 'voyage',
};
