import type { Reconciliation, ReconciledDay } from '@farthing/core';
import { describe, expect, test } from 'vitest';
import {
  beyondProvider,
  dayColumns,
  formatAccuracy,
  isIdle,
  nextSteps,
  stepsOf,
} from './accuracy-report.js';

const cause = (name: string, usd: string) => ({ cause: name, title: name, usd });
const run = (causes: unknown[], unexplained: string) =>
  ({ causes, unexplained_usd: unexplained }) as Reconciliation;

describe('the way from the ledger to the provider', () => {
  test('each step begins where the one before ended, within the span of all', () => {
    const steps = stepsOf(run([cause('price', '3'), cause('double_booked', '-1')], '2'));
    expect(steps.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['price', 0, 0.75],
      ['double_booked', 0.5, 0.75],
      ['unexplained', 0.5, 1],
    ]);
  });

  test('what the ledger has too much goes to the left of it', () => {
    const steps = stepsOf(run([cause('double_booked', '-4')], '1'));
    expect(steps.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [0, 0.25],
    ]);
  });

  test('without a difference there is nothing to draw', () => {
    expect(stepsOf(run([], '0')).map(({ from, to }) => [from, to])).toEqual([[0, 0]]);
  });
});

test('days are as high as what the provider billed; only the missing part is coloured', () => {
  const day = (usd: string, accuracy: number | null) =>
    ({ provider_usd: usd, accuracy }) as ReconciledDay;
  expect(dayColumns([day('4', 1), day('2', 0.75), day('0', null)])).toMatchObject([
    { height: 1, missed: 0 },
    { height: 0.5, missed: 0.25 },
    { height: 0, missed: null },
  ]);
});

test.each([
  [1, '100%'],
  [0.99999, '99.99%'],
  [0.9984, '99.84%'],
  [0.5, '50%'],
  [0.1, '10%'],
  [0, '0%'],
  [-0.2, '0%'],
  [null, '–'],
])('an accuracy of %s is shown as %s', (accuracy, text) => {
  expect(formatAccuracy(accuracy)).toBe(text);
});

test.each([
  ['-0.008935', '0.008935'],
  ['0', null],
  ['0.5', null],
])('a difference of %s leaves %s in the ledger beyond the provider’s figure', (difference, usd) => {
  expect(beyondProvider({ difference_usd: difference } as Reconciliation)).toBe(usd);
});

test.each([
  ['0', '0', [], true],
  ['0', '0', [{ model: 'free' }], false],
  ['0', '0.01', [{ model: 'own' }], false],
])('provider %s, ledger %s, models %j: idle %s', (provider_usd, ledger_usd, models, idle) => {
  expect(isIdle({ provider_usd, ledger_usd, models } as unknown as Reconciliation)).toBe(idle);
});

test('the next steps are those of the causes that move money, the largest first, each once', () => {
  const step = (name: string, usd: string, next_step: string) => ({
    ...cause(name, usd),
    next_step,
  });
  const steps = nextSteps(
    run(
      [
        step('price', '0.1', 'check the price'),
        step('late_data', '-3', 'wait'),
        step('other', '0', 'nothing'),
        step('rounding', '0.01', 'wait'),
      ],
      '0',
    ),
  );
  expect(steps.map(({ next_step: text }) => text)).toEqual(['wait', 'check the price']);
});
