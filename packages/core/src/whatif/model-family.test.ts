import { describe, expect, test } from 'vitest';
import { defaultPriceBook } from '../pricing/snapshot/index.js';
import { classOf, modelFamily } from './model-family.js';
import { selectModelClass, taskOf } from './task-rules.js';
import { sameTokens, tokenShift } from './token-shift.js';

const book = defaultPriceBook();
const at = '2026-11-01T00:00:00Z';
const familyOf = (provider: string, model: string) =>
  modelFamily(book, { provider, model }, at).map((member) => `${member.model} ${member.class}`);

describe('the models that a maker sells beside one', () => {
  test.each([
    ['openai', 'gpt-4o', ['gpt-4.1-nano fast', 'gpt-4o-mini fast', 'gpt-4o frontier']],
    ['azure', 'gpt-4o', ['gpt-4.1-nano fast', 'gpt-4o-mini fast', 'gpt-4o frontier']],
    [
      'google',
      'gemini-2.5-pro',
      ['gemini-2.5-flash-lite fast', 'gemini-2.5-flash balanced', 'gemini-2.5-pro frontier'],
    ],
    [
      'anthropic',
      'claude-3-opus-20240229',
      ['claude-3-haiku fast', 'claude-3-sonnet balanced', 'claude-3-opus-20240229 frontier'],
    ],
  ])('%s/%s: of each variant the version nearest to its own', (provider, model, members) => {
    expect(familyOf(provider, model)).toEqual(members);
  });

  test('of another generation, without a price or unheard of there are none', () => {
    expect(familyOf('openai', 'gpt-5')).not.toContain('gpt-4o-mini fast');
    expect(familyOf('openai', 'nobody-knows')).toEqual([]);
    expect(familyOf('openai', 'text-embedding-3-small')).toEqual([]);
  });

  test('a name that says nothing is classed by its price', () => {
    expect([classOf('gpt-4.1', 3.5), classOf('house-1', 1), classOf('house-1', 0.1)]).toEqual([
      'frontier',
      'balanced',
      'fast',
    ]);
    // The name of the maker is not that of a small model.
    expect(classOf('gemini-2.5-pro', 3.4)).toBe('frontier');
  });
});

describe('the rule for choosing a model by its task (select_model_for_task)', () => {
  const facts = { requiresReasoning: false, outputTokens: 700, latencyMilliseconds: 900 };
  test.each([
    [{ ...facts, task: 'classification' }, 'fast'],
    [{ ...facts, task: 'extraction' }, 'fast'],
    [{ ...facts, task: 'routing' }, 'fast'],
    [{ ...facts, task: 'classification', requiresReasoning: true }, 'frontier'],
    [{ ...facts, task: null, outputTokens: 499, latencyMilliseconds: 2_001 }, 'balanced'],
    [
      {
        ...facts,
        task: 'routing',
        requiresReasoning: true,
        outputTokens: 9,
        latencyMilliseconds: 3_000,
      },
      'balanced',
    ],
    [{ ...facts, task: 'generation', outputTokens: 1_001 }, 'frontier'],
    [{ ...facts, task: 'generation' }, 'balanced'],
  ] as const)('%j: %s', (given, expected) => {
    expect(selectModelClass(given)).toBe(expected);
  });

  test.each([
    ['ticket-classifier', 'classification'],
    ['invoiceExtraction', 'extraction'],
    ['intent_router', 'classification'],
    ['model-routing', 'routing'],
    ['nightly-summaries', 'summarisation'],
    ['support-chat', 'conversation'],
    ['research-agent', 'agent'],
    ['checkout', null],
    [null, null],
  ])('the name %s tells: %s', (feature, task) => {
    expect(taskOf(feature)).toBe(task);
  });
});

describe('tokens between tokenizers', () => {
  const name = (provider: string, model: string) => ({ provider, model });

  test('are the same within a family', () => {
    for (const [a, b] of [
      [name('openai', 'gpt-4o'), name('azure', 'gpt-5-mini')],
      [
        name('anthropic', 'claude-opus-4-1'),
        name('aws-bedrock', 'anthropic.claude-haiku-4-5-20251001-v1:0'),
      ],
      [name('google', 'gemini-2.5-pro'), name('google', 'gemini-3-flash-preview')],
      [name('mistral', 'mistral-large-latest'), name('mistral', 'ministral-8b')],
    ] as const) {
      expect(tokenShift(a, b)).toEqual(sameTokens);
    }
  });

  test('are a range between families, which turns around with them', () => {
    const there = tokenShift(name('openai', 'gpt-4o'), name('anthropic', 'claude-opus-4-8'));
    const back = tokenShift(name('anthropic', 'claude-opus-4-8'), name('openai', 'gpt-4o'));
    expect(there).toEqual({ low: 0.95, expected: 1.35, high: 1.5 });
    expect(back.low).toBeCloseTo(1 / there.high);
    expect(back.high).toBeCloseTo(1 / there.low);
  });
});
