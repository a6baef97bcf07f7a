import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AlertSinkConfig } from '../../config/index.js';
import { openNoticeQueue, type NoticeQueue, type NoticeQueueOptions } from './notice-queue.js';
import { later, noticeOf, sampleIncident } from './sample-notice.fixture.js';
import { SimulatedClock } from './simulated-clock.fixture.js';
import { SinkBusy, SinkRefused, type IncidentSink, type Notice } from './sink.js';

let dataDirectory: string;
let queues: NoticeQueue[] = [];
let logged: string[] = [];
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'farthing-notices-'));
  logged = [];
});
afterEach(async () => {
  await Promise.all(queues.map((queue) => queue.stop()));
  queues = [];
  await rm(dataDirectory, { recursive: true });
});

const say = (_: object, message: string) => void logged.push(message);
const stdout = (name = 'test'): AlertSinkConfig => ({ name, type: 'stdout', severity: ['page'] });

async function open(options: Partial<NoticeQueueOptions>): Promise<NoticeQueue> {
  const queue = await openNoticeQueue({
    configs: [stdout()],
    dataDirectory,
    log: { info: say, warn: say },
    now: () => new Date('2026-11-23T15:00:00Z'),
    dashboardUrl: null,
    graceMilliseconds: 100,
    ...options,
  });
  queues.push(queue);
  return queue;
}

/** Another side in memory, that does with a notice what it is told to. */
function otherSide(answer: (notice: Notice) => Promise<void> = () => Promise.resolve()) {
  const heard: string[] = [];
  const openings: string[] = [];
  const side = {
    heard,
    openings,
    answer,
    tries: 0,
    open: (): Promise<IncidentSink> =>
      Promise.resolve({
        async send(notice, opening) {
          side.tries += 1;
          await side.answer(notice);
          heard.push(notice.key);
          openings.push(opening.key);
        },
        close: () => Promise.resolve(),
      }),
  };
  return side;
}

/** Machines are slow at times. */
const eventually = <Result>(check: () => Result) =>
  vi.waitFor(check, { timeout: 20_000, interval: 5 });

const fresh = (count: number) => Array.from({ length: count }, () => noticeOf(sampleIncident()));
const keysOf = (notices: readonly Notice[]) => notices.map(({ key }) => key);
const never = () => new Promise<never>(() => undefined);
const away = () => Promise.reject(new Error('host does not answer'));
const noticesFile = () => join(dataDirectory, 'alerts', 'notices.jsonl');
const shortly = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
const linesOf = async () => (await readFile(noticesFile(), 'utf8')).split('\n').filter(Boolean);

test('a notice is on disk before it is told, and carries key and link', async () => {
  const lines: string[][] = [];
  const side = otherSide(async () => void lines.push(await linesOf()));
  const told: Notice[] = [];
  const queue = await open({
    dashboardUrl: 'https://farthing.example/',
    open: async () => {
      const sink = await side.open();
      return {
        ...sink,
        send: (notice, opening) => (told.push(notice), sink.send(notice, opening)),
      };
    },
  });
  const [notice] = fresh(1);
  await queue.push(notice!);
  await eventually(() => expect(side.heard).toEqual([notice!.key]));
  expect(lines[0]).toHaveLength(1);
  expect(told[0]!.url).toBe(`https://farthing.example/incidents/${notice!.incident.id}`);
  expect(queue.statuses()).toEqual([
    {
      name: 'test',
      type: 'stdout',
      state: 'running',
      delivered: 1,
      waiting: 0,
      replaced: 0,
      last_delivered_at: '2026-11-23T15:00:00.000Z',
      problem: null,
    },
  ]);
});

test('a version that was pushed already, or an older one, is ignored', async () => {
  const side = otherSide();
  const queue = await open({ open: side.open });
  const opened = noticeOf(sampleIncident());
  const updated = later(opened, 'updated');
  for (const notice of [opened, opened, updated, opened]) {
    await queue.push(notice);
    await eventually(() => expect(queue.statuses()[0]!.waiting).toBe(0));
  }
  expect(side.heard).toEqual(keysOf([opened, updated]));
});

