import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { later, noticeOf, sampleIncident } from './sample-notice.fixture.js';
import { mostIncidents, SinkBacklog, type KeptNotice } from './sink-backlog.js';
import { newPlace } from './sink-place.js';
import type { Notice } from './sink.js';

const pages = { severity: ['page' as const] };

let sequence = 0;
const kept = (notice: Notice): KeptNotice => ({ sequence: ++sequence, notice });

/** What a sink hears that is there now, in order. */
function deliverAll(backlog: SinkBacklog): { key: string; opening: string }[] {
  const heard: { key: string; opening: string }[] = [];
  for (;;) {
    const [incident] = backlog.incidents;
    if (incident === undefined) return heard;
    const { kept: one, opening } = backlog.next(incident)!;
    heard.push({ key: one.notice.key, opening: opening.notice.key });
    backlog.delivered(one);
  }
}

test('while a sink is away, the opening and the latest notice of each incident stay', () => {
  const backlog = new SinkBacklog(pages);
  const opened = noticeOf(sampleIncident());
  const updated = later(opened, 'updated');
  const again = later(updated, 'updated');
  const resolved = later(again, 'resolved');
  for (const notice of [opened, updated, again, resolved]) backlog.take(kept(notice));
  expect(backlog.size).toBe(2);
  expect(backlog.replaced).toBe(2);
  expect(deliverAll(backlog)).toEqual([
    { key: opened.key, opening: opened.key },
    { key: resolved.key, opening: opened.key },
  ]);
});

test('a sink is told by which notice it first heard of the incident', () => {
  const backlog = new SinkBacklog(pages);
  const recorded = noticeOf(sampleIncident({ severity: 'record' }));
  const paged = later(recorded, 'updated', { severity: 'page' });
  const resolved = later(paged, 'resolved');
  for (const notice of [recorded, paged, resolved]) backlog.take(kept(notice));
  expect(deliverAll(backlog)).toEqual([
    { key: paged.key, opening: paged.key },
    { key: resolved.key, opening: paged.key },
  ]);
});

test('what was told is followed to its end, though the sink does not ask for such', () => {
  const backlog = new SinkBacklog({ ...pages, causes: ['output'] });
  const opened = noticeOf(sampleIncident());
  backlog.take(kept(opened));
  deliverAll(backlog);
  const changed = later(opened, 'updated', { severity: 'record', cause: 'template' });
  const resolved = later(changed, 'resolved');
  backlog.take(kept(changed));
  backlog.take(kept(resolved));
  expect(deliverAll(backlog).map(({ key }) => key)).toEqual([resolved.key]);
  const reopened = later(resolved, 'reopened');
  backlog.take(kept(reopened));
  expect(deliverAll(backlog)).toEqual([]);
});

test('the end of what was never told is not told', () => {
  const backlog = new SinkBacklog(pages);
  backlog.take(kept(later(noticeOf(sampleIncident()), 'resolved')));
  expect(backlog.size).toBe(0);
});

test('a sink hears of the severities, causes and groups that it asks for', () => {
  const hears = (filter: object, changes: object) => {
    const backlog = new SinkBacklog({ ...pages, ...filter });
    return backlog.take(kept(noticeOf(sampleIncident(changes))));
  };
  expect(hears({}, { severity: 'record' })).toBe(false);
  expect(hears({ severity: ['page', 'record'] }, { severity: 'record' })).toBe(true);
  expect(hears({ causes: ['run', 'output'] }, {})).toBe(true);
  expect(hears({ causes: ['run'] }, {})).toBe(false);
  const groups = [{ feature: 'chat' }, { feature: 'search', tenant: 'acme' }];
  expect(hears({ groups }, { group: { feature: 'chat', tenant: 'x' } })).toBe(true);
  expect(hears({ groups }, { group: { feature: 'search' } })).toBe(false);
  expect(hears({ groups }, { group: { feature: 'search', tenant: 'acme' } })).toBe(true);
  expect(hears({ groups }, { group: {} })).toBe(false);
});

test('nobody hears of a muted incident but that what was told is over', () => {
  const backlog = new SinkBacklog(pages);
  const muted = { muted_until: '2026-11-24T00:00:00.000Z' };
  const [told, untold] = [noticeOf(sampleIncident()), noticeOf(sampleIncident(muted))];
  backlog.take(kept(told));
  deliverAll(backlog);
  const quiet = later(told, 'updated', muted);
  const over = later(quiet, 'resolved');
  for (const notice of [untold, quiet, later(untold, 'resolved'), over]) backlog.take(kept(notice));
  expect(deliverAll(backlog).map(({ key }) => key)).toEqual([over.key]);
  const unmuted = later(untold, 'updated', { muted_until: '2026-11-23T14:00:00.000Z' });
  backlog.take(kept(unmuted));
  expect(deliverAll(backlog)).toEqual([{ key: unmuted.key, opening: unmuted.key }]);
});

