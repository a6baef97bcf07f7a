import { OutputModel } from '../../packages/core/src/estimate/output-model.js';
import { constant, prequential } from './prequential.js';
import { readTraces } from './traces.js';

const traces = readTraces(new URL('../../../shared/data/', import.meta.url));
if (traces === null) {
  process.stderr.write(
    'bench:estimate needs the data sets in ../shared/data, which are not here.\n',
  );
  process.exit(0);
}
const digits = (value: number, places = 3) => value.toFixed(places);
process.stdout.write(
  '| trace | calls | 500 for all: WAPE / under p95 | learned: WAPE | p95 coverage | worst 500 | p99 coverage | hold ÷ actual at q99 | at max_tokens | µs per call |\n|--|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n',
);
for (const { name, calls } of traces) {
  const naive = constant(calls, 500);
  const started = performance.now();
  const score = prequential(calls, new OutputModel());
  const microseconds = ((performance.now() - started) * 1_000) / calls.length;
  const cells = [
    name,
    calls.length.toLocaleString('en-US'),
    `${digits(naive.wape, 2)} / ${digits(naive.coverage95)}`,
    digits(score.wape, 2),
    digits(score.coverage95),
    digits(score.worst500),
    digits(score.coverage99),
    digits(score.holdQ99, 1),
    digits(score.holdMaximum, 0),
    digits(microseconds, 1),
  ];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}