test('an incident that goes on changing is told as it was', async () => {
  const side = otherSide();
  const titles: string[] = [];
  side.answer = ({ incident }) => Promise.resolve(void titles.push(incident.title));
  const queue = await open({ open: side.open });
  const notice = noticeOf(sampleIncident({ title: 'before' }));
  const pushed = queue.push(notice);
  notice.incident.title = 'after';
  await pushed;
  await eventually(() => expect(titles).toEqual(['before']));
});

test('what was pushed is told after a crash, in order; what had been told is not', async () => {
  const side = otherSide();
  const first = await open({ open: side.open });
  const [a, b] = fresh(2);
  await first.push(a!);
  await eventually(async () => {
    const places = await readFile(join(dataDirectory, 'alerts', 'sinks', 'test.json'), 'utf8');
    expect(JSON.parse(places)).toMatchObject({ delivered: 1 });
  });
  side.answer = never;
  const resolved = later(a!, 'resolved');
  await first.push(b!);
  await first.push(resolved);
  // The process is gone without a word; a write was cut in the middle of a line.
  await appendFile(noticesFile(), '{"sequence":4,"notice":{"key":"inc_x');
  const after = otherSide();
  const second = await open({ open: after.open });
  await eventually(() => expect(after.heard).toHaveLength(2));
  expect(new Set(after.heard)).toEqual(new Set(keysOf([b!, resolved])));
  expect(after.openings[after.heard.indexOf(resolved.key)]).toBe(a!.key);
  const [c] = fresh(1);
  await second.push(c!);
  await eventually(() => expect(after.heard.at(-1)).toBe(c!.key));
  const third = otherSide();
  await second.stop();
  await open({ open: third.open });
  expect(third.heard).toEqual([]);
  expect(logged).toContain('notices of incidents that a crash has cut were left out');
});

test('a sink that is new hears of what is pushed from then on, also after a crash', async () => {
  const old = otherSide();
  const queue = await open({ open: old.open });
  const [before, between] = fresh(2);
  await queue.push(before!);
  await queue.stop();
  const side = otherSide(never);
  const configs = [stdout(), stdout('second')];
  const crashed = await open({ configs, open: side.open });
  await crashed.push(between!);
  const after = otherSide();
  await open({ configs: [stdout('second')], open: after.open });
  await eventually(() => expect(after.heard).toEqual([between!.key]));
});

test('a sink that hangs holds up neither another nor the end', async () => {
  const side = otherSide();
  const queue = await open({
    configs: [stdout('hangs'), stdout('well')],
    open: ({ name }) =>
      name === 'well' ? side.open() : Promise.resolve({ send: never, close: never }),
  });
  const notices = fresh(20);
  for (const notice of notices) await queue.push(notice);
  await eventually(() => expect(side.heard).toEqual(keysOf(notices)));
  expect(queue.statuses()).toMatchObject([{ waiting: 20 }, { waiting: 0, delivered: 20 }]);
  await queue.stop();
  expect(queue.statuses().map(({ state }) => state)).toEqual(['stopped', 'stopped']);
  const after = otherSide();
  await open({ configs: [stdout('hangs')], open: after.open });
  await eventually(() => expect(after.heard).toEqual(keysOf(notices)));
});

test('a driver that never answers is given up and tried again', async () => {
  const side = otherSide(never);
  const queue = await open({ open: side.open, sendMilliseconds: 20, wait: shortly });
  const [notice] = fresh(1);
  await queue.push(notice!);
  await eventually(() => expect(side.tries).toBeGreaterThan(2));
  expect(queue.statuses()[0]).toMatchObject({ problem: 'the sink does not answer in time' });
  side.answer = () => Promise.resolve();
  await eventually(() => expect(side.heard).toEqual([notice!.key]));
});

test('a pause that a sink asks for is kept', async () => {
  const clock = new SimulatedClock();
  const side = otherSide(() => Promise.reject(new SinkBusy('host answers 429', 300_000)));
  const queue = await open({ open: side.open, now: clock.now, wait: clock.wait });
  await clock.rest();
  await queue.push(fresh(1)[0]!);
  await clock.pass(299_000);
  expect(side.tries).toBe(1);
  side.answer = () => Promise.resolve();
  await clock.pass(2_000);
  expect(side.heard).toHaveLength(1);
});

