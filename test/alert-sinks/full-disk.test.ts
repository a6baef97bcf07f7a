import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { openNoticeQueue } from '../../packages/server/src/alerts/sinks/index.js';
import { startReceiver } from '../../packages/server/src/alerts/sinks/receiver.fixture.js';
import {
  later,
  noticeOf,
  sampleIncident,
} from '../../packages/server/src/alerts/sinks/sample-notice.fixture.js';
import { SmallDisk } from '../support/small-disk.js';

const directory = `/tmp/farthing-notices-disk-${process.pid}`;
const disk = SmallDisk.mount(directory, 512);
if (disk === null) {
  console.warn('Skipped: a disk that is really full (needs root on Linux to mount one)');
}

/** Machines are slow at times. */
const eventually = <Result>(check: () => Result) =>
  vi.waitFor(check, { timeout: 20_000, interval: 5 });

describe.skipIf(disk === null)('a disk that is really full', () => {
  afterAll(() => {
    disk?.unmount();
    rmSync(directory, { recursive: true, force: true });
  });

  test('notices are told all the same, are on disk when there is room again, and come once', async () => {
    const receiver = await startReceiver(() => null, { path: '/' });
    const open = () =>
      openNoticeQueue({
        configs: [{ name: 'hook', type: 'webhook', url: receiver.url, severity: ['page'] }],
        dataDirectory: directory,
        log: { info: () => undefined, warn: () => undefined },
        now: () => new Date(),
        dashboardUrl: null,
        saveAgainMilliseconds: 20,
      });
    const arrived = () =>
      receiver.received.map(({ headers }) => String(headers['idempotency-key']));
    const queue = await open();
    const all = [noticeOf(sampleIncident())];
    await queue.push(all[0]!);
    disk!.fill();
    // The first of these may still find room in a block that is half empty.
    for (let count = 0; count < 8; count++) {
      all.push(later(all.at(-1)!, 'updated'));
      await queue.push(all.at(-1)!);
      await eventually(() => expect(arrived()).toHaveLength(all.length));
    }
    expect(queue.problem()).toMatch(/held in memory alone: .*ENOSPC/);
    expect(queue.statuses()[0]!.problem).toMatch(/place cannot be written: .*ENOSPC/);
    disk!.free();
    await eventually(() => expect(queue.problem()).toBeNull());
    all.push(later(all.at(-1)!, 'resolved'));
    await queue.push(all.at(-1)!);
    await eventually(() =>
      expect(queue.statuses()[0]).toMatchObject({ waiting: 0, problem: null }),
    );
    await queue.stop();

    const lines = readFileSync(join(directory, 'alerts', 'notices.jsonl'), 'utf8').split('\n');
    for (const { key } of all) {
      expect(lines.some((line) => line.endsWith('}') && line.includes(`"${key}"`))).toBe(true);
    }
    const again = await open();
    const last = noticeOf(sampleIncident());
    await again.push(last);
    await eventually(() => expect(arrived()).toContain(last.key));
    expect(arrived()).toEqual([...all, last].map(({ key }) => key));
    await again.stop();
    await receiver.goAway();
  });
});
