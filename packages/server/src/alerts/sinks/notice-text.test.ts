import { expect, test } from 'vitest';
import { describeNotice } from './notice-text.js';
import { later, noticeOf, sampleIncident } from './sample-notice.fixture.js';

const factOf = (changes: Parameters<typeof sampleIncident>[0], name: string) =>
  describeNotice(noticeOf(sampleIncident(changes))).facts.find((fact) => fact.name === name)?.value;

test('an event says what happened, and whether it wakes somebody', () => {
  const opened = noticeOf(sampleIncident());
  expect(describeNotice(opened).event).toBe('Opened (page)');
  const resolved = later(opened, 'resolved', { severity: 'record' });
  expect(describeNotice(resolved).event).toBe('Resolved');
});

test('what is not known is no fact', () => {
  const names = (changes: Parameters<typeof sampleIncident>[0]) =>
    describeNotice(noticeOf(sampleIncident(changes))).facts.map(({ name }) => name);
  expect(names({ group: {}, size: null, change: null, examples: [] })).toEqual(['Cause', 'Since']);
});

test('amounts are said as people say them; a run has none by the end of a month, what is over none by midnight', () => {
  const { size } = sampleIncident();
  expect(factOf({}, 'Above normal')).toBe(
    "$0.2600 so far, $21.90 by midnight, $392 by the month's end",
  );
  expect(factOf({ run: 'run-7', size: { ...size!, by_month_end_usd: null } }, 'Above normal')).toBe(
    '$0.2600 so far, $21.90 by midnight',
  );
  expect(factOf({ size: { ...size!, above_usd_per_hour: '0' } }, 'Above normal')).toBe(
    '$0.2600 in all',
  );
});

test('actions say what they do and who had a word', () => {
  const action = {
    id: 'act_1',
    do: 'stop_run' as const,
    state: 'in_force' as const,
    scope: {},
    at: '2026-11-23T14:09:40.512Z',
    until: null,
    by: 'ada',
  };
  const proposed = { ...action, do: 'throttle' as const, state: 'waiting' as const, by: null };
  expect(factOf({ actions: [action, proposed] }, 'Actions')).toBe(
    'stop run: in force (ada); throttle: waiting',
  );
});
