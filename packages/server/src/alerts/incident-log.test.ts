import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Incident } from '@farthing/core';
import { IncidentLog } from './incident-log.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'farthing-incidents-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const file = () => join(directory, 'alerts', 'incidents.jsonl');
const day = 86_400_000;
const now = Date.parse('2026-03-10T12:00:00.000Z');

function incident(id: string, changes: Partial<Incident> = {}): Incident {
  const at = new Date(now).toISOString();
  return {
    id,
    version: 1,
    state: 'open',
    severity: 'page',
    muted_until: null,
    group: { feature: 'search' },
    cause: 'output',
    run: null,
    title: 'search: output per call is 2.1 times what it was',
    summary: '',
    suggestion: '',
    since: at,
    opened_at: at,
    updated_at: at,
    last_seen_at: at,
    resolved_at: null,
    calls: 1,
    factor: 2.1,
    size: null,
    below_least_page: null,
    change: null,
    first_call: null,
    examples: [],
    findings: [],
    actions: [],
    history: [],
    ...changes,
  };
}

describe('incidents on disk', () => {
  test('are as they were kept last, after a start', async () => {
    const log = await IncidentLog.open(directory);
    log.keep(incident('inc_1'));
    log.keep(incident('inc_1', { version: 2, state: 'acknowledged' }));
    log.keep(incident('inc_2'));
    await log.flush();
    const again = await IncidentLog.open(directory);
    expect([...again.all].map(({ id, version }) => [id, version])).toEqual([
      ['inc_1', 2],
      ['inc_2', 1],
    ]);
  });

  test('a torn line is left out, and takes the next one not with it', async () => {
    const log = await IncidentLog.open(directory);
    log.keep(incident('inc_1'));
    await log.flush();
    appendFileSync(file(), '{"id":"inc_2","version":1,"sta');
    const again = await IncidentLog.open(directory);
    expect([...again.all]).toHaveLength(1);
    again.keep(incident('inc_3'));
    await again.flush();
    const last = await IncidentLog.open(directory);
    expect([...last.all].map(({ id }) => id)).toEqual(['inc_1', 'inc_3']);
  });

  test('what cannot be written is told, kept in memory, and written when it can be', async () => {
    mkdirSync(join(directory, 'alerts', 'incidents.jsonl'), { recursive: true });
    const log = await IncidentLog.open(directory).catch((error: unknown) => error as Error);
    // A folder in its place cannot be read either: that is said at the start.
    expect(log).toBeInstanceOf(Error);
    rmSync(join(directory, 'alerts'), { recursive: true });
    const open = await IncidentLog.open(directory);
    mkdirSync(file(), { recursive: true });
    open.keep(incident('inc_1'));
    await open.flush();
    expect(open.problem).toMatch(/incidents\.jsonl cannot be written: .*kept in memory/);
    expect(open.get('inc_1')).toBeDefined();
    rmSync(file(), { recursive: true });
    await open.flush();
    expect(open.problem).toBeNull();
    expect(readFileSync(file(), 'utf8')).toContain('"inc_1"');
  });

  test('what was resolved long ago is forgotten, and the file does not grow for ever', async () => {
    const log = await IncidentLog.open(directory);
    const at = (days: number) => new Date(now - days * day).toISOString();
    log.keep(incident('inc_old', { state: 'resolved', resolved_at: at(91) }));
    log.keep(incident('inc_young', { state: 'resolved', resolved_at: at(89) }));
    for (let version = 1; version <= 150; version++) {
      log.keep(incident('inc_open', { version }));
      await log.flush();
    }
    await log.tidy(now);
    expect([...log.all].map(({ id }) => id)).toEqual(['inc_young', 'inc_open']);
    expect(readFileSync(file(), 'utf8').trimEnd().split('\n')).toHaveLength(2);
    const again = await IncidentLog.open(directory);
    expect(again.get('inc_open')!.version).toBe(150);
  });
});
