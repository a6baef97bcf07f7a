import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { CliOutput } from '../context.js';
import { renderTable, style, type Column } from './table.js';

const output = (columns: number | null, color = false): CliOutput => ({
  write() {},
  note() {},
  progress() {},
  tty: columns !== null,
  columns: columns ?? 80,
  color,
});
const piped = output(null);

const title =
  'search: output per call is 2.1 times what it was, since template version v7 took over from v6';
const left = (header: string, ...cells: string[]): Column => ({ header, align: 'left', cells });
const right = (header: string, ...cells: string[]): Column => ({ header, align: 'right', cells });
const incident = [left('id', 'inc_1azo02no9z3'), right('so far', '$1.00'), left('what', title)];

describe('piped', () => {
  test('nothing is cut, however long', () => {
    const name = 'n'.repeat(300);
    const lines = renderTable([...incident, left('name', name)], piped).split('\n');
    expect(lines[1]).toBe(`inc_1azo02no9z3   $1.00  ${title}  ${name}`);
  });
});

describe('in a terminal', () => {
  const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

  test('a table that fits is whole', () => {
    const table = renderTable(incident, output(200));
    expect(table).toContain(title);
    expect(table).not.toContain('…');
  });

  test.each([60, 80, 100])(
    'of %i columns it is cut to them, and only where there are words',
    (columns) => {
      const table = renderTable(incident, output(columns));
      expect(widest(table)).toBe(columns);
      expect(table).toMatch(/^inc_1azo02no9z3 +\$1\.00 {2}search: output per call .*…$/m);
    },
  );

  test('words are cut before names, and the widest first', () => {
    const model = 'accounts/acme/models/llama-v3p1-70b-instruct';
    const columns = [left('model', model), left('why', title), left('note', 'on call looks at it')];
    const table = renderTable(columns, output(100));
    expect(widest(table)).toBe(100);
    expect(table).toContain(`${model}  search: `);
    expect(table).toMatch(/on call looks at it$/m);
  });

  test('names that are far too long are cut, too; ids are not', () => {
    const id = '0af76519-16cd-43dd-8448-eb211c80319c';
    const table = renderTable([left('id', id), left('name', 'n'.repeat(300))], output(90));
    expect(widest(table)).toBe(90);
    expect(table).toContain(id);
  });

  test('where it cannot fit, lines break anyway and words are left', () => {
    expect(renderTable(incident, output(40))).toContain(
      'search: output per call is 2.1 times what it was, since tem…',
    );
  });

  test('colors take no room and are never cut through', () => {
    const colored = output(60, true);
    const bar = style(colored, 'cyan', '████');
    const table = renderTable([...incident, left('', bar)], colored);
    expect(table).toContain(bar);
    expect(widest(stripVTControlCharacters(table))).toBe(60);
  });

  test('wide characters count twice', () => {
    const lines = renderTable([left('what', '検索 の 費用 が '.repeat(20).trim())], output(40));
    const cell = lines.split('\n')[2]!;
    const wide = [...cell].filter((character) => /\p{Script=Han}/u.test(character)).length;
    expect(cell.endsWith('…')).toBe(true);
    expect(cell.length + wide).toBeLessThanOrEqual(40);
  });
});
