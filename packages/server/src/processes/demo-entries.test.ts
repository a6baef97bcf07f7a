import {
  isOutcomeRecord,
  promptSources,
  readEstimatorState,
  totalInput,
  type Entry,
} from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { expect, test } from 'vitest';
import { storiesBefore } from '../demo/index.js';
import { demoEntries } from './demo-entries.js';

const until = Date.UTC(2026, 10, 22, 14, 30);
const day = 86_400_000;
const book = defaultPriceBook();
const drawn = demoEntries({
  until,
  days: 14,
  price: (call) => book.price(call),
  tokenPrices: (question) => book.tokenPrices(question),
  pseudonymize: (user) => `u_${user}`,
});
const entries: Entry[] = [];
let step = drawn.next();
for (; step.done !== true; step = drawn.next()) entries.push(step.value);
const learned = step.value;

/** Actual by estimated cost of a feature's calls since a time. */
function costRatio(feature: string, since: number): number {
  let [actual, estimated] = [0, 0];
  for (const { tags, cost, estimate, started_at } of entries) {
    if (tags.feature !== feature || Date.parse(started_at) < since || cost.usd === null) continue;
    if (estimate?.usd === undefined || Number(cost.usd) === 0) continue;
    actual += Number(cost.usd);
    estimated += Number(estimate.usd);
  }
  return actual / estimated;
}

test('estimates are fair, but of the feature that changed without a name', () => {
  const stories = storiesBefore(until);
  for (const feature of ['support-chat', 'code-review', 'search-answers', 'email-drafts']) {
    expect(costRatio(feature, until - 5 * day), feature).toBeGreaterThan(0.9);
    expect(costRatio(feature, until - 5 * day), feature).toBeLessThan(1.1);
  }
  expect(costRatio('invoice-extraction', stories.unnamedChangeAt)).toBeGreaterThan(1.1);
});

test('prompt parts add up to the input that was counted; calls that are no chat have none', () => {
  const chats = entries.filter(
    ({ api, usage }) => api !== 'embeddings' && api !== 'tool' && usage !== null,
  );
  expect(chats.length).toBeGreaterThan(1_000);
  for (const { prompt, usage } of chats) {
    const parts = promptSources.reduce((sum, source) => sum + (prompt![source] ?? 0), 0);
    expect(parts).toBe(totalInput(usage!.tokens));
  }
  expect(entries.some(({ api, prompt }) => api === 'embeddings' && prompt !== undefined)).toBe(
    false,
  );
});

test('what was learned is what a gateway takes up', () => {
  const written: unknown = JSON.parse(JSON.stringify(learned));
  expect(readEstimatorState(written)).toEqual(learned);
});

test('tools cost what farthing.yaml says, and outcomes of runs cost nothing', () => {
  const uses = entries.filter(({ api }) => api === 'tool');
  expect(new Set(uses.map(({ cost }) => cost.usd))).toEqual(new Set(['0.002', '0']));
  expect(uses.every(({ span }) => span?.path?.at(-1)?.name === 'reader')).toBe(true);
  const outcomes = entries.filter((entry) => isOutcomeRecord(entry));
  expect(outcomes.length).toBeGreaterThan(50);
  expect(new Set(outcomes.map(({ cost }) => cost.usd))).toEqual(new Set(['0']));
  expect(new Set(outcomes.map(({ tags }) => tags.custom?.['outcome']))).toEqual(
    new Set(['success', 'failure']),
  );
});

test('no two entries have the same id', () => {
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
});
