import { toCallRow } from '@farthing/core';
import { expect, test } from 'vitest';
import { sampleEntry } from '../../store/conformance/batches.js';
import { renderCallLine } from './render-call-line.js';

test('long names are cut to their columns in a terminal, and whole when piped', () => {
  const feature = 'answers-to-questions-about-orders';
  const call = { ...toCallRow(sampleEntry()), tags: { feature } };
  const line = (tty: boolean) =>
    renderCallLine(
      call,
      { write() {}, note() {}, progress() {}, tty, columns: 80, color: false },
      'UTC',
    );
  expect(line(false)).toContain(`${feature}  `);
  expect(line(true)).toContain('answers-to-question…  ');
});
