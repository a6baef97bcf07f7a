import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Query, QueryResult } from '@farthing/core';
import { filterParameter } from '../api/contract.js';
import { other } from '../chart/stack.js';
import { defaultView } from '../view/view.js';
import { hourProfile } from './breakdown-report.js';
import { fetchGroups } from './group-report.js';
import { compare, fetchHeadline, wastedOf } from './headline-report.js';
import { lastDayOf } from './trend-report.js';

const now = Date.parse('2026-03-31T14:25:00.000Z');
const signal = new AbortController().signal;

/** Answers the dashboard's queries by hand and keeps what it asked. */
function controlPlane(answer: (query: Query) => QueryResult['rows']): Query[] {
  const asked: Query[] = [];
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    const query = JSON.parse(String(init.body)) as Query;
    asked.push(query);
    return Response.json({ rows: answer(query), truncated: false, from: 'rollup' });
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

describe('the headline', () => {
  it('asks for the window and for the same part of the one before, with the same filters', async () => {
    const asked = controlPlane(() => []);
    const filters = [{ dimension: 'model' as const, op: 'in' as const, values: ['gpt-5'] }];
    await fetchHeadline({ ...defaultView, filters }, now, signal);
    expect(asked.map(({ window }) => window?.from)).toEqual([
      '2026-03-30T15:00:00.000Z',
      '2026-03-29T15:00:00.000Z',
      '2026-03-30T15:00:00.000Z',
    ]);
    for (const query of asked) expect(query.filters).toEqual(filters);
  });

  it('counts a failed retry once', () => {
    expect(
      wastedOf([
        { outcome: 'ok', cost: '10', calls: 100, retries: 3, retries_cost: '0.3' },
        { outcome: 'error', cost: '0.2', calls: 4, retries: 2, retries_cost: '0.1' },
        { outcome: 'aborted', cost: null, calls: 1, retries: 0, retries_cost: null },
      ]),
    ).toEqual({ usd: '0.5', failed: 5, retries: 3 });
  });

  it('compares exactly, and not with nothing', () => {
    expect(compare('112.4', '100')).toEqual({ kind: 'change', basisPoints: 1240 });
    expect(compare('100.01', '100')).toEqual({ kind: 'same' });
    expect(compare('1', null)).toEqual({ kind: 'nothing_before' });
  });
});

describe('the groups', () => {
  it('draw eight values and put the rest of the total under other', async () => {
    const values = Array.from({ length: 10 }, (_, index) => `f${index}`);
    const bucket = '2026-03-31T14:00:00.000Z';
    const asked = controlPlane(({ dimensions, bucket: size, filters }) => {
      if (!size) return values.map((feature) => ({ feature, cost: '1', calls: 1 }));
      if (!dimensions) return [{ bucket, cost: '10' }];
      return (filters?.at(-1)?.values ?? []).map((feature) => ({ bucket, feature, cost: '1' }));
    });
    const report = await fetchGroups(defaultView, now, signal);
    expect(report.groups).toHaveLength(10);
    expect(report.stack.series.map(({ key }) => key)).toEqual([...values.slice(0, 8), other]);
    expect(report.stack.series.at(-1)?.total).toBe('2');
    expect(asked.at(-1)?.filters).toEqual([
      { dimension: 'feature', op: 'in', values: values.slice(0, 8) },
    ]);
  });

  it('ask for no series where there is no value', async () => {
    const asked = controlPlane(() => []);
    expect((await fetchGroups(defaultView, now, signal)).stack.series).toEqual([]);
    expect(asked).toHaveLength(2);
  });
});

it('adds the same hour of several days', () => {
  const profile = hourProfile([
    { bucket: '2026-03-30T09:00:00.000Z', cost: '0.1', calls: 1 },
    { bucket: '2026-03-31T09:00:00.000Z', cost: '0.2', calls: 2 },
    { bucket: '2026-03-31T10:00:00.000Z', cost: null, calls: 5 },
  ]);
  expect(profile.hours[9]).toEqual({ cost: '0.3', calls: 3 });
  expect(profile.peak).toBe(9);
});

it('writes filters as the calls route reads them', () => {
  expect(filterParameter({ dimension: 'feature', op: 'in', values: ['a', null] })).toBe(
    'feature:a,',
  );
  expect(filterParameter({ dimension: 'tag:team', op: 'not_in', values: ['x'] })).toBe(
    'tag:team!:x',
  );
});

describe('the trend column', () => {
  const custom = { kind: 'custom' as const, from: '2026-02-01T00:00:00.000Z' };

  it.each([
    ['today, while the window is open', { window: defaultView.window, asOf: null }, '2026-03-31'],
    [
      'where a window of the past ends',
      { window: { ...custom, to: '2026-03-01T00:00:00.000Z' }, asOf: null },
      '2026-02-28',
    ],
    [
      'the day as known at',
      { window: defaultView.window, asOf: '2026-03-10T09:00:00.000Z' },
      '2026-03-10',
    ],
    [
      'today, for a window that reaches into the future',
      { window: { ...custom, to: '2026-05-01T00:00:00.000Z' }, asOf: null },
      '2026-03-31',
    ],
  ])('ends %s', (_, view, day) => {
    expect(new Date(lastDayOf(view, now)).toISOString().slice(0, 10)).toBe(day);
  });
});
