import { describe, expect, test } from 'vitest';
import { entrySchema, type OpenedLine } from '../entry.js';
import { defaultPriceBook } from '../pricing/snapshot/index.js';
import { readUsage } from '../usage/read-usage.js';
import { closeEntry, interruptedEntry, type Ending } from './close-entry.js';

const book = defaultPriceBook();
const price = book.price.bind(book);
const opened: OpenedLine = {
  type: 'opened',
  schema: entrySchema,
  id: '019a0000-0000-7000-8000-000000000000',
  source: 'gateway',
  started_at: '2026-11-20T12:00:00.000Z',
  provider: 'azure-zone',
  api: 'chat.completions',
  stream: false,
  model_requested: 'gpt-5-mini',
  attempt: 1,
  estimate: { input_tokens: 1000, output_tokens: 100, method: 'bytes/4' },
  tags: {},
};
const ending: Ending = {
  outcome: 'ok',
  reading: { status: 'no_usage', reason: '' },
  httpStatus: 200,
  errorType: null,
  durationMilliseconds: 5,
  firstByteMilliseconds: 2,
};

describe('a call during which its meter died', () => {
  const recordedAt = '2026-11-21T08:00:00.000Z';
  const context = { deployment_type: 'DataZoneStandard' };
  const book = (line: OpenedLine, facts = {}) => interruptedEntry(line, price, facts, recordedAt);

  test('is booked at its estimate, at the prices of its provider, and became known when it was found', () => {
    const entry = book(opened, { priceAs: 'azure', context });
    expect(entry).toMatchObject({
      outcome: 'interrupted',
      cost: { usd: '0.000495', status: 'partial' },
      context: { deployment_type: 'DataZoneStandard' },
      recorded_at: recordedAt,
    });
    expect(entry.ended_at).toBe(opened.started_at);
  });

  test('of a provider that is configured no longer is kept, at an unknown cost', () => {
    expect(book({ ...opened, provider: 'gone' }).cost).toMatchObject({
      usd: null,
      status: 'unknown_model',
    });
  });

  test('has no cost where the size of a request says nothing of it', () => {
    const estimate = { input_tokens: 0, output_tokens: 0, method: 'none' };
    const entry = book({ ...opened, api: 'audio.transcriptions', estimate });
    expect(entry).toMatchObject({ usage: null, cost: { usd: null, status: 'no_usage' } });
    expect(entry.cost.reason).toMatch(/^the gateway stopped during the call: .*size/);
  });

  test('says whether a gateway or an application died', () => {
    expect(book(opened).error_type).toBe('gateway_stopped');
    expect(book({ ...opened, source: 'sdk' })).toMatchObject({
      error_type: 'application_stopped',
      usage: { notes: ['the application stopped during the call: booked at its estimate'] },
    });
  });
});

test('a stream without its last word stays so in the entry, although there is no price to be partial', () => {
  const call = {
    ...opened,
    provider: 'anthropic',
    api: 'messages',
    model_requested: 'claude-next',
  };
  const message = { model: 'claude-next', usage: { input_tokens: 10, output_tokens: 1 } };
  const payload = { events: [{ type: 'message_start', message }] };
  const reading = readUsage({ provider: 'anthropic', api: 'messages', payload });
  const { cost, usage } = closeEntry(call, { ...ending, reading }, price);
  expect(cost).toMatchObject({ usd: null, status: 'unknown_model' });
  expect(usage?.partial).toBe(reading.status === 'ok' && reading.partial);
});

describe('what is recorded beside the usage', () => {
  const request = { size: '1024x1792', quality: 'hd', n: 1 };
  const imageCall = { ...opened, provider: 'openai', api: 'images', model_requested: 'dall-e-3' };
  const entryOf = (payload: unknown, context: object) => {
    const reading = readUsage({ provider: 'openai', api: 'images', payload, context });
    return closeEntry(imageCall, { ...ending, reading }, price, { context });
  };

  test('lets the call be priced again exactly as it was', () => {
    const entry = entryOf({ data: [{}] }, { endpoint: 'eu.api.openai.com', request });
    expect(entry.context).toEqual({
      endpoint: 'eu.api.openai.com',
      request: { size: '1024x1792', quality: 'hd' },
    });
    const again = price({
      provider: entry.provider,
      api: entry.api,
      model: entry.model,
      at: entry.started_at,
      reading: { status: 'ok', usage: entry.usage! },
      context: entry.context!,
    });
    expect(again).toEqual(entry.cost);
    expect(again.usd).toBe('0.12');
  });

  test('is left out where it sets no price', () => {
    const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
    expect(entryOf({ usage }, { request })).not.toHaveProperty('context');
    expect(entryOf({ data: [{}] }, { request: { n: 1 } })).not.toHaveProperty('context');
    expect(entryOf({}, { endpoint: 'eu.api.openai.com' })).not.toHaveProperty('context');
  });
});

test('a call whose usage cannot be priced at all is booked, and says so', () => {
  const failing = () => {
    throw new Error('a figure that nobody thought of');
  };
  expect(closeEntry(opened, ending, failing).cost).toEqual({
    usd: null,
    status: 'invalid_usage',
    reason: 'the usage cannot be priced: a figure that nobody thought of',
    charges: [],
  });
});

test.each([
  [
    'openrouter',
    'chat.completions',
    { usage: { prompt_tokens: 10, completion_tokens: 5, cost: 1e-80 } },
  ],
  ['openai', 'audio.transcriptions', { usage: { type: 'duration', seconds: 1e-80 } }],
  [
    'perplexity',
    'chat.completions',
    { usage: { prompt_tokens: 1, completion_tokens: 1, cost: { total_cost: 1e-90 } } },
  ],
])('a figure of %s next to nothing is nothing, and harms nobody', (provider, api, answer) => {
  const reading = readUsage({ provider, api, payload: { id: 'c', model: 'gpt-4o', ...answer } });
  expect(reading.status).toBe('ok');
  const call = { ...opened, provider, api };
  expect(() => closeEntry(call, { ...ending, reading }, price)).not.toThrow();
});
