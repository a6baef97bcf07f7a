import type { AlertOverview, AlertRuleView } from '@farthing/core';
import { expect, it } from 'vitest';
import { termsText, watchedSentence, watchProblems } from './watched-words.js';

const rule = (name: string, mode: AlertRuleView['mode']): AlertRuleView => ({
  name,
  rule: null,
  mode,
  text: '',
  terms: {},
});
const overview: AlertOverview = {
  detectors: [rule('output', 'page'), rule('cache', 'record'), rule('silence', 'off')],
  rules: [],
  least_page_usd: '1',
  sinks: [],
  actions: [],
  groups: 42,
  state: 'watching',
  progress: 1,
  behind: 0,
  watched_until: null,
  problem: null,
};

it('says what is watched by how many, leaving out what is off, and who is told', () => {
  expect(watchedSentence(overview)).toBe(
    '42 features and agents are watched by 2 detectors. Nobody is told outside of this page: there is no sink yet.',
  );
});

it('says when nothing is watched', () => {
  expect(watchedSentence({ ...overview, groups: 0 })).toContain('wait for the first calls');
  expect(watchedSentence({ ...overview, state: 'stopped' })).toContain('Nothing is watched');
});

it('has a problem for what keeps it from watching, and none while all is well', () => {
  expect(watchProblems(overview)).toEqual([]);
  expect(watchProblems({ ...overview, state: 'learning', progress: 0.419 })[0]).toContain('41%');
  expect(watchProblems({ ...overview, behind: 5_000, problem: 'disk full' })).toHaveLength(2);
});

it('reads thresholds out', () => {
  expect(termsText({ factor: 3, at_least_usd: '0.5', by: null })).toBe(
    'factor 3, at least usd 0.5',
  );
});
