import { describe } from 'vitest';
import { messageUsage, testPrices, type PriceCase } from './price-case.js';

const sonnet = 'claude-sonnet-4-5-20250929';

const seen = (
  name: string,
  api: string,
  answer: object,
  usd: string | null,
  rest: Partial<PriceCase> = {},
): PriceCase => ({
  name,
  provider: 'anthropic',
  model: sonnet,
  api,
  at: '2026-03-01T00:00:00Z',
  answer,
  usd,
  ...rest,
});

describe('session logs', () => {
  const line = (
    id: string,
    requestId: string,
    model: string,
    usage: object,
    rest: object = {},
  ) => ({
    type: 'assistant',
    timestamp: '2026-01-14T07:47:58.123Z',
    requestId,
    message: { id, model, usage },
    ...rest,
  });
  const count = (at: string, total: number[], last: number[]) => ({
    timestamp: at,
    type: 'event_msg',
    payload: {
      type: 'token_count',
      info: { total_token_usage: codex(total), last_token_usage: codex(last) },
    },
  });
  const codex = ([input = 0, cached = 0, output = 0]: number[]) => ({
    input_tokens: input,
    cached_input_tokens: cached,
    output_tokens: output,
    reasoning_output_tokens: 0,
    total_tokens: input + output,
  });
  const turn = (model: string) => ({
    timestamp: '2026-05-13T09:00:01.000Z',
    type: 'turn_context',
    payload: { model },
  });
  const codexLog = (name: string, lines: object[], usd: string, rest: Partial<PriceCase> = {}) =>
    seen(name, 'codex.jsonl', { lines }, usd, {
      provider: 'openai',
      model: 'gpt-5.5',
      at: '2026-05-13T09:00:00Z',
      ...rest,
    });
  testPrices([
    // each 150000 × 3, never 300000 at the long-context rate of 6
    seen(
      'answers of a session are priced one by one: none of them is long',
      'claude-code.jsonl',
      {
        lines: [
          line('a', 'r1', sonnet, messageUsage(150_000, 1000)),
          line('b', 'r2', sonnet, messageUsage(150_000, 1000)),
        ],
      },
      '0.93',
      { counts: { input_uncached: 300_000, output: 2000 } },
    ),
    // 100 × 3 + 10 × 15, 100 × 10 + 10 × 50 in fast mode, and two searches at 0.01
    seen(
      'another model’s answer is priced as it was served, its searches with it',
      'claude-code.jsonl',
      {
        lines: [
          line('a', 'r1', sonnet, messageUsage(100, 10)),
          line(
            'b',
            'r2',
            'claude-opus-4-8',
            messageUsage(100, 10, {
              speed: 'fast',
              server_tool_use: { web_search_requests: 2 },
            }),
          ),
        ],
      },
      '0.02195',
    ),
    // 150000 × 3 + 1000 × 15, and 250000 × 6 + 1000 × 22.5
    seen(
      'one of them is',
      'claude-code.jsonl',
      {
        lines: [
          line('a', 'r1', sonnet, messageUsage(150_000, 1000)),
          line('b', 'r2', sonnet, messageUsage(250_000, 1000)),
        ],
      },
      '1.9875',
    ),
    // 1000 × 5 + 100 × 25, and fast: 1000 × 10 + 100 × 50
    seen(
      'one of them was fast',
      'claude-code.jsonl',
      {
        lines: [
          line('a', 'r1', 'claude-opus-4-8', messageUsage(1000, 100)),
          line('b', 'r2', 'claude-opus-4-8', messageUsage(1000, 100, { speed: 'fast' })),
        ],
      },
      '0.0225',
      { model: 'claude-opus-4-8', at: '2026-07-01T00:00:00Z' },
    ),
    // 100 × 3 + 50 × 15, the replay of it dropped; its own: 10 × 3 + 5 × 15
    seen(
      'a side chain replays its parent under another request',
      'claude-code.jsonl',
      {
        lines: [
          line('a', 'r1', sonnet, messageUsage(100, 50)),
          line('a', 'r9', sonnet, messageUsage(100, 50), { isSidechain: true }),
          line('s', 'r9', sonnet, messageUsage(10, 5), { isSidechain: true }),
        ],
      },
      '0.001155',
    ),
    // two turns of 200000 × 5 + 1000 × 30: neither passes 272,000, their sum does
    codexLog(
      'turns of a Codex session are priced one by one',
      [
        turn('gpt-5.5'),
        count('2026-05-13T09:01:00.000Z', [200_000, 0, 1000], [200_000, 0, 1000]),
        count('2026-05-13T09:01:05.000Z', [200_000, 0, 1000], [200_000, 0, 1000]),
        count('2026-05-13T09:02:00.000Z', [400_000, 0, 2000], [200_000, 0, 1000]),
      ],
      '2.06',
      { counts: { input_uncached: 400_000, output: 2000 } },
    ),
    // its own turn alone: 1000 × 5 + 100 × 30
    codexLog(
      'a fork starts with a copy of its parent’s history',
      [
        {
          timestamp: '2026-05-13T09:00:00.000Z',
          type: 'session_meta',
          payload: { id: 'child', forked_from_id: 'parent' },
        },
        {
          timestamp: '2026-05-13T09:00:00.001Z',
          type: 'session_meta',
          payload: { id: 'parent' },
        },
        turn('gpt-5.5'),
        count('2026-05-13T09:00:00.100Z', [50_000, 0, 500], [50_000, 0, 500]),
        count('2026-05-13T09:00:00.200Z', [90_000, 0, 900], [40_000, 0, 400]),
        count('2026-05-13T09:05:00.000Z', [91_000, 0, 1000], [1000, 0, 100]),
      ],
      '0.008',
      { counts: { input_uncached: 1000, output: 100 } },
    ),
    // 1000 × 5 + 100 × 30 and, from the second model, 1000 × 1.75 + 100 × 14
    codexLog(
      'a session that changes its model',
      [
        turn('gpt-5.5'),
        count('2026-05-13T09:01:00.000Z', [1000, 0, 100], [1000, 0, 100]),
        turn('gpt-5.3-codex'),
        count('2026-05-13T09:02:00.000Z', [2000, 0, 200], [1000, 0, 100]),
      ],
      '0.01115',
    ),
  ]);
});
