import { tokensPerSearch, type DemoCall } from './draw-work.js';

/** Tokens of a call's prompt by where they come from; together all that the request itself holds. */
export interface PromptParts {
  system: number;
  history: number;
  context: number;
  user: number;
}

/**
 * The parts of a prompt: the feature's instructions, what was said before, what was looked up and what
 * is asked. Live requests are written by it, and past calls are booked by it.
 */
export function promptParts({ feature, step, tokens }: DemoCall): PromptParts {
  const found = tokens.searches * tokensPerSearch;
  const turns = step * Math.round(feature.userTokens * 0.8);
  const sent = tokens.input + tokens.cacheRead + tokens.cacheWrite5m - found;
  const fresh = Math.max(20, sent - feature.systemTokens - turns);
  const context = Math.round(fresh * (feature.contextShare ?? 0));
  const history = Math.round(fresh * (feature.historyShare ?? 0));
  return {
    system: feature.systemTokens,
    history: turns + history,
    context,
    user: fresh - context - history,
  };
}
