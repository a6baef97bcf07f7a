import { emptyTokens, type Entry } from '@farthing/core';
import { expect, test } from 'vitest';
import { ServerHistories } from './server-histories.js';

const ended = (response_id: string | undefined, input: number, output: number, reasoning = 0) =>
  ({
    provider: 'openai',
    response_id,
    usage: {
      tokens: { ...emptyTokens(), input_uncached: input, output },
      details: { reasoning },
    },
  }) as unknown as Entry;

test('a response that is continued brings along what it took, without its reasoning', () => {
  const histories = new ServerHistories();
  histories.learn(ended('resp_1', 900, 300, 200), null);
  expect(histories.tokensOf('openai', 'resp_1')).toBe(1_000);
  expect(histories.tokensOf('openai', null)).toBe(0);
  expect(histories.tokensOf('azure', 'resp_1')).toBe(0);
});

test('a conversation is as long as its last call left it', () => {
  const histories = new ServerHistories();
  histories.learn(ended('resp_1', 100, 50), 'conv_1');
  histories.learn(ended('resp_2', 200, 60), 'conv_1');
  expect(histories.tokensOf('openai', 'conv_1')).toBe(260);
  expect(histories.tokensOf('openai', 'resp_1')).toBe(150);
});

test('one that is not known is taken to be as long as those that are', () => {
  const histories = new ServerHistories();
  expect(histories.tokensOf('openai', 'resp_unknown')).toBe(0);
  histories.learn(ended('resp_2', 3_000, 1_000), 'resp_1');
  expect(histories.tokensOf('openai', 'resp_unknown')).toBe(4_000);
});

test('what is remembered is bounded, and calls without usage teach nothing', () => {
  const histories = new ServerHistories();
  histories.learn({ ...ended('resp_x', 1, 1), usage: null }, null);
  for (let call = 0; call < 20_001; call++) histories.learn(ended(`resp_${call}`, 10, 1), null);
  expect(histories.tokensOf('openai', 'resp_0')).toBe(0);
  expect(histories.tokensOf('openai', 'resp_20000')).toBe(11);
});

test('content in a cache of Gemini counts as what was read of it, and stays as long as it is', () => {
  const histories = new ServerHistories();
  const id = 'cachedContents/abc';
  const call = ended('response', 5_000, 300);
  call.usage!.tokens.cache_read = 4_000;
  expect(histories.tokensOf('openai', id)).toBe(0);
  histories.learn(call, id);
  histories.learn(call, id);
  expect(histories.tokensOf('openai', id)).toBe(4_000);
  expect(histories.tokensOf('openai', 'response')).toBe(0);
});
