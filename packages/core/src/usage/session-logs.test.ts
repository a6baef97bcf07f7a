import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readUsage } from './read-usage.js';

const claude = (lines: unknown[]) =>
  readUsage({ provider: 'anthropic', api: 'claude-code.jsonl', payload: { lines } });

function answer(id: string, requestId: string, output: number, extra: object = {}) {
  return {
    type: 'assistant',
    requestId,
    message: {
      id,
      model: 'claude-sonnet-4-5-20250929',
      usage: { input_tokens: 10, cache_read_input_tokens: 100, output_tokens: output },
    },
    ...extra,
  };
}

describe('Claude Code session logs', () => {
  test('an answer stands in several lines and counts once, by its largest snapshot', () => {
    const lines = [answer('m1', 'r1', 3), answer('m1', 'r1', 159), answer('m1', 'r1', 9)];
    expect(claude(lines)).toMatchObject({
      usage: { tokens: { input_uncached: 10, cache_read: 100, output: 159 } },
    });
  });

  test('answers are summed', () => {
    expect(claude([answer('m1', 'r1', 3), answer('m2', 'r2', 5)])).toMatchObject({
      usage: { tokens: { input_uncached: 20, output: 8 } },
    });
  });

  test('a side chain’s replay of its parent is dropped, its own answers are kept', () => {
    const lines = [
      answer('m1', 'r1', 3),
      answer('m1', 'r9', 3, { isSidechain: true }),
      answer('m2', 'r2', 5, { isSidechain: true }),
    ];
    expect(claude(lines)).toMatchObject({ usage: { tokens: { output: 8 } } });
  });

  test('messages that no model answered are not billed', () => {
    const synthetic = {
      id: 'm',
      model: '<synthetic>',
      usage: { input_tokens: 0, output_tokens: 0 },
    };
    expect(claude([{ requestId: 'r', message: synthetic }]).status).toBe('not_billed');
  });

  test('the client’s own cost is kept, and is not the provider’s word', () => {
    expect(claude([answer('m1', 'r1', 3, { costUSD: 0.12 })])).toMatchObject({
      usage: { reported: { usd: '0.12', field: 'costUSD', authority: 'client' } },
    });
  });

  test('another model’s answers are nested', () => {
    const other = answer('m2', 'r2', 5);
    other.message.model = 'claude-haiku-4-5';
    expect(claude([answer('m1', 'r1', 3), other])).toMatchObject({
      model: 'claude-sonnet-4-5-20250929',
      usage: {
        tokens: { output: 3 },
        nested: [{ model: 'claude-haiku-4-5', tokens: { output: 5 } }],
      },
    });
  });

  test('what another model’s answers used beside tokens is not lost, nor what they were served as', () => {
    const other = answer('m2', 'r2', 5);
    other.message.model = 'claude-opus-4-8';
    Object.assign(other.message.usage, {
      server_tool_use: { web_search_requests: 2 },
      speed: 'fast',
      iterations: [
        { type: 'message', ...other.message.usage },
        { type: 'advisor_message', model: 'claude-haiku-4-5', input_tokens: 9, output_tokens: 4 },
      ],
    });
    expect(claude([answer('m1', 'r1', 3), other])).toMatchObject({
      model: 'claude-sonnet-4-5-20250929',
      usage: {
        tokens: { output: 3 },
        units: { web_searches: 2 },
        modifiers: {},
        nested: [
          { model: 'claude-opus-4-8', tokens: { output: 5 }, modifiers: { speed: 'fast' } },
          { model: 'claude-haiku-4-5', tokens: { output: 4 }, modifiers: {} },
        ],
      },
    });
  });

  test('lines may come repeated and in any order', () => {
    const lines = [answer('m1', 'r1', 3), answer('m1', 'r1', 159), answer('m2', 'r2', 5)];
    const expected = claude(lines);
    fc.assert(
      fc.property(fc.shuffledSubarray([...lines, ...lines], { minLength: 6 }), (shuffled) => {
        expect(claude(shuffled)).toMatchObject({
          usage: { tokens: expected.status === 'ok' ? expected.usage.tokens : {} },
        });
      }),
    );
  });
});

const codex = (lines: unknown[]) =>
  readUsage({ provider: 'openai', api: 'codex.jsonl', payload: { lines } });

const context = (model: string) => ({ type: 'turn_context', payload: { model } });
const counts = (input: number, output: number) => ({ input_tokens: input, output_tokens: output });
const tokenCount = (total: object, last: object) => ({
  type: 'event_msg',
  payload: {
    type: 'token_count',
    info: { total_token_usage: total, last_token_usage: last },
  },
});

describe('Codex session logs', () => {
  test('counts grow: what is emitted again adds nothing', () => {
    const lines = [
      context('gpt-5.3-codex'),
      tokenCount(counts(1000, 100), counts(1000, 100)),
      tokenCount(counts(1000, 100), counts(1000, 100)),
      { type: 'event_msg', payload: { type: 'token_count', info: null } },
      tokenCount(counts(3500, 300), counts(2500, 200)),
    ];
    expect(codex(lines)).toMatchObject({
      model: 'gpt-5.3-codex',
      usage: { tokens: { input_uncached: 3500, output: 300 } },
    });
  });

  test('a fork starts with its parent’s total, which is not its own', () => {
    const lines = [
      context('gpt-5.3-codex'),
      tokenCount(counts(90_000, 9_000), counts(1000, 100)),
      tokenCount(counts(92_000, 9_200), counts(2000, 200)),
    ];
    expect(codex(lines)).toMatchObject({
      usage: { tokens: { input_uncached: 3000, output: 300 } },
    });
  });

  test('a total that falls is a new count', () => {
    const lines = [
      tokenCount(counts(5000, 500), counts(5000, 500)),
      tokenCount(counts(800, 80), counts(800, 80)),
    ];
    expect(codex(lines)).toMatchObject({
      usage: { tokens: { input_uncached: 5800, output: 580 } },
    });
  });

  test('a change of model is billed at that model', () => {
    const lines = [
      context('gpt-5.3-codex'),
      tokenCount(counts(1000, 100), counts(1000, 100)),
      context('gpt-5-mini'),
      tokenCount(counts(1500, 150), counts(500, 50)),
    ];
    expect(codex(lines)).toMatchObject({
      usage: { tokens: { output: 100 }, nested: [{ model: 'gpt-5-mini', tokens: { output: 50 } }] },
    });
  });
});