test('what is refused is told and tried again rarely; others go on', async () => {
  const clock = new SimulatedClock();
  const [bad, good] = fresh(2);
  const side = otherSide(({ key }) =>
    key === bad!.key ? Promise.reject(new SinkRefused('host answers 400')) : Promise.resolve(),
  );
  const queue = await open({ open: side.open, now: clock.now, wait: clock.wait });
  await clock.rest();
  await queue.push(bad!);
  await queue.push(good!);
  await clock.pass(3_600_000);
  expect(side.heard).toEqual([good!.key]);
  expect(side.tries).toBeGreaterThan(10);
  expect(side.tries).toBeLessThan(16);
  expect(queue.statuses()[0]).toMatchObject({
    state: 'refused',
    waiting: 1,
    problem: 'host answers 400',
  });
  side.answer = () => Promise.resolve();
  await clock.pass(300_000);
  expect(side.heard).toEqual(keysOf([good!, bad!]));
  expect(queue.statuses()[0]).toMatchObject({ state: 'running', problem: null });
});

test('what is over and refused for a day is given up', async () => {
  const clock = new SimulatedClock();
  const side = otherSide(() => Promise.reject(new SinkRefused('host answers 400')));
  const queue = await open({ open: side.open, now: clock.now, wait: clock.wait });
  await clock.rest();
  const [lasting, opened] = fresh(2);
  for (const notice of [lasting!, opened!, later(opened!, 'resolved')]) await queue.push(notice);
  await clock.pass(25 * 3_600_000);
  expect(queue.statuses()[0]).toMatchObject({ state: 'refused', waiting: 1, replaced: 2 });
  expect(logged.join()).toMatch(/given up/);
});

const alertmanager: AlertSinkConfig = {
  name: 'test',
  type: 'alertmanager',
  url: 'http://localhost:9093',
  severity: ['page'],
  repeat: '1m',
};

test('what Alertmanager was told is sent again until it is over, after a restart too', async () => {
  const clock = new SimulatedClock();
  const side = otherSide();
  const options = { configs: [alertmanager], now: clock.now, wait: clock.wait };
  const queue = await open({ ...options, open: side.open });
  await clock.rest();
  const opened = noticeOf(sampleIncident());
  const updated = later(opened, 'updated');
  const resolved = later(updated, 'resolved');
  await queue.push(opened);
  await clock.pass(179_000);
  expect(side.heard).toEqual([opened.key, opened.key, opened.key]);
  await queue.push(updated);
  await clock.pass(60_000);
  expect(side.heard.slice(3)).toEqual([updated.key, updated.key]);
  expect(new Set(side.openings)).toEqual(new Set([opened.key]));
  expect(queue.statuses()[0]).toMatchObject({ delivered: 2, waiting: 0 });
  await queue.stop();
  const after = otherSide();
  const second = await open({ ...options, open: after.open });
  await clock.pass(1_000);
  expect(after.heard).toEqual([updated.key]);
  expect(after.openings).toEqual([opened.key]);
  await second.push(resolved);
  await clock.pass(600_000);
  expect(after.heard).toEqual([updated.key, resolved.key]);
});

test('ten thousand notices to a sink that is away stay bounded, in memory and on disk', async () => {
  const side = otherSide(away);
  const queue = await open({ open: side.open, compactBytes: 200_000 });
  let last = noticeOf(sampleIncident());
  const first = last;
  await queue.push(first);
  for (let count = 1; count < 10_000; count++) {
    last = later(last, 'updated');
    void queue.push(last);
  }
  await queue.push((last = later(last, 'resolved')));
  expect(queue.statuses()[0]).toMatchObject({ waiting: 2, delivered: 0 });
  expect(await linesOf()).toHaveLength(2);
  side.answer = () => Promise.resolve();
  await eventually(() => expect(side.heard).toEqual(keysOf([first, last])));
});

