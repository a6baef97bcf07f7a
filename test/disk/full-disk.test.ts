import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { Installation, pause } from '../support/farthing-process.js';

/** A small file system that can really be full. Mounting one takes root on Linux, as CI has. */
function mountSmallDisk(directory: string): boolean {
  try {
    mkdirSync(directory, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', directory], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

const canMount = (() => {
  const probe = `/tmp/farthing-mount-probe-${process.pid}`;
  if (!mountSmallDisk(probe)) return false;
  execFileSync('umount', [probe]);
  rmSync(probe, { recursive: true });
  return true;
})();
if (!canMount)
  console.warn('Skipped: a disk that is really full (needs root on Linux to mount one)');

describe.skipIf(!canMount)('a disk that is really full', () => {
  let provider: FakeProvider;
  let farthing: Installation;
  beforeAll(async () => {
    provider = await startFakeProvider({ seed: 'disk' });
    return () => provider.close();
  });
  afterEach(async () => {
    await farthing.stopAll();
    execFileSync('umount', [farthing.dataDirectory]);
    await farthing.remove();
  });

  const call = (n: number) =>
    fetch(`${farthing.gatewayUrl}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer sk-disk',
        'content-type': 'application/json',
        'x-farthing-tags': `probe=${n}`,
      },
      body: JSON.stringify({
        model: 'gpt-5-mini',
        messages: [{ role: 'user', content: String(n) }],
      }),
    });
  const ballast = () => join(farthing.dataDirectory, 'ballast');
  const fill = () => {
    const { bavail, bsize } = statfsSync(farthing.dataDirectory);
    writeFileSync(ballast(), Buffer.alloc(Math.max(0, bavail * bsize)));
  };

  async function startOnSmallDisk(policy: 'refuse' | 'pass-unrecorded'): Promise<void> {
    farthing = await Installation.create(provider.url, { gateway: { on_full_disk: policy } });
    mountSmallDisk(farthing.dataDirectory);
    await farthing.start('gateway');
  }

  test('refuses calls it cannot record, loses none that was answered, and recovers by itself', async () => {
    await startOnSmallDisk('refuse');
    const answered: number[] = [];
    fill();
    let refused: Response | null = null;
    for (let n = 0; n < 400 && refused === null; n++) {
      const response = await call(n);
      if (response.status === 503) refused = response;
      else if (response.ok) answered.push(n);
      if (refused === null) await response.text();
    }
    expect(refused).not.toBeNull();
    const { error } = (await refused!.json()) as { error: { code: string; message: string } };
    expect(error.code).toBe('journal_unwritable');
    expect(error.message).toMatch(/so it was not sent.*Free space/);
    expect((await fetch(`${farthing.gatewayUrl}/readyz`)).status).toBe(503);

    rmSync(ballast());
    await expect.poll(async () => (await call(9_999)).status, { timeout: 10_000 }).toBe(200);
    await pause(300);
    await farthing.stopAll();
    const booked = farthing.journalledProbes();
    for (const n of answered) expect(booked, `call ${n}`).toContain(String(n));
    expect(new Set(booked).size).toBe(booked.length);
  });

  test('or lets calls pass unrecorded, and says how many', async () => {
    await startOnSmallDisk('pass-unrecorded');
    fill();
    for (let n = 0; n < 60; n++) {
      const response = await call(n);
      expect(response.status).toBe(200);
      await response.text();
    }
    await expect
      .poll(async () => {
        const text = await (await fetch(`${farthing.gatewayUrl}/metrics`)).text();
        return Number(/^farthing_unrecorded_calls_total (\d+)/m.exec(text)?.[1]);
      })
      .toBeGreaterThan(0);
  });
});
