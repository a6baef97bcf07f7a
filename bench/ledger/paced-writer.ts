import { writeSync } from 'node:fs';
import type { Entry } from '@farthing/core';
import { generateEntries } from './generate-entries.js';
import { linesOf, openSegment } from './journal-files.js';

// A process of its own: `paced-writer.ts <data directory> <calls per second> <seconds>`. It writes
// what is due every five milliseconds, as a gateway's group commit does. Each call's start is the
// moment in which its line is written, so that the reader can tell how long the line has waited.
const [directory = '', rate = '0', duration = '0'] = process.argv.slice(2);
const perSecond = Number(rate);
const total = perSecond * Number(duration);
const entries = generateEntries(2, () => Date.now());
const file = openSegment(directory, 'gateway', 1);

const began = performance.now();
let written = 0;
const timer = setInterval(() => {
  const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * perSecond));
  const lines: string[] = [];
  for (; written < due; written++) lines.push(linesOf(entries.next().value as Entry));
  if (lines.length > 0) writeSync(file, lines.join(''));
  if (written >= total) clearInterval(timer);
}, 5);
