import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openNoticeQueue } from './notice-queue.js';
import { retryAfterSeconds, type Behaviour } from './receiver.fixture.js';
import { later, noticeOf, sampleIncident } from './sample-notice.fixture.js';
import { SimulatedClock } from './simulated-clock.fixture.js';
import { SinkBusy, SinkRefused, type IncidentSink, type Notice } from './sink.js';

/** The other side of a sink, real. */
export interface SinkBench {
  /** Gives up after so long; by default after what the driver finds right. */
  open(timeoutMilliseconds?: number): Promise<IncidentSink>;
  /** Stable keys of what has arrived, in order, as the other side tells repeats by them. */
  received(): string[];
  /** The stable key that a notice has there: its own, unless incidents are told apart alone. */
  keyOf(notice: Notice): string;
  /** All that has arrived, as text. */
  texts(): string[];
  /** How often something was tried. */
  attempts(): number;
  /** What the other side found wrong with the form of what came. */
  complaints(): string[];
  /** What must stand nowhere. */
  secrets: string[];
  behave(behaviour: Behaviour): void;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
}

export interface SinkTraits {
  /** Whether the other side answers at all. */
  answers: boolean;
  /** Whether an answer can ask for a pause of a stated length. */
  asksForPause: boolean;
  /** How long it fails in the law about long failures: less than an hour where a try takes long. */
  failingMinutes?: number;
}

/** Tags, titles and names as nobody should choose them. */
export const strangeTexts = [
  'naïve Ünïcødé 検索 🔍 👩‍💻 עברית',
  'x'.repeat(256),
  '🔥'.repeat(128),
  'a\r\nBcc: everybody@example.com\r\n\r\nhello\u0000\u0007\u001b[31m',
  '<!channel> <!here|here> @channel @here <@U123> <#C1|general> &amp; *b* _i_ `c` <https://evil.example|click>',
  '"><script>alert(1)</script>',
  'half of a pair: \ud83d, and right to left: \u202egnp.exe',
  '${PATH} {{ .Labels }} %s \\ \' "',
];

