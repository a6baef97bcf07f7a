import { examineBudgets } from '@farthing/core';
import { describe, expect, it } from 'vitest';
import { definitionOf, emptyDraft, problemsByField, yamlOf } from './budget-form.js';

const draft = (part: Partial<typeof emptyDraft>) => ({ ...emptyDraft, ...part });

describe('the form for a budget', () => {
  it('sends what was filled in, as farthing.yaml has it', () => {
    const full = draft({
      name: ' each user ',
      scope: [
        { dimension: 'tenant', value: 'acme' },
        { dimension: 'user', value: '*' },
        { dimension: 'agent', value: '' },
      ],
      usd: '$1,500.00',
      calls: '2 000',
      window: 'day',
      rolling: true,
      soft: '75',
      downgrade: 'gpt-5.4, gpt-5.4-mini',
      truncate: true,
      last: 'acknowledge',
      callMax: '0.05',
    });
    const definition = definitionOf(full);
    expect(definition).toEqual({
      name: 'each user',
      scope: { tenant: 'acme', user: '*' },
      limit: { usd: '1500.00', calls: 2000 },
      window: 'rolling day',
      soft: 0.75,
      call: { max: '0.05' },
      actions: ['downgrade', 'truncate', 'acknowledge'],
      downgrade: ['gpt-5.4', 'gpt-5.4-mini'],
    });
    expect(examineBudgets([definition]).problems).toEqual([]);
  });

  it('a budget of single calls needs no limit of a window', () => {
    const definition = definitionOf(draft({ name: 'dear', callMax: '0.05' }));
    expect(definition).not.toHaveProperty('limit');
    expect(examineBudgets([definition]).problems).toEqual([]);
  });

  it('shows the same as YAML, quoted where it must be', () => {
    const definition = definitionOf(
      draft({ name: 'each user', scope: [{ dimension: 'user', value: '*' }], usd: '5.00' }),
    );
    expect(yamlOf(definition)).toBe(
      [
        'budgets:',
        '  - name: each user',
        "    scope: { user: '*' }",
        '    limit: 5.00',
        '    window: month',
        '    actions: [block]',
        '',
      ].join('\n'),
    );
  });

  it("puts the control plane's own words beside the field that they are about", () => {
    const wrong = definitionOf(
      draft({ name: '', usd: '0', tokens: 'many', soft: '0', downgrade: 'only-one' }),
    );
    const message = examineBudgets([wrong])
      .problems.map(({ message: words }) => words)
      .join('\n');
    const problems = problemsByField(message);
    expect(Object.keys(problems).toSorted()).toEqual([
      'downgrade',
      'limit',
      'name',
      'soft',
      'tokens',
    ]);
    expect(problems['limit']).toMatch(/^limit must be an amount in USD above 0/);
  });

  it('keeps a problem that is about no field of the form', () => {
    expect(problemsByField('The file cannot be written.')).toEqual({
      '': 'The file cannot be written.',
    });
  });
});
