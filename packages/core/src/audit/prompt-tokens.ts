import type { PromptTokens } from '../entry.js';
import { promptSources, type PromptSizes, type PromptSource } from '../estimate/prompt-sources.js';
import { shareTokens } from './share-tokens.js';

/** Characters of English prose to a token: only to tell what is hidden from what is seen. */
const charactersPerToken = 4;

/**
 * The input tokens of a call by source: the tokens that the provider counted, divided by the sizes of the
 * request's parts, so that they add up to exactly what was counted. Sources without tokens are absent.
 *
 * @param hidden where tokens come from that the request names and does not hold (a conversation that the
 *   provider keeps): it gets what the visible parts cannot have come to.
 */
export function promptTokens(
  sizes: PromptSizes,
  inputTokens: number,
  hidden: PromptSource | null = null,
): PromptTokens {
  const weights = promptSources.map((source) => sizes[source]);
  if (hidden !== null) {
    const visible = weights.reduce((sum, weight) => sum + weight, 0);
    const unseen = inputTokens * charactersPerToken - visible;
    if (unseen > 0) weights[promptSources.indexOf(hidden)]! += unseen;
  }
  const shares = shareTokens(weights, inputTokens);
  const tokens: PromptTokens = {};
  for (const [index, source] of promptSources.entries()) {
    if (shares[index]! > 0) tokens[source] = shares[index]!;
  }
  return tokens;
}
