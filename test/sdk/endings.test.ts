import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Entry, JournalLine } from '@farthing/core';
import { journalSink } from '@farthing/sdk/journal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'farthing-endings-'));
let provider: FakeProvider;
let controlPlane: Server;
/** What the control plane was sent: by id, and how often. */
const received = new Map<string, Entry>();
let requests = 0;

beforeAll(async () => {
  provider = await startFakeProvider({ seed: 'endings' });
  controlPlane = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests++;
      const lines = gunzipSync(Buffer.concat(chunks)).toString().trim().split('\n');
      for (const line of lines) {
        const entry = JSON.parse(line) as Entry;
        received.set(entry.id, entry);
      }
      response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => controlPlane.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  controlPlane.close();
  await provider.close();
  rmSync(directory, { recursive: true });
});

function start(kind: string, target: string, calls: number): { app: ChildProcess; seen: string[] } {
  const file = fileURLToPath(new URL('app.fixture.ts', import.meta.url));
  const tsconfig = join(root, 'tsconfig.test.json');
  const values = [kind, target, provider.url, String(calls)];
  const app = spawn(process.execPath, ['--import', 'tsx', file, ...values], {
    cwd: root,
    env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen: string[] = [];
  let rest = '';
  app.stdout!.on('data', (text: Buffer) => {
    const lines = (rest + text.toString()).split('\n');
    rest = lines.pop()!;
    seen.push(...lines);
  });
  return { app, seen };
}

const ended = (app: ChildProcess) =>
  new Promise<number | NodeJS.Signals | null>((resolve) =>
    app.once('exit', (code, signal) => resolve(signal ?? code)),
  );

function lines(data: string, name: string): JournalLine[] {
  const folder = join(data, 'journals', name);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'))
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as JournalLine];
      } catch {
        // The line that the kill tore.
        return [];
      }
    });
}

describe('an application with a journal that is killed', () => {
  test('has every call that it saw an answer of in its books, each once', async () => {
    for (const round of [1, 2]) {
      const data = join(directory, `killed-${round}`);
      const { app, seen } = start('journal', data, 100_000);
      await expect
        .poll(() => seen.length, { timeout: 60_000, interval: 2 })
        .toBeGreaterThan(60 * round);
      app.kill('SIGKILL');
      await ended(app);
      const answered = new Set(seen);
      const killed = lines(data, 'sdk');
      const opened = killed.flatMap((line) => (line.type === 'opened' ? [line.id] : []));
      const closed = killed.flatMap((line) => (line.type === 'closed' ? [line.entry] : []));
      // Whoever opens the journal next books what was open.
      await (await journalSink({ data })).close();
      const all = lines(data, 'sdk').flatMap((line) =>
        line.type === 'closed' ? [line.entry] : [],
      );
      expect(new Set(all.map(({ id }) => id))).toEqual(new Set(opened));
      const known = new Set(closed.map((entry) => entry.response_id));
      const missing = [...answered].filter((id) => !known.has(id)).length;
      expect(known.size).toBeGreaterThan(10);
      const interrupted = all.filter(({ outcome }) => outcome === 'interrupted');
      expect(interrupted.length).toBeGreaterThanOrEqual(missing);
      expect(interrupted.every(({ cost }) => cost.status === 'partial' && cost.usd !== null)).toBe(
        true,
      );
    }
  });
});

describe('an application with a remote sink', () => {
  const url = () => `http://127.0.0.1:${(controlPlane.address() as AddressInfo).port}`;

  test('sends what waits when it has nothing left to do', async () => {
    received.clear();
    const { app, seen } = start('remote', url(), 40);
    expect(await ended(app)).toBe(0);
    expect(seen).toHaveLength(41);
    expect(new Set([...received.values()].map((entry) => entry.response_id))).toEqual(
      new Set(seen.slice(0, 40)),
    );
  });

  test('sends what waits when it is told to end', async () => {
    received.clear();
    requests = 0;
    const { app, seen } = start('remote', url(), 100_000);
    await expect.poll(() => seen.length, { timeout: 60_000, interval: 2 }).toBeGreaterThan(40);
    expect(requests).toBe(0);
    const end = ended(app);
    app.kill('SIGTERM');
    expect(await end).toBe('SIGTERM');
    expect(received.size).toBeGreaterThanOrEqual(40);
  });
});
