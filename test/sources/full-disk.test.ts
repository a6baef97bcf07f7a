import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry, JournalLine } from '@farthing/core';
import { Farthing } from '@farthing/sdk';
import { journalSink } from '@farthing/sdk/journal';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { Installation } from '../support/farthing-process.js';
import { canMount, SmallDisk } from '../support/small-disk.js';

const mountable = canMount();
if (!mountable) console.warn('Skipped: a disk that is really full (needs root to mount one)');

describe.skipIf(!mountable)('a disk that is really full', () => {
  const directory = mkdtempSync(join(tmpdir(), 'farthing-sources-disk-'));
  let disk: SmallDisk;
  let farthing: Installation | null = null;
  afterEach(async () => {
    await farthing?.remove();
    farthing = null;
    disk.unmount();
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('holds up no call of an app whose journal is on it; what was dropped is counted', async () => {
    disk = SmallDisk.mount(join(directory, 'journal'), 2_000)!;
    const sink = await journalSink({ data: disk.directory, memoryLines: 300 });
    const app = new Farthing({ sinks: [sink] });
    const book = (n: number) =>
      app.recordUsage({
        provider: 'openai',
        model: 'gpt-5-mini',
        tokens: { input_uncached: 1_000 + n, output: 100 },
      });
    const ids = new Set<string>();
    for (let n = 0; n < 100; n++) ids.add(book(n).id);
    await app.flush();
    disk.fill();
    // The last page of the journal's file still takes something.
    for (let n = 0; n < 100; n++) ids.add(book(n).id);
    await expect.poll(() => sink.report.failure ?? '').toMatch(/ENOSPC/);
    for (let n = 0; n < 900; n++) ids.add(book(n).id);
    expect(ids.size).toBe(1_100);
    expect(sink.report.dropped).toBeGreaterThan(0);

    disk.free();
    const settled = () => sink.report.delivered + sink.report.dropped;
    await expect.poll(settled, { timeout: 20_000 }).toBe(1_100);
    for (let n = 0; n < 100; n++) ids.add(book(n).id);
    await app.flush();
    const { written, dropped, delivered } = sink.report;
    expect([written, delivered + dropped]).toEqual([1_200, 1_200]);
    await app.close();
    const journalled = entriesIn(join(disk.directory, 'journals'));
    expect(journalled).toHaveLength(1_200 - dropped);
    expect(new Set(journalled).size).toBe(journalled.length);
    expect(journalled.every((id) => ids.has(id))).toBe(true);
  });

  test('holds up only the archive that is on it, which goes on where it was', async () => {
    disk = SmallDisk.mount(join(directory, 'archive'), 400)!;
    farthing = await Installation.create('http://127.0.0.1:9', {
      more: {
        outlets: [
          {
            name: 'archive',
            type: 'jsonl',
            directory: join(disk.directory, 'entries'),
            from: 'beginning',
          },
        ],
      },
    });
    await farthing.start('ledger');
    const archived = () => entriesInArchive(join(disk.directory, 'entries'));
    const first = await book(farthing, 100);
    await expect.poll(() => archived().length, { timeout: 20_000 }).toBe(100);
    disk.fill();
    const second = await book(farthing, 100);
    const state = async () => {
      const answer = await fetch(`${farthing!.controlUrl}/api/v1/outlets`);
      const { outlets } = (await answer.json()) as { outlets: { problem: string | null }[] };
      return outlets[0]?.problem ?? '';
    };
    await expect.poll(state, { timeout: 20_000 }).toMatch(/ENOSPC|no space/i);
    // The books themselves are on another disk, and complete.
    await farthing.untilBooked();
    expect(await farthing.entries()).toHaveLength(200);
    disk.free();
    await expect.poll(() => archived().length, { timeout: 60_000 }).toBe(200);
    expect(archived()).toEqual([...first, ...second]);
  });
});

/** Books calls by the API, and returns their ids in order. */
async function book(farthing: Installation, count: number): Promise<string[]> {
  const entries = Array.from({ length: count }, () => sampleEntry());
  const response = await fetch(`${farthing.controlUrl}/api/v1/entries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(entries),
  });
  expect(response.status).toBe(202);
  return entries.map(({ id }) => id);
}

function sampleEntry(): Entry {
  const app = new Farthing({ sinks: [] });
  return app.recordUsage({
    provider: 'openai',
    model: 'gpt-5-mini',
    tokens: { input_uncached: 1_000, output: 100 },
  });
}

/** Ids of the calls that a data directory's journals hold. */
function entriesIn(directory: string): string[] {
  return linesBelow(directory)
    .map((line) => JSON.parse(line) as JournalLine)
    .flatMap((line) => (line.type === 'closed' ? [line.entry.id] : []));
}

/** Ids of the calls that an archive holds whole. */
function entriesInArchive(directory: string): string[] {
  return linesBelow(directory).flatMap((line) => {
    try {
      return [(JSON.parse(line) as Entry).id];
    } catch {
      // It is being written.
      return [];
    }
  });
}

function linesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(join(directory, name), 'utf8').split('\n'))
    .filter((line) => line !== '');
}
