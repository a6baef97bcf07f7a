import { describe, expect, test } from 'vitest';
import { emptyTokens, type Usage } from '../../usage/usage.js';
import { overlayLayer } from '../overlay/index.js';
import { bundledEdition, checkBase, defaultPriceBook } from './index.js';

const { models } = bundledEdition();

describe('the bundled snapshot', () => {
  test('passes the checks that a refresh must pass', () => {
    expect(models.length).toBeGreaterThan(1000);
    expect(checkBase(models)).toEqual([]);
  });

  test('names the providers as Farthing does', () => {
    const names = new Set(models.map((model) => model.provider));
    for (const name of ['openai', 'anthropic', 'google', 'xai', 'aws-bedrock']) {
      expect(names).toContain(name);
    }
    expect(names).not.toContain('x-ai');
  });

  test('has no alias that another model of the provider claims', () => {
    const owners = new Map<string, string>();
    for (const { provider: owner, model, aliases } of models) {
      for (const alias of [model.toLowerCase(), ...(aliases ?? [])]) {
        const key = `${owner}/${alias}`;
        expect(owners.get(key) ?? model, key).toBe(model);
        owners.set(key, model);
      }
    }
  });
});

describe('the default price book', () => {
  const book = defaultPriceBook();
  const cost = (
    owner: string,
    model: string,
    at: string,
    usage: Partial<Usage>,
    context?: object,
  ) =>
    book.price({
      provider: owner,
      api: 'chat.completions',
      model,
      at,
      reading: {
        status: 'ok',
        usage: {
          tokens: emptyTokens(),
          details: {},
          units: {},
          modifiers: {},
          estimated: false,
          raw: null,
          notes: [],
          ...usage,
        },
      },
      ...(context === undefined ? {} : { context }),
    });
  const million = (bucket: 'input_uncached' | 'cache_read' | 'cache_write_1h' | 'output') => ({
    tokens: { ...emptyTokens(), [bucket]: 100_000 },
  });
  /** Rate per million tokens that a call of 100,000 tokens was charged. */
  const rate = (...call: Parameters<typeof cost>) => cost(...call).charges[0]?.rate_usd;

  test.each([
    ['openai', 'gpt-5.6-luna', '2026-07-29T23:59:59Z', '1'],
    ['openai', 'gpt-5.6-luna', '2026-07-30T00:00:00Z', '0.2'],
    ['openai', 'gpt-5.6-sol', '2026-08-20T23:59:59Z', '5'],
    ['openai', 'gpt-5.6-sol', '2026-08-21T00:00:00Z', '4'],
    ['google', 'gemini-3.6-flash', '2026-12-31T23:59:59Z', '0.75'],
    ['google', 'gemini-3.6-flash', '2027-01-01T00:00:00Z', '1.5'],
    ['mistral', 'mistral-medium-latest', '2026-06-16T00:00:00Z', '1.5'],
    // Peak hours; a Saturday is off-peak since 2026-08-23, not before.
    ['deepseek', 'deepseek-v4-flash', '2026-09-03T03:59:59Z', '0.44'],
    ['deepseek', 'deepseek-v4-flash', '2026-09-03T04:00:00Z', '0.22'],
    ['deepseek', 'deepseek-v4-flash', '2026-09-05T02:00:00Z', '0.22'],
    ['deepseek', 'deepseek-v4-flash', '2026-08-22T02:00:00Z', '0.44'],
    ['deepseek', 'deepseek-v4-flash', '2026-08-01T02:00:00Z', '0.14'],
  ])('%s %s at %s costs %s per million input tokens', (owner, model, at, expected) => {
    expect(rate(owner, model, at, million('input_uncached'))).toBe(expected);
  });

  test('o3 read its cache at a quarter of the old price too', () => {
    expect(rate('openai', 'o3', '2025-06-09T00:00:00Z', million('cache_read'))).toBe('2.5');
    expect(rate('openai', 'o3', '2025-06-10T00:00:00Z', million('cache_read'))).toBe('0.5');
  });

  test.each([
    ['openai', 'gpt-4o', { service_tier: 'priority' }, '17'],
    ['openai', 'gpt-4o-mini', { service_tier: 'priority' }, '1'],
    ['openai', 'gpt-5.5', { service_tier: 'flex' }, '15'],
    ['anthropic', 'claude-opus-4-8', { inference_geo: 'us' }, '27.5'],
    ['anthropic', 'claude-sonnet-4-5', { inference_geo: 'us' }, '15'],
    ['anthropic', 'claude-opus-4-6', { speed: 'fast' }, '150'],
    ['google', 'gemini-2.5-flash', { service_tier: 'priority' }, '4.5'],
  ])('%s %s with %j: output at %s', (owner, model, modifiers, expected) => {
    const usage = { ...million('output'), modifiers };
    expect(rate(owner, model, '2026-08-25T12:00:00Z', usage)).toBe(expected);
  });

  test.each([
    ['azure', 'gpt-4o', { deployment_type: 'DataZoneStandard' }, '2.75'],
    ['azure', 'gpt-4o', { deployment_type: 'GlobalStandard' }, '2.5'],
    ['azure', 'gpt-4o', { deployment_type: 'GlobalBatch' }, '1.25'],
    ['google-vertex', 'claude-sonnet-4-5@20250929', { location: 'europe-west1' }, '3.3'],
    ['google-vertex', 'claude-sonnet-4-5@20250929', { location: 'global' }, '3'],
    ['google-vertex', 'claude-3-7-sonnet@20250219', { location: 'europe-west1' }, '3'],
    ['google', 'gemini-2.0-flash-001', { endpoint: 'vertex' }, '0.15'],
    ['openai', 'gpt-5.4', { endpoint: 'eu.api.openai.com' }, '2.75'],
  ])('%s %s with %j: input at %s', (owner, model, context, expected) => {
    expect(rate(owner, model, '2026-08-25T12:00:00Z', million('input_uncached'), context)).toBe(
      expected,
    );
  });

  test.each([
    ['anthropic', 'claude-opus-4-8', { modifiers: { service_tier: 'priority' } }],
    ['google', 'gemini-2.5-pro', { modifiers: { service_tier: 'provisioned_throughput' } }],
    ['openai', 'gpt-4o', { modifiers: { service_tier: 'scale' } }],
    [
      'aws-bedrock',
      'global.anthropic.claude-opus-4-8',
      { modifiers: { service_tier: 'reserved' } },
    ],
  ])('%s %s with %j is a matter of contract', (owner, model, usage) => {
    expect(cost(owner, model, '2026-08-25', usage).status).toBe('contract_required');
  });

  test('one-hour writes cost twice the input on Bedrock and Vertex too', () => {
    const write = million('cache_write_1h');
    const at = '2026-08-25';
    expect(rate('aws-bedrock', 'global.anthropic.claude-haiku-4-5-20251001-v1:0', at, write)).toBe(
      '2',
    );
    expect(rate('aws-bedrock', 'us.anthropic.claude-haiku-4-5-20251001-v1:0', at, write)).toBe(
      '2.2',
    );
    expect(rate('google-vertex', 'claude-opus-4-8', at, write)).toBe('10');
  });

  test('priority beyond its bound has no price', () => {
    const usage = {
      tokens: { ...emptyTokens(), input_uncached: 272_001 },
      modifiers: { service_tier: 'priority' },
    };
    expect(cost('openai', 'gpt-5.5', '2026-08-25', usage)).toMatchObject({
      usd: null,
      status: 'unknown_model',
    });
  });

  test('every overlay row has a source and readable amounts', () => {
    const owners = [...new Set(models.map((model) => model.provider)), 'google-vertex'];
    const rules = owners.flatMap((owner) => overlayLayer().rules(owner));
    expect(rules.length).toBeGreaterThan(50);
    for (const rule of rules) {
      expect(rule.source).not.toBe('');
      for (const text of Object.values(rule.rates ?? {})) expect(text).toMatch(/^\d+(\.\d+)?$/);
    }
  });
});
