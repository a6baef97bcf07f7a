import { totalInput, type Entry } from '@farthing/core';

/** Conversations of so many answers are known at most; the longest unused go first (about 4 MB). */
const mostKnown = 20_000;
/** How much the newest history counts in the average of all. */
const newest = 0.05;

/**
 * How long conversations are that the provider keeps: a request which continues one
 * (`previous_response_id`, `conversation`) has its own text only, and is billed for all of it. Learned from
 * answers, by the ids of responses and conversations. Counts only, in memory.
 */
export class ServerHistories {
  readonly #tokens = new Map<string, number>();
  #average = 0;

  /** Tokens that a call brings along; of a conversation not seen here, as many as those seen have. */
  tokensOf(provider: string, history: string | null): number {
    if (history === null) return 0;
    const known = this.#tokens.get(keyOf(provider, history));
    return known ?? (isCachedContent(history) ? 0 : Math.round(this.#average));
  }

  /**
   * Learns from a call that has ended: what it took is what the next one brings along, but for the
   * reasoning, which is not kept (https://platform.openai.com/docs/guides/reasoning).
   */
  learn({ provider, response_id: response, usage }: Entry, history: string | null): void {
    if (usage === null || (response === undefined && history === null)) return;
    const { tokens, details } = usage;
    if (history !== null && isCachedContent(history)) {
      if (tokens.cache_read > 0) this.#keep(keyOf(provider, history), tokens.cache_read);
      return;
    }
    const length = totalInput(tokens) + tokens.output - (details.reasoning ?? 0);
    if (length <= 0) return;
    if (response !== undefined) this.#keep(keyOf(provider, response), length);
    if (history === null) return;
    // Of a conversation the id stays; a response that was continued may be continued once more.
    if (!history.startsWith('resp_')) this.#keep(keyOf(provider, history), length);
    this.#average += (this.#average === 0 ? 1 : newest) * (length - this.#average);
  }

  #keep(key: string, tokens: number): void {
    this.#tokens.delete(key);
    this.#tokens.set(key, tokens);
    if (this.#tokens.size <= mostKnown) return;
    const [oldest] = this.#tokens.keys();
    if (oldest !== undefined) this.#tokens.delete(oldest);
  }
}

function keyOf(provider: string, id: string): string {
  return `${provider}\u001f${id}`;
}

/** Gemini's explicit caches: what is in them is input of every call that names them, and does not grow. */
function isCachedContent(id: string): boolean {
  return id.includes('cachedContents/');
}

/** APIs whose answers can be continued by their id: of others there is nothing to remember. */
export function hasServerHistory(api: string): boolean {
  return api === 'responses' || api === 'interactions';
}