test('the file becomes small again, and its numbers go on', async () => {
  const side = otherSide();
  const queue = await open({ open: side.open, compactBytes: 10_000 });
  for (let count = 0; count < 20; count++) {
    const opened = noticeOf(sampleIncident());
    for (const notice of [opened, later(opened, 'resolved')]) await queue.push(notice);
    await eventually(() => expect(queue.statuses()[0]!.waiting).toBe(0));
  }
  expect((await linesOf()).length).toBeLessThan(12);
  await queue.stop();
  const sequences = (await linesOf()).map(
    (line) => (JSON.parse(line) as { sequence: number }).sequence,
  );
  expect(sequences.at(-1)).toBeGreaterThan(35);
  await rm(noticesFile());
  const second = await open({ open: side.open });
  const [notice] = fresh(1);
  await second.push(notice!);
  await eventually(() => expect(side.heard.at(-1)).toBe(notice!.key));
  expect(queue.statuses()[0]!.delivered).toBe(40);
});

test('a disk that takes nothing is told; notices are held in memory, sent, and written later', async () => {
  const side = otherSide();
  const folder = join(dataDirectory, 'alerts');
  // In place of the folder stands a file: nothing can be written below it.
  await writeFile(folder, '');
  const queue = await open({ open: side.open, saveAgainMilliseconds: 10 });
  const notices = fresh(3);
  for (const notice of notices) await queue.push(notice);
  await eventually(() => expect(side.heard).toEqual(keysOf(notices)));
  expect(queue.problem()).toMatch(/held in memory alone/);
  expect(queue.statuses()[0]).toMatchObject({
    state: 'running',
    delivered: 3,
    problem: expect.stringMatching(/place cannot be written/),
  });
  expect(logged.filter((line) => /held in memory/.test(line))).toHaveLength(1);
  await rm(folder);
  await eventually(async () => expect(await linesOf()).toHaveLength(3));
  await eventually(() => expect(queue.problem()).toBeNull());
});

test('a place that cannot be read tells again what is kept, and says so', async () => {
  const side = otherSide();
  const queue = await open({ open: side.open });
  const notices = fresh(2);
  for (const notice of notices) await queue.push(notice);
  await eventually(() => expect(side.heard).toHaveLength(2));
  await queue.stop();
  await writeFile(join(dataDirectory, 'alerts', 'sinks', 'test.json'), '{"through":');
  const after = otherSide();
  await open({ open: after.open });
  await eventually(() => expect(after.heard).toEqual(keysOf(notices)));
  expect(logged.join()).toMatch(/place cannot be read/);
});

test('trying a sink sends what says that it is a test, and wakes a sink that waits', async () => {
  const side = otherSide(away);
  const queue = await open({ configs: [stdout('ops')], open: side.open });
  const [notice] = fresh(1);
  await queue.push(notice!);
  expect(await queue.trySink('ops')).toEqual({ ok: false, problem: 'host does not answer' });
  side.answer = () => Promise.resolve();
  expect(await queue.trySink('ops')).toEqual({ ok: true });
  expect(side.heard[0]).toMatch(/^test-ops-/);
  await eventually(() => expect(side.heard).toContain(notice!.key));
  expect(queue.statuses()[0]!.delivered).toBe(1);
  await expect(queue.trySink('osp')).rejects.toThrow(/no sink "osp". Did you mean "ops"\?/);
});

test("a test of PagerDuty is over at once: nobody's pager stays on", async () => {
  const side = otherSide();
  const pagerduty: AlertSinkConfig = {
    name: 'pager',
    type: 'pagerduty',
    severity: ['page'],
    routing_key: 'x',
    url: 'http://localhost/',
  };
  const queue = await open({ configs: [pagerduty], open: side.open });
  await queue.trySink('pager');
  expect(side.heard).toEqual([expect.stringMatching(/:1$/), expect.stringMatching(/:2$/)]);
});

test('without sinks nothing is kept', async () => {
  const queue = await open({ configs: [] });
  await queue.push(fresh(1)[0]!);
  await queue.stop();
  expect(await readdir(dataDirectory)).toEqual([]);
});
