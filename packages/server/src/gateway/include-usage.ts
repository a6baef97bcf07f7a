import { splice } from './adapt-request.js';
import { parseRange } from './scan-json.js';
import type { RequestFacts } from './request-facts.js';

/**
 * Asks an OpenAI-style stream for its usage when the caller did not: without it the answer carries
 * none. The body is edited in place at one spot; every other byte stays. Null when nothing is to be
 * done. The extra chunk that the provider then sends must be withheld from the caller.
 * https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options
 */
export function includeUsage(body: Buffer, facts: RequestFacts): Buffer | null {
  if (!facts.stream || facts.includeUsage === true || facts.scanned === null) return null;
  const range = facts.scanned.values.get('stream_options');
  if (range === undefined) {
    return splice(
      body,
      facts.scanned.bodyStart,
      facts.scanned.bodyStart,
      '"stream_options":{"include_usage":true},',
    );
  }
  const options = parseRange(body, range);
  const merged = { ...(typeof options === 'object' ? options : {}), include_usage: true };
  return splice(body, range.start, range.end, JSON.stringify(merged));
}
