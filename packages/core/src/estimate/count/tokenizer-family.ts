import { canonicalProvider } from '../../usage/providers.js';
import { claudeVersion } from './model-version.js';

/** Encodings of the tokenizer that a text is counted with (names of OpenAI's tiktoken). */
export type Encoding = 'o200k_base' | 'cl100k_base';

/** How a model's text is counted without asking its provider. */
export interface TokenizerFamily {
  encoding: Encoding;
  /** Tokens of the model for each token of the encoding. */
  factor: number;
  /** Whether the encoding is the model's own: then the factor is 1, and text is counted exactly. */
  own: boolean;
}

/** GPT-4 and GPT-3.5 as they first were, and the embeddings (tiktoken, `model.py`). */
const cl100k = /^(?:gpt-4(?!o|\.\d)|gpt-3\.?5|text-embedding-)/;
const ownEncoding =
  /^(?:gpt-|chatgpt-|codex-|o[1-9](?:$|-)|text-embedding-|ft:gpt-|computer-use|gpt-oss)/;

/**
 * Claude up to 4.6 has 4.33 English characters to a token and from Opus 4.7 on 3.60, by Anthropic's own
 * counter; o200k_base has about 4.75. Code lies lower, scripts other than Latin at 1. Anthropic itself
 * states 1 to 1.35 for the step between the two (platform.claude.com/docs, "What's new in Claude
 * Opus 4.7").
 */
const claudeFactor = 1.1;
const laterClaudeFactor = 1.35;
/** Google: a token is about 4 characters, 100 are 60 to 80 words (ai.google.dev/gemini-api/docs/tokens). */
const geminiFactor = 1.1;
/** Vocabularies of other makers are smaller than o200k_base as a rule, so that they split more. */
const otherFactor = 1.1;

/**
 * The tokenizer that counts a model's text: its own where it is public, else o200k_base times a factor
 * for the family. `ft:` names and dated ones belong to the model that they begin with.
 */
export function tokenizerFamily(provider: string | null, model: string): TokenizerFamily {
  const name = bareName(model);
  if (ownEncoding.test(name)) {
    const encoding = cl100k.test(name.replace(/^ft:/, '')) ? 'cl100k_base' : 'o200k_base';
    return { encoding, factor: 1, own: true };
  }
  return { encoding: 'o200k_base', factor: factorOf(provider, name), own: false };
}

function factorOf(provider: string | null, name: string): number {
  const claude = claudeVersion(name);
  if (claude !== null) return claude >= 4.7 ? laterClaudeFactor : claudeFactor;
  const maker = provider === null ? '' : canonicalProvider(provider);
  if (maker === 'anthropic') return laterClaudeFactor;
  return name.startsWith('gemini') || maker === 'google' ? geminiFactor : otherFactor;
}

/** `openai/gpt-4o` and `models/gemini-2.5-pro` without what stands before the name. */
export function bareName(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1).toLowerCase();
}
