import { canonicalProvider } from '../usage/providers.js';

/** Who sold a call, who made the model, and what the offering is called. */
export interface FocusParties {
  provider: string;
  publisher: string;
  service: string;
}

const sellers: Readonly<Record<string, readonly [provider: string, service: string]>> = {
  openai: ['OpenAI', 'OpenAI API'],
  anthropic: ['Anthropic', 'Claude API'],
  google: ['Google', 'Gemini API'],
  'google-vertex': ['Google Cloud', 'Vertex AI'],
  azure: ['Microsoft', 'Azure OpenAI'],
  'aws-bedrock': ['Amazon Web Services', 'Amazon Bedrock'],
  mistral: ['Mistral AI', 'Mistral API'],
  deepseek: ['DeepSeek', 'DeepSeek API'],
  xai: ['xAI', 'xAI API'],
  groq: ['Groq', 'GroqCloud'],
  cerebras: ['Cerebras', 'Cerebras Inference'],
  openrouter: ['OpenRouter', 'OpenRouter API'],
  cohere: ['Cohere', 'Cohere API'],
  perplexity: ['Perplexity', 'Perplexity API'],
  voyageai: ['Voyage AI', 'Voyage AI API'],
  moonshotai: ['Moonshot AI', 'Kimi API'],
  together: ['Together AI', 'Together AI API'],
  fireworks: ['Fireworks AI', 'Fireworks AI API'],
  alibaba: ['Alibaba Cloud', 'Model Studio'],
};

/** Makers of models as marketplaces and routers name them in a model's id. */
const makers: Readonly<Record<string, string>> = {
  ai21: 'AI21 Labs',
  amazon: 'Amazon Web Services',
  anthropic: 'Anthropic',
  cohere: 'Cohere',
  deepseek: 'DeepSeek',
  'deepseek-ai': 'DeepSeek',
  google: 'Google',
  meta: 'Meta',
  'meta-llama': 'Meta',
  microsoft: 'Microsoft',
  minimax: 'MiniMax',
  mistral: 'Mistral AI',
  mistralai: 'Mistral AI',
  moonshotai: 'Moonshot AI',
  nvidia: 'NVIDIA',
  openai: 'OpenAI',
  perplexity: 'Perplexity',
  qwen: 'Alibaba Cloud',
  stability: 'Stability AI',
  writer: 'Writer',
  'x-ai': 'xAI',
  'z-ai': 'Z.ai',
};

/** Sellers of other makers' models, whose ids begin with the maker. */
const resellers = new Set(['aws-bedrock', 'google-vertex', 'openrouter', 'together', 'fireworks']);

/**
 * The three names of the specification's "origination of cost data". The invoice comes from whoever
 * sells. A provider that is not known here (a self-hosted endpoint) is named as the user named it.
 */
export function partiesOf(providerName: string, model: string | null): FocusParties {
  const name = canonicalProvider(providerName);
  const [provider, service] = sellers[name] ?? [providerName, providerName];
  const publisher = resellers.has(name) && model !== null ? makerOf(model) : undefined;
  return { provider, publisher: publisher ?? provider, service };
}

/** `us.anthropic.claude-…`, `meta-llama/llama-…`, `publishers/anthropic/models/…` → its maker. */
function makerOf(model: string): string | undefined {
  for (const part of model.toLowerCase().split(/[/.]/).slice(0, -1)) {
    if (Object.hasOwn(makers, part)) return makers[part];
  }
  return /^claude-/i.test(model) ? 'Anthropic' : undefined;
}
