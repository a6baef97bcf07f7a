import { readUsage, totalInput, type UsageReading } from '@farthing/core';
import { describe, expect, test } from 'vitest';
import { demoHistory, storiesBefore, type DemoRecord } from './index.js';

const until = Date.UTC(2026, 10, 22, 14, 30);
const day = 86_400_000;
const history = [...demoHistory({ seed: 'demo', until })];
const answered = history.flatMap((record) => {
  const reading: UsageReading | null =
    record.body === null
      ? null
      : readUsage({ provider: record.provider, api: record.api, payload: record.body });
  return reading?.status === 'ok' ? [{ ...record, tokens: reading.usage.tokens }] : [];
});

const mean = (values: number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

test('the same seed and window give the same calls, another seed gives others', () => {
  const few = (seed: string): DemoRecord[] => [...demoHistory({ seed, until, days: 2 })];
  expect(few('a')).toEqual(few('a'));
  expect(few('b')).not.toEqual(few('a'));
});

test('a month holds tens of thousands of calls, in order, none of them later than its end', () => {
  expect(history.length).toBeGreaterThan(10_000);
  expect(history.length).toBeLessThan(60_000);
  const times = history.map((record) => record.at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(until - 30 * day);
  expect(history.every((record) => record.at + record.durationMs < until)).toBe(true);
});

test('every answer is one that the meter can read, without a note', () => {
  const readings = history.flatMap(({ provider, api, body }) =>
    body === null ? [] : [readUsage({ provider, api, payload: body })],
  );
  expect(new Set(readings.map((reading) => reading.status))).toEqual(new Set(['ok']));
  const notes = readings.flatMap((reading) => (reading.status === 'ok' ? reading.usage.notes : []));
  expect(notes).toEqual([]);
});

test('three providers, five APIs, streams and plain calls, caches and reasoning take part', () => {
  const distinct = (values: unknown[]): unknown[] => [...new Set(values)].sort();
  expect(distinct(history.map((record) => record.provider))).toEqual([
    'anthropic',
    'google',
    'openai',
  ]);
  expect(distinct(history.map((record) => record.api))).toEqual([
    'chat.completions',
    'embeddings',
    'generateContent',
    'messages',
    'responses',
  ]);
  expect(distinct(history.map((record) => record.stream))).toEqual([false, true]);
  expect(answered.some(({ tokens }) => tokens.cache_read > 0 && tokens.output > 0)).toBe(true);
  expect(answered.some(({ tokens }) => tokens.cache_write_5m > 0)).toBe(true);
});

test('about three in a hundred calls are unattributed, a few unpriced', () => {
  const unattributed = history.filter((record) => record.tags.feature === undefined);
  expect(unattributed.length / history.length).toBeGreaterThan(0.02);
  expect(unattributed.length / history.length).toBeLessThan(0.04);
  const unpriced = history.filter((record) => record.modelRequested === 'acme-ranker-1');
  expect(unpriced.length).toBeGreaterThan(10);
  expect(unpriced.length / history.length).toBeLessThan(0.01);
});

test('failures have the provider’s status and type, no answer, and mostly a retry', () => {
  const failures = history.filter((record) => record.httpStatus !== 200);
  const retries = history.filter((record) => record.attempt > 1);
  expect(failures.length / history.length).toBeGreaterThan(0.01);
  expect(failures.every((record) => record.body === null && record.errorType !== null)).toBe(true);
  expect(retries.length).toBeGreaterThan(failures.length * 0.7);
  expect(retries.length).toBeLessThan(failures.length);
});

test('weekdays are busier than weekends, and summaries are written at night', () => {
  const onWeekend = (record: DemoRecord): boolean =>
    [0, 6].includes(new Date(record.at).getUTCDay());
  const chats = history.filter((record) => record.tags.feature === 'support-chat');
  const perWeekendDay = chats.filter(onWeekend).length / 9;
  const perWeekday = chats.filter((record) => !onWeekend(record)).length / 21;
  expect(perWeekday).toBeGreaterThan(2 * perWeekendDay);
  const hours = history
    .filter((record) => record.tags.feature === 'nightly-summaries' && record.attempt === 1)
    .map((record) => new Date(record.at).getUTCHours());
  expect(new Set(hours)).toEqual(new Set([2, 3, 4]));
});

describe('stories to be found', () => {
  const stories = storiesBefore(until);

  test('on a weekday of the last week a template version doubled the output of email-drafts', () => {
    const drafts = answered.filter((record) => record.tags.feature === 'email-drafts');
    const before = drafts.filter((record) => record.at < stories.templateChangeAt);
    const after = drafts.filter((record) => record.at >= stories.templateChangeAt);
    const versions = (records: DemoRecord[]): unknown[] => [
      ...new Set(records.map((record) => record.tags.template_version)),
    ];
    expect(versions(before)).toEqual(['v4']);
    expect(versions(after)).toEqual(['v5']);
    const ratio =
      mean(after.map(({ tokens }) => tokens.output)) /
      mean(before.map(({ tokens }) => tokens.output));
    expect(ratio).toBeGreaterThan(1.8);
    expect(ratio).toBeLessThan(2.2);
    expect(new Date(stories.templateChangeAt).toISOString()).toBe('2026-11-18T09:00:00.000Z');
  });

  test('since one morning the answers of invoice-extraction are longer under the same template', () => {
    const invoices = answered.filter((record) => record.tags.feature === 'invoice-extraction');
    const before = invoices.filter((record) => record.at < stories.unnamedChangeAt);
    const after = invoices.filter((record) => record.at >= stories.unnamedChangeAt);
    expect(new Set(invoices.map((record) => record.tags.template_version))).toEqual(
      new Set(['v9']),
    );
    const output = (records: typeof answered) => mean(records.map(({ tokens }) => tokens.output));
    expect(output(after) / output(before)).toBeGreaterThan(1.5);
  });

  test('since another search-answers looks up a third more context, and nothing else grew', () => {
    const searches = answered.filter((record) => record.tags.feature === 'search-answers');
    const before = searches.filter((record) => record.at < stories.moreContextAt);
    const after = searches.filter((record) => record.at >= stories.moreContextAt);
    const grown = (source: 'context' | 'user') =>
      mean(after.map(({ prompt }) => prompt![source])) /
      mean(before.map(({ prompt }) => prompt![source]));
    expect(grown('context')).toBeGreaterThan(1.2);
    expect(grown('context')).toBeLessThan(1.5);
    expect(grown('user')).toBeGreaterThan(0.9);
    expect(grown('user')).toBeLessThan(1.1);
  });

  test('one evening a single run of the researcher called more than a hundred times, without a cache', () => {
    const runs = new Map<string, typeof answered>();
    for (const record of answered) {
      const run = record.tags.run;
      if (run !== undefined) runs.set(run, [...(runs.get(run) ?? []), record]);
    }
    const [longest, second] = [...runs.values()].sort((a, b) => b.length - a.length);
    expect(longest!.length).toBeGreaterThan(100);
    expect(longest!.at(-1)!.part?.outcome?.success).toBe(false);
    expect(second!.length).toBeLessThan(15);
    expect(longest!.every(({ tokens }) => tokens.cache_read === 0)).toBe(true);
    expect(longest![0]!.tags.agent).toBe('researcher');
    expect(longest![0]!.at).toBe(stories.runawayAt);
    const hours = longest!.map((record) => new Date(record.at).getUTCHours());
    expect(hours.every((hour) => hour >= 18)).toBe(true);
  });

  test('the runaway’s report was written on the evenings before as well, at a fraction of the calls', () => {
    const runs = ['16', '17', '18', '19'].map((date) =>
      answered.filter(({ tags }) => tags.run === `market-report-2026-11-${date}`),
    );
    expect(runs.map(({ length }) => length)).toEqual([0, 8, 8, 180]);
    expect(runs.map((calls) => calls.at(-1)?.part?.outcome?.success)).toEqual([
      undefined,
      true,
      true,
      false,
    ]);
  });

  test('a mail thread was sent three times and billed each time', () => {
    const attempts = answered.filter(
      ({ tags, tokens }) => tags.feature === 'contract-questions' && tokens.input_uncached > 40_000,
    );
    expect(attempts.map(({ attempt, aborted }) => ({ attempt, aborted }))).toEqual([
      { attempt: 1, aborted: true },
      { attempt: 2, aborted: true },
      { attempt: 3, aborted: false },
    ]);
  });
});

test('runs have sub-agents that use tools, and most are judged', () => {
  const research = answered.filter(({ tags }) => tags.agent === 'researcher');
  const paths = new Set(research.map(({ part }) => part!.path.map(({ name }) => name).join(' > ')));
  expect(paths).toEqual(new Set(['researcher', 'researcher > reader']));
  expect(research.some(({ part }) => part!.tools.length > 0)).toBe(true);
  const runs = new Set(answered.flatMap(({ tags }) => tags.run ?? [])).size;
  const judged = history.flatMap(({ part }) => part?.outcome ?? []);
  expect(judged.length / runs).toBeGreaterThan(0.7);
  expect(judged.filter(({ success }) => success).length / judged.length).toBeGreaterThan(0.7);
});

test('prompts of one feature begin alike, those with the time on top do not', () => {
  const firstKeys = (feature: string) => {
    const prompts = answered.filter(({ tags }) => tags.feature === feature);
    return new Set(prompts.flatMap(({ prefixes }) => prefixes?.keys[0] ?? [])).size;
  };
  expect(firstKeys('contract-questions')).toBe(1);
  expect(firstKeys('invoice-extraction')).toBeGreaterThan(1_000);
  for (const { prefixes, tokens } of answered) {
    if (prefixes === null) continue;
    expect(prefixes.tokens).toEqual(prefixes.tokens.toSorted((a, b) => a - b));
    expect(prefixes.tokens.at(-1)).toBeLessThanOrEqual(totalInput(tokens));
    expect(prefixes.keys).toHaveLength(prefixes.tokens.length);
  }
});
