import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBooks } from '../../../test-support/open-test-books.js';
import { runCommand } from '../../../test-support/run-command.js';
import { serveControlPlane } from '../../api/index.js';
import { configSchema } from '../../config/index.js';
import { writeControlFile } from '../../control/control-file.js';
import { configProblems } from '../../processes/config-problems.js';
import type { CliContext } from '../context.js';
import { doctorCommand } from './doctor.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'farthing-doctor-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const config = configSchema.parse({
  gateway: { host: '0.0.0.0', port: 4242 },
  control: { port: 4242 },
  alerts: { sinks: [{ name: 'oncall', type: 'slack', url: '${SLACK_URL}' }] },
});
const problems = configProblems(config, {});
const doctor = (words: string, changes: Partial<CliContext> = {}) =>
  runCommand(doctorCommand, words, {
    dataDirectory: join(directory, 'data'),
    configProblems: () => problems,
    ...changes,
  });

describe('a configuration that "farthing up" refuses', () => {
  test('is wrong, in the sentences of the refusal', async () => {
    const { stdout, exitCode } = await doctor('');
    expect(exitCode).toBe(1);
    for (const { message } of problems) expect(stdout).toContain(`PROBLEM  ${message}`);
    expect(stdout).toContain('3 things are wrong.');
    const { config_problems: facts, findings } = JSON.parse((await doctor('--json')).stdout);
    expect(facts.map(({ code }: { code: string }) => code)).toEqual([
      'token_missing',
      'port_given_twice',
      'config_invalid',
    ]);
    expect(findings.slice(0, 3)).toMatchObject(
      problems.map(({ code, message }) => ({ severity: 'problem', code, message })),
    );
  });

  test('is a notice while a control plane runs, and nothing of one that was named by hand', async () => {
    const books = await openTestBooks();
    const served = await serveControlPlane(books.app, { host: '127.0.0.1', port: 0 });
    try {
      const dataDirectory = join(directory, 'running');
      writeControlFile(dataDirectory, {
        pid: process.pid,
        url: served.url,
        version: '1.2.3',
        started_at: '2026-03-01T00:00:00.000Z',
      });
      const running = JSON.parse((await doctor('--json', { dataDirectory })).stdout);
      const named = JSON.parse((await doctor('--json', { controlUrl: served.url })).stdout);
      expect(running.findings).toMatchObject(
        expect.arrayContaining([
          expect.objectContaining({ severity: 'notice', code: 'port_given_twice' }),
        ]),
      );
      expect(named.config_problems).toBeNull();
    } finally {
      await served.close();
      await books.close();
    }
  });
});
