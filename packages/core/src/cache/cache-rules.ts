import { canonicalProvider } from '../usage/providers.js';

/** What a model's prompt cache takes, and who decides that it is used. */
export interface CacheRules {
  /** `explicit`: the caller marks what is written, and for how long. `automatic`: the provider decides. */
  control: 'explicit' | 'automatic';
  /** Prompts are cached from so many tokens on. */
  minimumTokens: number;
  /** Cached tokens are counted in steps of so many. */
  step: number;
  /** Where that stands. `assumed` where no page names the model. */
  source: string;
}

const anthropic = 'platform.claude.com/docs, Prompt caching: Cache limitations';
const openai = 'platform.openai.com/docs, Prompt caching: Requirements';
const gemini = 'ai.google.dev/gemini-api/docs/caching: Implicit caching';

/** Least cacheable prompts of Claude models; the first pattern that matches holds. */
const claude: readonly (readonly [pattern: RegExp, tokens: number])[] = [
  [/(opus|fable|mythos)-5/, 512],
  [/opus-4-7/, 2_048],
  [/opus-4-[56]|haiku-4-5/, 4_096],
  [/haiku-3|3-5-haiku|3-haiku/, 2_048],
  [/opus-4|sonnet-[45]|3-[57]-sonnet|3-opus|opus-3/, 1_024],
];

/**
 * How a model's prompts are cached. Claude's caches are asked for with `cache_control`, wherever the model
 * runs; all others cache by themselves. For models that no page names 1,024 tokens are assumed, as most
 * have it.
 */
export function cacheRulesOf(provider: string, model: string | null): CacheRules {
  const id = (model ?? '').toLowerCase().replaceAll(/[._]/g, '-');
  if (id.includes('claude')) {
    const tokens = claude.find(([pattern]) => pattern.test(id))?.[1];
    return {
      control: 'explicit',
      minimumTokens: tokens ?? 1_024,
      step: 1,
      source: tokens === undefined ? 'assumed' : anthropic,
    };
  }
  if (id.includes('gemini')) {
    const minimumTokens = id.includes('gemini-2') ? 2_048 : 4_096;
    return { control: 'automatic', minimumTokens, step: 1, source: gemini };
  }
  const isOpenAi = ['openai', 'azure'].includes(canonicalProvider(provider));
  return {
    control: 'automatic',
    minimumTokens: 1_024,
    step: isOpenAi ? 128 : 1,
    source: isOpenAi ? openai : 'assumed',
  };
}
