import type { Entry } from '@farthing/core';
import { sampleEntry } from '../src/store/conformance/batches.js';

const hour = 3_600_000;
const start = Date.UTC(2026, 2, 1);

/**
 * Three days of calls of two features until 2026-03-04, each of 1,000 tokens of input and 50 of output at
 * 0.001875 USD: `search` as estimated, `chat` from the third day on at twice its estimate, with a prompt
 * that is mostly history.
 */
export function driftedCalls(): Entry[] {
  return Array.from({ length: 72 * 4 }, (_, index): Entry => {
    const at = Math.floor(index / 4);
    const isChat = index % 2 === 1;
    const isOff = isChat && at >= 48;
    return sampleEntry({
      started_at: new Date(start + at * hour + (index % 4) * 60_000).toISOString(),
      tags: { feature: isChat ? 'chat' : 'search', template_version: isOff ? 'v2' : 'v1' },
      estimate: {
        input_tokens: 1_000,
        output_tokens: isOff ? 25 : 50,
        usd: isOff ? '0.0009375' : `0.0018${70 + (at % 10)}`,
        method: 'learned',
        basis: 'template',
      },
      prompt: isChat ? { system: 200, history: 700, user: 100 } : { system: 900, user: 100 },
    });
  });
}