/** The laws of the sinks' port. Every driver's test calls this with the real other side. */
export function describeSink(
  name: string,
  start: () => Promise<SinkBench>,
  { answers, asksForPause, failingMinutes = 60 }: SinkTraits,
): void {
  describe(`sink: ${name}`, { timeout: 60_000 }, () => {
    let bench: SinkBench;
    let sink: IncidentSink;
    beforeEach(async () => {
      bench = await start();
      sink = await bench.open();
    });
    afterEach(async () => {
      bench.behave('takes');
      await sink.close();
      await bench.goAway();
    });

    const keys = (...notices: Notice[]) => notices.map((notice) => bench.keyOf(notice));
    const failureOf = (sent: Promise<void>): Promise<Error> =>
      sent.then(
        () => expect.unreachable('it was taken'),
        (error: Error) => error,
      );
    const expectNoSecret = (text: string) => {
      for (const secret of bench.secrets) expect(text).not.toContain(secret);
    };

    test('whatever happens to an incident arrives, in the form that the other side asks for', async () => {
      const opened = noticeOf(sampleIncident());
      const acknowledged = later(opened, 'acknowledged');
      const updated = later(acknowledged, 'updated', { size: null, change: null });
      const action = later(updated, 'action', {
        actions: [
          {
            id: 'act_1',
            do: 'throttle',
            state: 'waiting',
            scope: { feature: 'search' },
            at: updated.at,
            until: null,
            by: null,
          },
        ],
      });
      const resolved = later(action, 'resolved');
      const reopened = later(resolved, 'reopened');
      const all = [opened, acknowledged, updated, action, resolved, reopened];
      for (const notice of all) await sink.send(notice, opened);
      expect(bench.complaints()).toEqual([]);
      expect(bench.received()).toEqual(keys(...all));
      for (const text of bench.texts()) expectNoSecret(text);
    });

    test('a notice that comes again carries the same key', async () => {
      const notice = noticeOf(sampleIncident());
      await sink.send(notice, notice);
      await sink.close();
      sink = await bench.open();
      await sink.send(notice, notice);
      expect(new Set(bench.received())).toEqual(new Set(keys(notice)));
    });

    test('strange and long texts arrive and break nothing', async () => {
      for (const text of strangeTexts) {
        const incident = sampleIncident({
          title: text,
          summary: text.repeat(40),
          suggestion: text,
          group: { feature: text, [`tag ${text.slice(0, 20)}`]: text },
          run: text,
          change: {
            dimension: 'model',
            from: text,
            to: text,
            at: '2026-11-23T14:02:11.000Z',
            share: 1,
          },
          findings: Array.from({ length: 200 }, () => ({
            cause: 'output' as const,
            at: '2026-11-23T14:09:39.101Z',
            since: '2026-11-23T14:02:11.000Z',
            factor: null,
            calls: 1,
            text: text.repeat(20),
          })),
        });
        const opened = noticeOf(incident);
        const resolved = later(opened, 'resolved');
        await sink.send(opened, opened);
        await sink.send(resolved, opened);
        expect(bench.received().slice(-2)).toEqual(keys(opened, resolved));
      }
      expect(bench.complaints()).toEqual([]);
    });

    test('it rejects while the other side is away, names no secret, and goes on afterwards', async () => {
      const [a, b] = [noticeOf(sampleIncident()), noticeOf(sampleIncident())];
      await sink.send(a, a);
      await bench.goAway();
      const failure = await failureOf(sink.send(b, b));
      expect(failure).not.toBeInstanceOf(SinkRefused);
      expectNoSecret(failure.message);
      await bench.comeBack();
      await vi.waitFor(
        async () => {
          await sink.close();
          sink = await bench.open();
          await sink.send(b, b);
        },
        { timeout: 20_000 },
      );
      expect(new Set(bench.received())).toEqual(new Set(keys(a, b)));
    });

    test.runIf(answers)('a failure that passes is told from a refusal', async () => {
      const notice = noticeOf(sampleIncident());
      bench.behave('fails');
      const failed = await failureOf(sink.send(notice, notice));
      expect(failed).not.toBeInstanceOf(SinkRefused);
      expectNoSecret(failed.message);
      bench.behave('refuses');
      const refused = await failureOf(sink.send(notice, notice));
      expect(refused).toBeInstanceOf(SinkRefused);
      expectNoSecret(refused.message);
      expect(bench.received()).toEqual([]);
    });

    test.runIf(answers)('an other side that hangs is given up', async () => {
      const notice = noticeOf(sampleIncident());
      bench.behave('hangs');
      const impatient = await bench.open(200);
      const failure = await failureOf(impatient.send(notice, notice));
      await impatient.close();
      expect(failure).not.toBeInstanceOf(SinkRefused);
      expectNoSecret(failure.message);
      bench.behave('takes');
      await sink.send(notice, notice);
      expect(bench.received()).toContain(bench.keyOf(notice));
    });

    test.runIf(answers)(
      'closed, it gives up what hangs: nothing keeps the process from ending',
      async () => {
        const notice = noticeOf(sampleIncident());
        bench.behave('hangs');
        const failing = failureOf(sink.send(notice, notice));
        await vi.waitFor(() => expect(bench.attempts()).toBe(1), { timeout: 20_000, interval: 5 });
        await sink.close();
        expect(await failing).not.toBeInstanceOf(SinkRefused);
      },
    );

    test.runIf(asksForPause)('a pause that the other side asks for is told', async () => {
      const notice = noticeOf(sampleIncident());
      bench.behave('busy');
      const failure = await failureOf(sink.send(notice, notice));
      expect(failure).toBeInstanceOf(SinkBusy);
      expect((failure as SinkBusy).retryAfterMilliseconds).toBe(retryAfterSeconds * 1_000);
    });

    test.runIf(answers)(
      `after ${failingMinutes} minutes of failures each notice arrives, in order, and tries were few`,
      async () => {
        const dataDirectory = await mkdtemp(join(tmpdir(), 'farthing-sinks-'));
        const clock = new SimulatedClock();
        const logged: string[] = [];
        const say = (facts: object, message: string) =>
          void logged.push(`${JSON.stringify(facts)} ${message}`);
        const queue = await openNoticeQueue({
          configs: [{ name: 'test', type: 'stdout', severity: ['page'] }],
          dataDirectory,
          log: { info: say, warn: say },
          now: clock.now,
          wait: clock.wait,
          random: () => 1,
          dashboardUrl: null,
          open: () => bench.open(),
        });
        bench.behave('fails');
        const a = noticeOf(sampleIncident());
        const b = noticeOf(sampleIncident());
        const [a2, b2] = [later(a, 'resolved'), later(b, 'acknowledged')];
        for (const notice of [a, b, b2, a2]) await queue.push(notice);
        await clock.pass(failingMinutes * 60_000);
        expect(queue.statuses()[0]).toMatchObject({ state: 'waiting', delivered: 0, waiting: 4 });
        expect(bench.attempts()).toBeGreaterThan(failingMinutes);
        expect(bench.attempts()).toBeLessThan(failingMinutes + 15);
        bench.behave('takes');
        await clock.pass(60_000);
        expect(queue.statuses()[0]).toMatchObject({
          state: 'running',
          delivered: 4,
          problem: null,
        });
        expect(bench.received()).toEqual(keys(a, a2, b, b2));
        expect(logged).toHaveLength(2);
        for (const line of logged) expectNoSecret(line);
        await queue.stop();
        await rm(dataDirectory, { recursive: true });
      },
    );
  });
}
