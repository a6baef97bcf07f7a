import type { AccountVerdict, DecisionStep } from '@farthing/core';
import { describe, expect, it } from 'vitest';
import type { FoundDecision } from '../api/budgets-contract.js';
import {
  kindOf,
  refusedSince,
  stepWords,
  summaryOf,
  unaskedSince,
  waitWords,
  whoseOf,
} from './decision-words.js';

const decision = (part: Partial<FoundDecision>): FoundDecision => ({
  call: 'call-1',
  at: '2026-11-22T20:00:00.000Z',
  outcome: 'admitted',
  provider: 'openai',
  model_requested: 'gpt-4.1',
  model: 'gpt-4.1',
  tags: {},
  steps: [],
  accounts: [],
  warnings: [],
  times: 1,
  ...part,
});
const hold: DecisionStep = { do: 'hold', model: 'gpt-4.1', usd: '0.01', tokens: 900 };
const denied: AccountVerdict = {
  budget: 'team',
  scope: {},
  measure: 'usd',
  limit: '5',
  used: '5',
  asked: '0.01',
  said: 'no',
  resets_at: null,
};
const refusal = (action: 'throttle' | 'acknowledge' | 'block') => ({
  action,
  budget: 'team',
  message: 'Not enough left.',
  retry_after_s: null,
});

describe('what became of a call', () => {
  it('refused, refused until a person agrees, changed to fit, or only warned about', () => {
    const kinds = [
      decision({ outcome: 'refused', refusal: refusal('block') }),
      decision({ outcome: 'refused', refusal: refusal('acknowledge') }),
      decision({ steps: [{ do: 'downgrade', budget: 'team', from: 'gpt-4.1', to: 'nano' }, hold] }),
      decision({ steps: [{ ...hold, max_output: 120 }] }),
      decision({ steps: [hold], warnings: ['budget "team" is nearly used up'] }),
    ].map(kindOf);
    expect(kinds).toEqual(['refused', 'question', 'changed', 'changed', 'warned']);
  });

  it('says who refused, and whether that was a breaker', () => {
    expect(summaryOf(decision({ refusal: refusal('throttle'), accounts: [denied] }))).toBe(
      'throttled by budget “team”',
    );
    expect(summaryOf(decision({ refusal: { ...refusal('block'), breaker: true } }))).toBe(
      'blocked by breaker “team”',
    );
  });

  it('says the reason where the call would have fitted: its balance could not be asked', () => {
    const away = { ...refusal('throttle'), message: 'The balance cannot be read at the moment.' };
    const unasked = decision({ refusal: away, accounts: [{ ...denied, used: '0' }] });
    expect(summaryOf(unasked)).toBe(
      'throttled by budget “team”: The balance cannot be read at the moment.',
    );
    const since = Date.parse(unasked.at);
    expect([...unaskedSince([unasked], since)]).toEqual(['team']);
    expect([...unaskedSince([unasked], since + 1)]).toEqual([]);
    expect([...unaskedSince([decision({ accounts: [denied] })], since)]).toEqual([]);
  });

  it('says all that was done, and the limit of the answer that it went out with', () => {
    const steps: DecisionStep[] = [
      { ...hold, max_output: 4000 },
      { do: 'downgrade', budget: 'team', from: 'gpt-4.1', to: 'gpt-4.1-nano' },
      { do: 'truncate', budget: 'team', from_input_tokens: 9000, to_input_tokens: 2000 },
      { ...hold, model: 'gpt-4.1-nano', max_output: 1200 },
    ];
    expect(summaryOf(decision({ steps }))).toBe(
      'gpt-4.1 → gpt-4.1-nano, history cut, answer limited to 1,200 tokens',
    );
    expect(stepWords(steps[2]!)).toBe('“team”: history cut from 9,000 to 2,000 tokens.');
  });

  it('a hold without a known price says so, and is not nothing', () => {
    expect(stepWords({ ...hold, usd: null })).toContain('no known price');
  });
});

it('says when it may fit again, or that waiting does not help', () => {
  expect(waitWords(null)).toBe('Waiting does not help.');
  expect(waitWords(12_900)).toBe('It may fit again after 3 h 35 min.');
});

it('names the feature, and apart from it who called', () => {
  const tags = { feature: 'chat', tenant: 'acme', user: 'u_1' };
  expect(whoseOf(decision({ tags }))).toEqual({ feature: 'chat', others: 'acme, u_1' });
  expect(whoseOf(decision({}))).toEqual({ feature: null, others: '' });
});

it('counts what each budget refused lately, with repetitions, and not what breakers did', () => {
  const refused = (part: Partial<FoundDecision>) =>
    decision({ outcome: 'refused', refusal: refusal('block'), ...part });
  const counts = refusedSince(
    [
      refused({ times: 3 }),
      refused({ times: 2 }),
      refused({ at: '2026-11-22T19:00:00.000Z' }),
      refused({ refusal: { ...refusal('block'), breaker: true } }),
      decision({}),
    ],
    Date.parse('2026-11-22T19:55:00.000Z'),
  );
  expect([...counts]).toEqual([['team', 5]]);
});
