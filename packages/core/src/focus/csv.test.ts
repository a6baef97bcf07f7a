import { expect, test } from 'vitest';
import { focusColumns, type FocusRow } from './columns.js';
import { focusCsvHeader, focusCsvLine } from './csv.js';

const blank = Object.fromEntries(focusColumns.map(({ name }) => [name, null])) as FocusRow;

test('columns stand in the order of the specification, custom ones last', () => {
  const names = focusCsvHeader().trimEnd().split(',');
  expect(names[0]).toBe('AvailabilityZone');
  expect(names.filter((name) => !name.startsWith('x_'))).toHaveLength(57);
  expect(names).toEqual([
    ...names.filter((name) => !name.startsWith('x_')).toSorted(),
    ...names.filter((name) => name.startsWith('x_')).toSorted(),
  ]);
});

test('null is an empty field; quotes, commas and line ends are quoted (RFC 4180)', () => {
  const line = focusCsvLine({ ...blank, AvailabilityZone: 'a "b", c\nd', Tags: '{"x":"y"}' });
  expect(line.startsWith('"a ""b"", c\nd",,')).toBe(true);
  expect(line).toContain('"{""x"":""y""}"');
  expect(line.endsWith('\r\n')).toBe(true);
  expect(line.split('\n').at(-2)?.match(/,/g)).toHaveLength(focusColumns.length - 1);
});