test('a sink that can mute hears that what it was told of is muted, and nothing of the others', () => {
  const backlog = new SinkBacklog(pages, true);
  const muted = { muted_until: '2026-11-24T00:00:00.000Z' };
  const [told, untold] = [noticeOf(sampleIncident()), noticeOf(sampleIncident(muted))];
  backlog.take(kept(told));
  deliverAll(backlog);
  const quiet = later(told, 'updated', muted);
  for (const notice of [untold, quiet]) backlog.take(kept(notice));
  expect(deliverAll(backlog)).toEqual([{ key: quiet.key, opening: told.key }]);
});

test('a notice that is on its way is not replaced, and what comes meanwhile comes after it', () => {
  const backlog = new SinkBacklog(pages);
  const opened = noticeOf(sampleIncident());
  backlog.take(kept(opened));
  deliverAll(backlog);
  const updated = kept(later(opened, 'updated'));
  backlog.take(updated);
  backlog.sending(updated);
  const resolved = later(updated.notice, 'resolved');
  backlog.take(kept(resolved));
  expect(backlog.size).toBe(2);
  backlog.delivered(updated);
  backlog.sending(null);
  expect(deliverAll(backlog).map(({ key }) => key)).toEqual([resolved.key]);
});

test('ten thousand incidents while a sink is away stay bounded: what is over goes first', () => {
  const backlog = new SinkBacklog(pages);
  const lasting = noticeOf(sampleIncident());
  backlog.take(kept(lasting));
  for (let count = 0; count < 10_000; count++) {
    const opened = noticeOf(sampleIncident());
    backlog.take(kept(opened));
    backlog.take(kept(later(opened, 'updated')));
    backlog.take(kept(later(later(opened, 'updated'), 'resolved')));
  }
  expect([...backlog.incidents]).toHaveLength(mostIncidents);
  expect(backlog.size).toBeLessThanOrEqual(2 * mostIncidents);
  expect([...backlog.incidents]).toContain(lasting.incident.id);
  expect(backlog.size + backlog.replaced).toBe(30_001);
});

const whats = ['updated', 'acknowledged', 'resolved', 'reopened', 'action'] as const;

test('however it is interrupted, each incident is heard in order and to its end, with one opening', () => {
  const step = fc.record({
    incident: fc.nat(2),
    what: fc.constantFrom(...whats),
    muted: fc.boolean(),
    deliver: fc.boolean(),
    restart: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const file: KeptNotice[] = [];
      let backlog = new SinkBacklog(pages);
      let place = { ...newPlace(0), ...backlog.place() };
      const latest = new Map<number, Notice>();
      const heard = new Map<string, { version: number; isOver: boolean; opening: string }>();
      const hear = () => {
        const [incident] = backlog.incidents;
        if (incident === undefined) return;
        const { kept: one, opening } = backlog.next(incident)!;
        const { version } = one.notice.incident;
        const before = heard.get(incident);
        if (before !== undefined) {
          expect(version).toBeGreaterThan(before.version);
          if (!before.isOver) expect(opening.notice.key).toBe(before.opening);
        }
        heard.set(incident, {
          version,
          isOver: one.notice.incident.state === 'resolved',
          opening: opening.notice.key,
        });
        backlog.delivered(one);
        place = { ...place, ...backlog.place() };
      };
      for (const { incident, what, muted, deliver, restart } of steps) {
        const before = latest.get(incident);
        const until = muted ? '2099-01-01T00:00:00.000Z' : null;
        const notice =
          before === undefined
            ? noticeOf(sampleIncident({ muted_until: until }))
            : later(before, what, { muted_until: until });
        latest.set(incident, notice);
        const one = { sequence: file.length + 1, notice };
        file.push(one);
        backlog.take(one);
        if (deliver) hear();
        if (restart) {
          backlog = new SinkBacklog(pages);
          backlog.restore(place, file);
        }
      }
      while (backlog.size > 0) hear();
      for (const notice of latest.values()) {
        const { id, state, version, muted_until: until } = notice.incident;
        const end = heard.get(id);
        // Somebody who has heard of it knows how it is now, but for what happened while it was muted.
        if (end !== undefined && state === 'resolved') expect(end.isOver).toBe(true);
        if (until === null && state !== 'resolved') expect(end?.version).toBe(version);
      }
    }),
  );
});
