import { describe, expect, test } from 'vitest';
import { readBucket, readDimension, readFilter, readMeasure } from './read-query.js';

describe('names in a query', () => {
  test('a measure, a dimension and a custom tag are taken as they stand', () => {
    expect(readMeasure('cost_p95')).toBe('cost_p95');
    expect(readDimension('template_version')).toBe('template_version');
    expect(readDimension('tag:team')).toBe('tag:team');
  });

  test('a typo is answered with the nearest name', () => {
    expect(() => readMeasure('costs')).toThrow(/Did you mean "cost"\?/);
    expect(() => readMeasure('Cost P95')).toThrow(/Did you mean "cost_p95"\?/);
    expect(() => readDimension('featrue')).toThrow(/Did you mean "feature"\?/);
    expect(() => readBucket('daily')).toThrow(/Did you mean "day"\?/);
  });

  test('what resembles nothing is answered with the list alone', () => {
    expect(() => readDimension('zzzzzz')).toThrow(/^Unknown dimension "zzzzzz"\. Dimensions: /);
  });
});

describe('a filter as people type it', () => {
  test.each([
    ['feature=search', { dimension: 'feature', op: 'in', values: ['search'] }],
    ['feature:search', { dimension: 'feature', op: 'in', values: ['search'] }],
    [
      'provider=openai,anthropic',
      { dimension: 'provider', op: 'in', values: ['openai', 'anthropic'] },
    ],
    ['model!=gpt-4o', { dimension: 'model', op: 'not_in', values: ['gpt-4o'] }],
    ['feature=', { dimension: 'feature', op: 'in', values: [null] }],
    ['tag:team=search', { dimension: 'tag:team', op: 'in', values: ['search'] }],
    ['tag:team:search', { dimension: 'tag:team', op: 'in', values: ['search'] }],
    ['tag:org/team:eu=x', { dimension: 'tag:org/team:eu', op: 'in', values: ['x'] }],
    ['model=ft:gpt-4o:acme', { dimension: 'model', op: 'in', values: ['ft:gpt-4o:acme'] }],
  ])('%s', (text, filter) => {
    expect(readFilter(text)).toEqual(filter);
  });

  test('without a value or with an unknown dimension it is refused', () => {
    expect(() => readFilter('feature')).toThrow(/dimension=value/);
    expect(() => readFilter('modle=x')).toThrow(/Did you mean "model"\?/);
  });
});
