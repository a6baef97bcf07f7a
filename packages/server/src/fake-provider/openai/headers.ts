import type { Random } from '../random.js';

/** Response headers of a good answer; those that vary are drawn like the rest of it. */
export function answerHeaders(random: Random): Record<string, string> {
  return {
    'openai-organization': 'org-fake',
    'openai-processing-ms': String(random.integer(120, 4000)),
    'openai-version': '2020-10-01',
    'x-ratelimit-limit-requests': '10000',
    'x-ratelimit-remaining-requests': String(random.integer(9000, 9999)),
    'x-request-id': `req_${random.hex(32)}`,
  };
}
