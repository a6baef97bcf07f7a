import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Command } from 'commander';
import { runCommand } from '../../../test-support/run-command.js';
import type { CliContext } from '../context.js';
import { budgetsCommand } from './budgets.js';
import { runOrderCommands } from './restrictions.js';

let dataDirectory: string;
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-restrictions-cli-'));
});
afterEach(() => rmSync(dataDirectory, { recursive: true, force: true }));

const budgets = (words: string[]) => runCommand(budgetsCommand, words, { dataDirectory });
const runs = (words: string[]) =>
  runCommand(
    (context: CliContext) => {
      const command = new Command('runs');
      for (const order of runOrderCommands(context)) command.addCommand(order.exitOverride());
      return command;
    },
    words,
    { dataDirectory },
  );

describe('farthing budgets restrict', () => {
  test('restricts for a time, and is lifted by its id', async () => {
    const words = ['restrict', '--scope', 'feature=search', '--step', 'throttle', '--one-in', '10'];
    const made = await budgets([...words, '--for', '30m', '--cause', 'it costs too much']);
    const [, id] =
      /^Restriction (\S+): throttle for calls with feature=search until 2026-03-02 00:30:00 UTC, by ada\.$/m.exec(
        made.stdout,
      )!;
    expect((await budgets(['restrictions'])).stdout).toMatch(
      /throttle, 1 in 10 passes +feature=search +2026-03-02 00:30 +ada +it costs too much/,
    );
    // Also beside the budgets, where people look first.
    expect((await budgets([])).stdout).toContain('1 in 10 passes');
    expect((await budgets(['lift', id!])).stdout).toBe(`Lifted restriction ${id}, by ada.\n`);
    expect((await budgets(['restrictions'])).stdout).toBe(
      'Nothing restricts calls, and no run is stopped.\n',
    );
  });

  test('of all calls, to a cheaper model', async () => {
    const words = ['restrict', '--step', 'downgrade', '--downgrade', 'gpt-5.4,gpt-5.4-mini'];
    const { stdout } = await budgets([...words, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      scope: {},
      downgrade: ['gpt-5.4', 'gpt-5.4-mini'],
      one_in: null,
      until: '2026-03-02T01:00:00.000Z',
    });
    expect((await budgets(['restrictions'])).stdout).toContain('downgrade gpt-5.4 → gpt-5.4-mini');
  });

  test.each([
    [['restrict', '--step', 'block', '--for', 'ever'], '--for takes a duration like 30m'],
    [['restrict', '--step', 'block', '--for', '90d'], 'from a second to 31 days'],
    [['restrict', '--step', 'throttle', '--one-in', '1'], '--one-in takes a whole number from 2'],
    [['lift', 're-9'], 'No restriction re-9 is in force'],
  ])('refuses what cannot be meant: %j', async (words, message) => {
    const { stderr, exitCode } = await budgets(words);
    expect(stderr).toContain(message);
    expect(exitCode).not.toBe(0);
  });
});

describe('farthing runs', () => {
  test('stop and release', async () => {
    const { stdout } = await runs(['stop', 'r_1', '--cause', 'it loops', '--note', 'see chat']);
    expect(stdout).toBe('Stopped run r_1 until 2026-03-02 01:00:00 UTC, by ada.\n');
    expect((await budgets(['restrictions'])).stdout).toMatch(
      /stopped +run r_1 +2026-03-02 01:00 +ada +it loops \(see chat\)/,
    );
    expect((await runs(['release', 'r_1'])).stdout).toBe('Released run r_1, by ada.\n');
    const again = await runs(['release', 'r_1']);
    expect(again.stderr).toContain('No run r_1 is stopped');
  });
});
