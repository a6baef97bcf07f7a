import { generateStream, harmlessKinds, incidentKinds, levels, type Level } from './cost-bench.js';
import { judge, monitor, type Outcome } from './evaluate.js';

const replications = Number(process.argv[2] ?? 6);
const chosen = (process.argv[3]?.split(',') ?? Object.keys(levels)) as Level[];
const kinds = [...incidentKinds, ...harmlessKinds];

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const p90 = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.9)] ?? NaN;

const started = performance.now();
let calls = 0;
let spent = 0;
for (const level of chosen) {
  console.log(`== ${level}: ${levels[level]} calls an hour`);
  const names = new Map<string, number>();
  for (const [place, kind] of kinds.entries()) {
    const outcomes: Outcome[] = [];
    for (let replication = 0; replication < replications; replication++) {
      const seed = 7919 * replication + 131 * place + 17 * Object.keys(levels).indexOf(level);
      const stream = generateStream(kind, level, seed);
      calls += stream.calls.length;
      const begun = performance.now();
      const pages = monitor(stream);
      spent += performance.now() - begun;
      const outcome = judge(stream, pages);
      for (const { name } of outcome.falseAlerts) names.set(name, (names.get(name) ?? 0) + 1);
      outcomes.push(outcome);
    }
    const delays = outcomes.flatMap(({ delay }) => (delay == null ? [] : [delay]));
    const weeks = outcomes.reduce((sum, { scoredWeeks }) => sum + scoredWeeks, 0);
    const alerts = outcomes.reduce((sum, { falseAlerts }) => sum + falseAlerts.length, 0);
    const by = new Map<string, number>();
    for (const { name } of delays) by.set(name, (by.get(name) ?? 0) + 1);
    console.log(
      kind.padEnd(16),
      outcomes[0]!.delay === null
        ? ''.padEnd(58)
        : `${delays.length}/${outcomes.length}  calls p50 ${median(delays.map((d) => d.calls))} p90 ${p90(delays.map((d) => d.calls))}  min p50 ${median(delays.map((d) => d.minutes)).toFixed(1)}`.padEnd(
            58,
          ),
      `false/week ${(alerts / weeks).toFixed(3)}`,
      [...by].map(([name, count]) => `${name} ${count}`).join(', '),
    );
  }
  console.log('false alerts by', [...names].map(([name, count]) => `${name} ${count}`).join(', '));
}
console.log(
  `${calls} calls, ${((spent / calls) * 1e3).toFixed(2)} µs a call in detectors, ${((performance.now() - started) / 1e3).toFixed(0)} s in all`,
);
