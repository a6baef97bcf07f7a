import { execFileSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Farthing, remoteSink } from '@farthing/sdk';
import { parseUsd, type Entry } from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Installation, pause } from '../support/farthing-process.js';

/** 2,000 and one kill in the suite; the requirement's 20,000 and three kills with FARTHING_DEAD_REMOTE_CALLS=20000. */
const calls = Number(process.env['FARTHING_DEAD_REMOTE_CALLS'] ?? 2_000);
const kills = calls < 10_000 ? [4] : [1, 4, 7];
const directory = mkdtempSync(join(tmpdir(), 'farthing-dead-remote-'));
afterAll(() => rmSync(directory, { recursive: true }));

let farthing: Installation;
let controlPlane: ChildProcess;
beforeAll(async () => {
  farthing = await Installation.create('http://127.0.0.1:1');
  controlPlane = await farthing.start('ledger');
});
afterAll(() => farthing.remove());

async function kill(): Promise<void> {
  await farthing.kill(controlPlane, 'SIGKILL');
}

/** Books calls of one feature and tells what they cost; `between` happens ten times on the way. */
async function book(own: Farthing, feature: string, between: (turn: number) => unknown) {
  let spent = 0n;
  for (let n = 0; n < calls; n++) {
    const { cost } = own.recordUsage({
      provider: 'openai',
      model: 'gpt-5-mini',
      tokens: { input_uncached: 1_000 + n, output: 100 },
      tags: { feature },
    });
    spent += parseUsd(cost.usd!);
    if (n % (calls / 10) === 0) await between(n / (calls / 10));
    else if (n % 20 === 0) await pause(0);
  }
  return spent;
}

const booked = async (feature: string): Promise<Entry[]> => {
  await farthing.untilBooked();
  return (await farthing.entries()).filter(({ tags }) => tags.feature === feature);
};
const sum = (entries: readonly Entry[]) =>
  entries.reduce((total, { cost }) => total + parseUsd(cost.usd!), 0n);

describe(`${calls} calls while the control plane is killed`, () => {
  test.each([
    { keeps: 'in memory', settings: { memoryEntries: calls } },
    { keeps: 'in a spool', settings: { memoryEntries: 200, spool: join(directory, 'spool') } },
  ])('are booked once each, to the picodollar, kept $keeps', async ({ keeps, settings }) => {
    const sink = remoteSink({
      url: farthing.controlUrl,
      batchMilliseconds: 20,
      timeoutMilliseconds: 2_000,
      flushOnExit: false,
      ...settings,
    });
    const own = new Farthing({ sinks: [sink] });
    const spent = await book(own, keeps, async (turn) => {
      if (kills.includes(turn)) await kill();
      if (kills.includes(turn - 1)) controlPlane = await farthing.start('ledger');
    });
    for (let attempt = 0; attempt < 100 && sink.report.delivered < calls; attempt++) {
      await own.flush();
    }
    expect(sink.report).toMatchObject({ written: calls, delivered: calls, dropped: 0 });
    const entries = await booked(keeps);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(calls);
    expect(entries).toHaveLength(calls);
    expect(sum(entries)).toBe(spent);
    await own.close();
  });

  const disk = join(directory, 'disk');
  const canMount = (() => {
    try {
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', disk], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
  if (!canMount) console.warn('Skipped: a spool that is really full (needs root to mount one)');

  test.skipIf(!canMount)('are booked or counted as dropped where the spool is full', async () => {
    try {
      const sink = remoteSink({
        url: farthing.controlUrl,
        memoryEntries: 200,
        spool: join(disk, 'spool'),
        flushOnExit: false,
      });
      const own = new Farthing({ sinks: [sink] });
      await kill();
      await book(own, 'full', () => undefined);
      expect(sink.report.dropped).toBeGreaterThan(0);
      expect(sink.report.failure).toContain('spool');
      controlPlane = await farthing.start('ledger');
      const settled = () => sink.report.delivered + sink.report.dropped === calls;
      for (let attempt = 0; attempt < 100 && !settled(); attempt++) await own.flush();
      expect(settled()).toBe(true);
      const entries = await booked('full');
      expect(entries).toHaveLength(sink.report.delivered);
      expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
      await own.close();
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
