import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toCallRow, type AuditReport, type DriftReport } from '@farthing/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { driftedCalls } from '../../../test-support/drifted-calls.js';
import { runCommand } from '../../../test-support/run-command.js';
import { openLocalBooks } from '../../processes/local-books.js';
import { sampleEntry } from '../../store/conformance/batches.js';
import { openDuckDbStore } from '../../store/duckdb/index.js';
import { auditAnswer, driftAnswer } from '../../answers/index.js';
import { answerCommand } from './answer-command.js';
import { renderAudit } from './render-audit.js';
import { renderDrift } from './render-drift.js';
import type { CliContext } from '../context.js';
import { renderCallLine } from '../calls/render-call-line.js';

const driftCommand = (context: CliContext) => answerCommand(context, driftAnswer, renderDrift);
const auditCommand = (context: CliContext) => answerCommand(context, auditAnswer, renderAudit);

const dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-drift-'));
const now = () => new Date('2026-03-04T00:00:00.000Z');
beforeAll(async () => {
  const books = await openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
  await books.appendEntries(driftedCalls());
  await books.bookAll();
  await books.close();
});
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

test('farthing drift shows what is off, and says it in a sentence', async () => {
  const { stdout, exitCode } = await runCommand(driftCommand, '--since 3d', { dataDirectory, now });
  expect(exitCode).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(/^Estimates against what was counted, 2026-03-01/);
  expect(lines[2]).toMatch(/^feature +calls +estimated +actual +cost +input +output +over 30% /);
  expect(lines[3]).toMatch(/^chat +144 .* 1\.00 × .* 33\.3% +– +2026-03-03 00:00$/);
  expect(lines[4]).toMatch(/^search +144 .* 0\.0% +– +–$/);
  expect(stdout).toContain('since 2026-03-03 00:00 UTC, because answers are longer.');
});

test('--json is the report; --threshold and the configuration set what counts as drifted', async () => {
  const report = async (flags: string, changes = {}) => {
    const context = { dataDirectory, now, ...changes };
    const { stdout } = await runCommand(driftCommand, `--since 3d --json ${flags}`, context);
    return JSON.parse(stdout) as DriftReport;
  };
  expect((await report('')).threshold).toBe(0.3);
  expect((await report('', { driftThreshold: 0.4 })).threshold).toBe(0.4);
  const { threshold, rows } = await report('--threshold 1.5 --by template_version');
  expect(threshold).toBe(1.5);
  expect(rows.map(({ group, drifted_calls: drifted }) => [group, drifted])).toEqual([
    [{ template_version: 'v2' }, 0],
    [{ template_version: 'v1' }, 0],
  ]);
});

test('a threshold that is none is refused with what would be right', async () => {
  const { stderr, exitCode } = await runCommand(driftCommand, '--threshold 30%', {
    dataDirectory,
    now,
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('a share like 0.3 for 30 %');
});

test('farthing audit shows each feature’s sources and names its lever', async () => {
  const { stdout } = await runCommand(auditCommand, '--since 3d', { dataDirectory, now });
  expect(stdout).toMatch(/chat: 144 calls, 144,000 input tokens, \$0\./);
  expect(stdout).toMatch(/history +100,800 +70\.0% +700 +–/);
  expect(stdout).toMatch(/Largest lever: Earlier turns are \d+ % of the input's cost: summarise/);
  const { stdout: json } = await runCommand(auditCommand, '--since 3d --by feature --json', {
    dataDirectory,
    now,
  });
  expect((JSON.parse(json) as AuditReport).rows).toHaveLength(2);
});

test('an audit of nothing says how calls come to be taken apart', async () => {
  const early = { dataDirectory, now: () => new Date('2026-02-01T00:00:00.000Z') };
  const { stdout } = await runCommand(auditCommand, '', early);
  expect(stdout).toContain('No call in this window was taken apart');
  expect((await runCommand(driftCommand, '', early)).stdout).toContain('No calls in this window');
});

test('tail marks a call that drifted, beyond the threshold alone', () => {
  const output = { write() {}, note() {}, progress() {}, tty: false, columns: 80, color: false };
  const drifted = toCallRow(driftedCalls().at(-1)!);
  const line = renderCallLine(drifted, output, 'UTC');
  expect(line).toMatch(/ok {2}COST_DRIFT \+100% of \$0\.0009375\n$/);
  expect(renderCallLine(drifted, output, 'UTC', 1.5)).not.toContain('COST_DRIFT');
  expect(renderCallLine(toCallRow(sampleEntry()), output, 'UTC')).not.toContain('COST_DRIFT');
});
