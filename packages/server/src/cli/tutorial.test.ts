import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../test-support/run-command.js';
import { createProgram } from './program.js';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const history = file('../../../../../shared/data/aider/message_send_history.jsonl');
// The page about forecasts shows one on the same history.
const pages = ['tutorial', 'forecast'].map((name) =>
  readFileSync(file(`../../../../docs/${name}.md`), 'utf8'),
);
const examples = [...pages.join('\n').matchAll(/```console\n\$ farthing (.+)\n([^]*?)```/g)].map(
  ([, command = '', output = '']) => ({ command, output }),
);

/**
 * The figures of a line: amounts, shares, counts above a thousand and fractions. They are what the tutorial is
 * about; words, widths and how a day is told may change.
 */
const figures = (line: string): string[] =>
  line.match(/[-+−]?\$\d[\d,.]*\d|\d[\d,]*(?:\.\d+)?(?= ?%)|\d{1,3}(?:,\d{3})+|\d+\.\d+/g) ?? [];

/** Ids are made from the records, and the published ones have other names of users. */
const isId = (line: string) => /^ *[\da-f]{8}-[\da-f-]{27}$/.test(line);

// The data sets are not part of the product: they lie beside it where it is developed.
describe.skipIf(!existsSync(history))('the tutorial, on the history that it tells of', () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-tutorial-'));
  afterAll(() => rm(dataDirectory, { recursive: true, force: true }));

  test('has commands to run, and begins with an import', () => {
    expect(examples.length).toBeGreaterThan(7);
    expect(examples[0]!.command).toBe('import aider aider-history.jsonl');
  });

  // In their order, as a reader would: what is imported is asked about.
  test.each(examples)('farthing $command', async ({ command, output }) => {
    const words = command
      .split(' ')
      .map((word) => (word === 'aider-history.jsonl' ? history : word));
    const { stdout, stderr } = await runCommand(
      (context) => createProgram(context as Parameters<typeof createProgram>[0]),
      words,
      { dataDirectory, now: () => new Date('2026-11-22T20:00:00.000Z') },
    );
    const shown = stdout.split('\n');
    let next = 0;
    for (const line of output.split('\n')) {
      const wanted = figures(line);
      if (wanted.length === 0 || isId(line)) continue;
      const found = shown.findIndex(
        (other, index) => index >= next && figures(other).join(' ') === wanted.join(' '),
      );
      expect(found, `${line}\nis not in\n${stdout}${stderr}`).toBeGreaterThanOrEqual(next);
      next = found + 1;
    }
  });
});
