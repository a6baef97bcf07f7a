import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillStore } from '../ledger/fill-store.js';
import { answersByName } from './answers-by-name.js';
import { questions, type Question } from './questions.js';

// `npm run bench:answers [-- report explain]`: all answers, or those that are named.
// FARTHING_BENCH_CALLS sets over how many calls (default ten million); FARTHING_BENCH_STORE names a
// directory with a store that was filled before, or that is to be kept.
const named = process.argv.slice(2);
const calls = Number(process.env['FARTHING_BENCH_CALLS'] ?? 10_000_000);
const kept = process.env['FARTHING_BENCH_STORE'];
const directory = kept ?? mkdtempSync(join(tmpdir(), 'farthing-bench-'));

interface Figure {
  question: string;
  'median ms': number | string;
  'all ms': string;
  /** Of all threads: what a loaded machine changes least. */
  'cpu ms': number | string;
  'peak MB': number | string;
  'answer KB': number | string;
}

console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`);
const figures: Figure[] = [];
try {
  mkdirSync(directory, { recursive: true });
  if (!isFile(join(directory, 'farthing.duckdb'))) {
    const began = performance.now();
    const rows = await fillStore(directory, calls);
    console.log(
      `Filled in ${Math.round((performance.now() - began) / 1000)} s: ${JSON.stringify(rows)}`,
    );
  }
  const asked = questions.map(({ answer }) => answer);
  const unasked = [...answersByName.keys()].filter((name) => !asked.includes(name));
  const all: Question[] = [
    ...questions,
    ...unasked.map((answer) => ({ answer, parameters: { since: '30d' } })),
  ];
  for (const question of all) {
    if (named.length > 0 && !named.includes(question.answer)) continue;
    if (!answersByName.has(question.answer)) continue;
    const figure = measure(question);
    figures.push(figure);
    console.log(
      `${figure.question}: ${figure['median ms']} ms (${figure['all ms']}), CPU ${figure['cpu ms']} ms, ${figure['peak MB']} MB`,
    );
  }
} finally {
  if (kept === undefined) rmSync(directory, { recursive: true, force: true });
}
console.table(figures);
const results = fileURLToPath(new URL('../results/', import.meta.url));
mkdirSync(results, { recursive: true });
const at = new Date().toISOString();
writeFileSync(
  join(results, `answers-${at.replaceAll(/[:.]/g, '-')}.json`),
  `${JSON.stringify({ at, calls, figures }, null, 2)}\n`,
);

/** Each question in a process of its own, so that the peak of its memory is its own. */
function measure({ answer, name = answer, parameters }: Question): Figure {
  const child = spawnSync(
    process.execPath,
    [
      ...process.execArgv,
      fileURLToPath(new URL('ask.ts', import.meta.url)),
      directory,
      answer,
      JSON.stringify(parameters),
    ],
    { encoding: 'utf8', maxBuffer: 1 << 26, env: process.env },
  );
  try {
    const { milliseconds, cpuMilliseconds, peakBytes, answerBytes } = JSON.parse(child.stdout) as {
      milliseconds: number[];
      cpuMilliseconds: number[];
      peakBytes: number;
      answerBytes: number;
    };
    return {
      question: name,
      'median ms': Math.round(median(milliseconds)),
      'all ms': milliseconds.map((each) => Math.round(each)).join(' '),
      'cpu ms': Math.round(median(cpuMilliseconds)),
      'peak MB': Math.round(peakBytes / (1 << 20)),
      'answer KB': Math.round(answerBytes / 1024),
    };
  } catch {
    const [reason = 'no answer'] = child.stderr.split('\n').filter((line) => /Error/.test(line));
    return {
      question: name,
      'median ms': reason.trim(),
      'all ms': '',
      'cpu ms': '',
      'peak MB': '',
      'answer KB': '',
    };
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
