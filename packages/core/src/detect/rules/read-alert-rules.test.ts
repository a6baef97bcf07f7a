import { describe, expect, it } from 'vitest';
import { readAlertRules, ruleKinds } from './index.js';

const messagesOf = (...rules: unknown[]): string[] =>
  readAlertRules(rules).problems.map(({ message }) => message);

describe('rules in farthing.yaml', () => {
  it('stand as they are usually given where nothing else is said', () => {
    const { rules, problems } = readAlertRules([
      { name: 'cap', rule: 'fixed_cap', limit: 50 },
      { name: 'early', rule: 'pro_rata_day', budget: { 'customer-support-v2': 15, '*': '8.00' } },
      { name: 'hour', rule: 'pro_rata_hour', budget: 45 },
      { name: 'days', rule: 'moving_average' },
      { name: 'hours', rule: 'hourly_average' },
      { name: 'z', rule: 'z_score', metric: 'output_tokens', mode: 'page' },
      { name: 'median', rule: 'median', by: 'tag:team' },
    ]);
    expect(problems).toEqual([]);
    expect(rules).toEqual([
      {
        name: 'cap',
        rule: 'fixed_cap',
        mode: 'page',
        by: 'feature',
        metric: 'cost',
        limit: 50,
        per: 'day',
      },
      {
        name: 'early',
        rule: 'pro_rata_day',
        mode: 'page',
        by: 'agent',
        budget: { 'customer-support-v2': 15, '*': 8 },
        share: 0.3,
        within: 2 / 24,
      },
      {
        name: 'hour',
        rule: 'pro_rata_hour',
        mode: 'record',
        by: 'agent',
        budget: 45,
        times: 1,
      },
      {
        name: 'days',
        rule: 'moving_average',
        mode: 'record',
        by: 'agent',
        metric: 'cost',
        days: 14,
        sigmas: 3,
        least: 3,
      },
      {
        name: 'hours',
        rule: 'hourly_average',
        mode: 'record',
        by: 'feature',
        metric: 'cost',
        hours: 336,
        sigmas: 2,
        least: 24,
      },
      {
        name: 'z',
        rule: 'z_score',
        mode: 'page',
        by: 'feature',
        metric: 'output_tokens',
        window: 100,
        threshold: 2,
        least: 10,
      },
      {
        name: 'median',
        rule: 'median',
        mode: 'record',
        by: 'tag:team',
        metric: 'cost',
        window: 500,
        factor: 3,
        least: 10,
      },
    ]);
  });

  it('that are noisy do not page unless somebody says so', () => {
    for (const rule of ['z_score', 'median', 'hourly_average', 'moving_average']) {
      const { rules } = readAlertRules([{ name: 'mine', rule }]);
      expect(rules[0]!.mode).toBe('record');
    }
  });

  it.each([
    [{ rule: 'z_scor' }, /`rule` must be one of .*Did you mean "z_score"\?/],
    [{}, /`rule` must be one of .*; it is missing/],
    [
      { rule: 'z_score', metric: 'input_token' },
      /`metric` must be one of .*Did you mean "input_tokens"\?/,
    ],
    [{ rule: 'z_score', threshold: 0 }, /`threshold` must be a number above 0/],
    [{ rule: 'z_score', threshold: -2 }, /`threshold` must be a number above 0/],
    [{ rule: 'z_score', threshold: Number.NaN }, /`threshold` must be a number above 0/],
    [
      { rule: 'z_score', window: 10, threshold: 3 },
      /`threshold` can never be reached: among 10 values none lies more than 2\.85 .*Lower it/,
    ],
    [{ rule: 'z_score', window: 50, least: 60 }, /`least` is more than `window` \(50\).*widen/],
    [{ rule: 'z_score', window: 1e9 }, /`window` must be a whole number, .*at most 1000/],
    [{ rule: 'moving_average', days: 2, least: 3 }, /`least` is more than `days` \(2\)/],
    [{ rule: 'hourly_average', days: 14 }, /`days` is not known/],
    [{ rule: 'hourly_average', sigma: 2 }, /`sigma` is not known. Did you mean "sigmas"\?/],
    [{ rule: 'median', factor: 0.5 }, /`factor` must be at least 1/],
    [
      { rule: 'pro_rata_day', budget: 10, share: 30 },
      /`share` must be a share above 0 and up to 1/,
    ],
    [{ rule: 'pro_rata_day', budget: 10, within: 0 }, /`within` must be a share above 0/],
    [{ rule: 'pro_rata_day' }, /`budget` must be a number above 0, in USD a day; it is missing/],
    [
      { rule: 'pro_rata_hour', budget: { writer: -1 } },
      /`budget\.writer` must be a number above 0/,
    ],
    [{ rule: 'fixed_cap', limit: {} }, /`limit` names no group/],
    [{ rule: 'fixed_cap', limit: 'much' }, /`limit` must be a number above 0, in USD/],
    [{ rule: 'fixed_cap', limit: 5, per: 'week' }, /`per` must be one of call, hour, day/],
    [{ rule: 'z_score', by: 'featur' }, /`by` must be a tag.*Did you mean "feature"\?/],
    [{ rule: 'z_score', mode: 'wake' }, /`mode` must be one of page, record, off/],
  ])('with %o are refused, and told how to mend', (fields, message) => {
    const messages = messagesOf({ name: 'mine', ...fields });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(message);
    expect(messages[0]).toMatch(/^rule "mine": /);
  });

  it('are refused one by one: what is right comes out', () => {
    const { rules, problems } = readAlertRules([
      { name: 'wrong', rule: 'z_score', threshold: 0 },
      { name: 'right', rule: 'z_score' },
      'no rule',
      { name: 'right', rule: 'median' },
    ]);
    expect(rules.map(({ rule }) => rule)).toEqual(['z_score', 'median']);
    expect(problems.map(({ path }) => path)).toEqual([[0, 'threshold'], [2], [3, 'name']]);
    expect(problems[1]!.message).toBe('rules[2]: must be an object with `name` and `rule`');
    expect(messagesOf({ rule: 'z_score' })[0]).toMatch(/`name` must be/);
    expect(readAlertRules({}).problems).toHaveLength(1);
  });

  it('know seven kinds', () => {
    expect(ruleKinds).toHaveLength(7);
  });
});
