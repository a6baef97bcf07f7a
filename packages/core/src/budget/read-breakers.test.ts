import { expect, test } from 'vitest';
import { examineBreakers } from './read-breakers.js';
import { readBudgets } from './read-budgets.js';

const budgets = readBudgets([
  { name: 'support', scope: { agent: 'support' }, limit: 24, window: 'day' },
  { name: 'once', limit: 5, window: 'total' },
]);
const read = (breaker: object) => examineBreakers([{ name: 'b', ...breaker }], budgets);

test('a breaker has a limit of its own', () => {
  expect(
    read({
      scope: { agent: '*' },
      limit: '2.50',
      window: '1h',
      steps: ['downgrade', 'block'],
      downgrade: ['gpt-4.1', 'gpt-4.1-mini'],
      cool_down: '90s',
      probes: 3,
    }),
  ).toEqual({
    problems: [],
    rules: [
      {
        name: 'b',
        scope: { agent: '*' },
        limit: 2_500_000_000_000n,
        windowMilliseconds: 3_600_000,
        steps: ['downgrade', 'block'],
        coolDownMilliseconds: 90_000,
        probes: 3,
        downgrades: new Map([['gpt-4.1', 'gpt-4.1-mini']]),
      },
    ],
  });
});

test('or the pace of a budget, whose scope it takes', () => {
  // $24 a day is $1 an hour; three times that in half an hour is $1.50.
  expect(read({ budget: 'support', pace: 3, window: '30m' }).rules[0]).toMatchObject({
    scope: { agent: 'support' },
    limit: 1_500_000_000_000n,
    steps: ['block'],
  });
});

test.each([
  ['no limit', {}, /`limit` must be an amount in USD above 0, or state `budget` and `pace`/],
  ['an unknown budget', { budget: 'suport', pace: 3 }, /names no budget\. Did you mean "support"/],
  ['the pace of nothing', { pace: 3 }, /needs `budget`/],
  ['a pace without time', { budget: 'once', pace: 3 }, /needs a budget in USD with a window/],
  ['two limits', { budget: 'support', pace: 3, limit: 1 }, /state one of them/],
  ['a wrong duration', { limit: 1, window: 'soon' }, /`window` must be a duration/],
  ['steps from severe to mild', { limit: 1, steps: ['block', 'throttle'] }, /from mild to severe/],
  ['an unknown step', { limit: 1, steps: ['throtle'] }, /Did you mean "throttle"/],
  ['a downgrade to nowhere', { limit: 1, steps: ['downgrade'] }, /at least two models/],
  ['a chain in a circle', { limit: 1, downgrade: ['a', 'b', 'a'] }, /circle/],
  ['no probes', { limit: 1, probes: 0 }, /`probes` must be/],
  ['a typo', { limit: 1, cooldown: '5m' }, /Did you mean "cool_down"/],
])('%s is refused with the field and the fix', (_, breaker, message) => {
  const { problems, rules } = read(breaker);
  expect(rules).toEqual([]);
  expect(problems.map((problem) => problem.message).join('\n')).toMatch(message);
});
