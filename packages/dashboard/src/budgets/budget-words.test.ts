import { describe, expect, it } from 'vitest';
import type { Budget } from '../api/budgets-contract.js';
import {
  aboutTime,
  accountWords,
  actionsWords,
  callWords,
  formatUntil,
  scopeWords,
  windowWords,
} from './budget-words.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('whose calls a budget is about', () => {
  it.each([
    [{}, 'All calls'],
    [{ feature: 'search' }, 'Feature search'],
    [{ tenant: '*' }, 'Each tenant'],
    [{ tenant: 'acme', user: '*' }, 'Each user of tenant acme'],
    [{ tenant: '*', user: '*' }, 'Each tenant and user'],
    [{ agent: 'nightly', environment: 'production' }, 'Agent nightly, environment production'],
    [{ 'tag:team': 'core', key: '*' }, 'Each key of team core'],
  ])('%j is "%s"', (scope, words) => expect(scopeWords(scope as Budget['scope'])).toBe(words));

  it('an account is told by what the budget leaves open', () => {
    const scope = { tenant: 'acme', user: '*' };
    expect(accountWords({ tenant: 'acme', user: 'u_1' }, scope)).toBe('u_1');
    expect(accountWords({ tenant: 'acme', user: 'u_1' }, { tenant: '*', user: '*' })).toBe(
      'tenant acme, user u_1',
    );
  });
});

it('windows by the calendar and looking back are told apart', () => {
  expect([windowWords('day'), windowWords('rolling day'), windowWords('total')]).toEqual([
    'a day',
    'in any 24 hours',
    'in total',
  ]);
});

it('says what happens when it is full, in order, with the models of a downgrade', () => {
  const budget = { actions: ['downgrade', 'block'], downgrade: ['big', 'small'] };
  expect(actionsWords(budget as unknown as Budget)).toBe(
    'Take a cheaper model (big → small), then refuse',
  );
});

it('says what one call may take', () => {
  expect(callWords({ call: { warn: '0.02', max: '0.05' } })).toBe(
    'A call may cost at most $0.05. From $0.02 on it is said to be dear.',
  );
  expect(callWords({ call: { input_tokens: 8000, output_tokens: 1000 } })).toBe(
    'A call may have 8,000 input tokens, answer with 1,000 tokens.',
  );
  expect(callWords({ call: {} })).toBe('');
});

it.each([
  [42 * second, '42 s'],
  [-5, '0 s'],
  [5 * minute + 7 * second, '5 min 07 s'],
  [3 * hour + 5 * minute, '3 h 05 min'],
  [day - 1, '1 d 0 h'],
  [8 * day + 4 * hour, '8 d 4 h'],
])('counts %s ms down as %s', (milliseconds, words) =>
  expect(formatUntil(milliseconds)).toBe(words),
);

it.each([
  [20 * second, 'a minute'],
  [8 * minute, '8 minutes'],
  [5.4 * hour, '5 hours'],
  [12 * day, '12 days'],
  [40 * day, '6 weeks'],
  [5160 * day, '14 years'],
])('a time that is only about right has one unit: %s ms is %s', (milliseconds, words) =>
  expect(aboutTime(milliseconds)).toBe(words),
);
