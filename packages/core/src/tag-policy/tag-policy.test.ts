import { expect, test } from 'vitest';
import { tagAdvice, TagPolicy } from './index.js';

const call = { provider: 'openai', api: 'chat.completions', key: 'key_1' };
const feature = { tags: ['feature'], missing: 'accept' } as const;
const agents = { tags: ['agent', 'trace', 'cost_center'], missing: 'reject' } as const;

test('a call with all the tags lacks nothing, custom ones among them', () => {
  const policy = new TagPolicy([feature, agents]);
  const tags = { feature: 'f', agent: 'a', trace: 't', custom: { cost_center: '7' } };
  expect(policy.check(call, tags)).toBeNull();
});

test('what is missing is named once; one rule that rejects is enough', () => {
  const policy = new TagPolicy([feature, agents, { ...agents, tags: ['agent'] }]);
  expect(policy.check(call, { trace: 't' })).toEqual({
    tags: ['feature', 'agent', 'cost_center'],
    reject: true,
  });
  expect(new TagPolicy([feature]).check(call, {})).toEqual({ tags: ['feature'], reject: false });
});

test('a rule holds for the calls it names', () => {
  const only = new TagPolicy([
    { ...agents, provider: ['openai'], api: ['chat.completions', 'responses'], key: ['key_1'] },
  ]);
  expect(only.check(call, {})).not.toBeNull();
  expect(only.check({ ...call, provider: 'anthropic' }, {})).toBeNull();
  expect(only.check({ ...call, api: 'embeddings' }, {})).toBeNull();
  expect(only.check({ ...call, key: 'key_2' }, {})).toBeNull();
  expect(only.check({ ...call, key: undefined }, {})).toBeNull();
});

test('a custom tag is no property that every object has', () => {
  const policy = new TagPolicy([{ tags: ['constructor'], missing: 'reject' }]);
  expect(policy.check(call, { custom: {} })?.tags).toEqual(['constructor']);
});

test('the advice shows the headers to add', () => {
  expect(tagAdvice(['agent'])).toContain('the header `x-farthing-agent: <agent>`,');
  expect(tagAdvice(['agent', 'trace', 'cost_center'])).toContain(
    'the headers `x-farthing-agent: <agent>`, `x-farthing-trace: <trace>` and `x-farthing-cost-center: <cost_center>`,',
  );
});
