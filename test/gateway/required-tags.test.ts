import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, expect, test } from 'vitest';
import { startGatewayUnderTest, type GatewayUnderTest } from '../support/gateway.js';

let gateway: GatewayUnderTest;
afterEach(() => gateway.close());

const ask = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: 'Hi' }] };
const clientWith = (defaultHeaders: Record<string, string>) =>
  new OpenAI({ baseURL: `${gateway.url}/openai/v1`, apiKey: 'sk-1', defaultHeaders });

test('a call without a tag that must be there is refused once, and told which header to add', async () => {
  const rule = { tags: ['agent', 'cost_center'], missing: 'reject', provider: 'openai' };
  gateway = await startGatewayUnderTest({ tags: { require: [rule] } });
  const refused = await clientWith({ 'x-farthing-agent': 'helper' })
    .chat.completions.create(ask)
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
  expect(refused).toMatchObject({
    code: 'tags_missing',
    message: expect.stringContaining('`x-farthing-cost-center: <cost_center>`'),
  });
  expect(gateway.provider.books.report().lines).toEqual([]);

  const answered = clientWith({ 'x-farthing-agent': 'helper', 'x-farthing-cost-center': '7' });
  await answered.chat.completions.create(ask);
  expect((await gateway.entries()).map(({ tags }) => tags)).toMatchObject([
    { agent: 'helper', custom: { cost_center: '7' } },
  ]);
});

test('a rule for one provider leaves the others alone', async () => {
  const rule = { tags: ['agent'], missing: 'reject', provider: 'openai' };
  gateway = await startGatewayUnderTest({ tags: { require: [rule] } });
  const client = new Anthropic({ baseURL: `${gateway.url}/anthropic`, apiKey: 'sk-1' });
  await client.messages.create({ ...ask, model: 'claude-haiku-4-5', max_tokens: 16 });
  expect(await gateway.entries()).toHaveLength(1);
});

test('where calls may go without, they pass with a warning that names the header', async () => {
  gateway = await startGatewayUnderTest({ tags: { require: [{ tags: ['feature'] }] } });
  const { response } = await clientWith({}).chat.completions.create(ask).withResponse();
  expect(response.headers.get('x-farthing-warning')).toContain('`x-farthing-feature: <feature>`');
  expect(await gateway.entries()).toHaveLength(1);
});

test('a default tag counts as set', async () => {
  const rule = { tags: ['environment'], missing: 'reject' };
  gateway = await startGatewayUnderTest({
    tags: { defaults: { environment: 'test' }, require: [rule] },
  });
  await clientWith({}).chat.completions.create(ask);
  expect(await gateway.entries()).toHaveLength(1);
});
