import { expect, test } from 'vitest';
import { lastNotices } from './last-notices.js';
import { sampleIncident } from './sample-notice.fixture.js';

const at = '2026-11-23T14:09:40.512Z';
const now = Date.parse(at) + 60_000;

test('what was told last of an incident is what happened to it last', () => {
  const whats = ['opened', 'updated', 'acknowledged', 'muted', 'unmuted', 'reopened'] as const;
  const incidents = whats.map((what) =>
    sampleIncident({ history: [{ at, what, by: 'farthing' }] }),
  );
  expect(lastNotices(incidents, now)).toEqual(
    ['opened', 'updated', 'acknowledged', 'updated', 'updated', 'reopened'].map((what, index) => ({
      what,
      at,
      incident: incidents[index],
    })),
  );
});

test('of what is over only what ended a moment ago may not have been told', () => {
  const history = [{ at, what: 'resolved' as const, by: 'farthing' }];
  const ended = sampleIncident({ state: 'resolved', resolved_at: at, history });
  const long = { ...ended, updated_at: '2026-11-23T13:00:00.000Z' };
  expect(lastNotices([ended, long], now)).toEqual([{ what: 'resolved', at, incident: ended }]);
});
