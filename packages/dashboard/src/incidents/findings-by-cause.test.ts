import type { IncidentFinding } from '@farthing/core';
import { expect, it } from 'vitest';
import { signsOf } from './findings-by-cause.js';

const finding = (cause: 'output' | 'cost' | 'rule', minute: number, rule?: string) =>
  ({
    cause,
    at: `2026-11-23T10:0${minute}:00.000Z`,
    since: '2026-11-23T10:00:00.000Z',
    factor: minute,
    calls: 4,
    text: '',
    ...(rule === undefined ? {} : { rule }),
  }) satisfies IncidentFinding;

it('makes one sign of what says the same again, as it says last, in the order of the first', () => {
  const signs = signsOf([
    finding('output', 2),
    finding('cost', 1),
    finding('output', 5),
    finding('rule', 4, 'daily cap'),
    finding('rule', 3, 'z score'),
    finding('output', 4),
  ]);
  expect(signs.map(({ key, times, latest }) => [key.trim(), times, latest.factor])).toEqual([
    ['cost', 1, 1],
    ['output', 3, 5],
    ['rule z score', 1, 3],
    ['rule daily cap', 1, 4],
  ]);
  expect(signs[1]!.firstAt).toBe('2026-11-23T10:02:00.000Z');
});
