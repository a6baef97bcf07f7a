import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { kinds, levels, type Level } from './cost-bench.js';
import { guardOutcomes, recordedFile, type Recorded } from './guard.js';
import { seedOf, type Job, type Judged } from './jobs.js';
import {
  renderFalseAlerts,
  renderMisses,
  renderStretch,
  renderTable,
  figuresOf,
  type Figures,
} from './table.js';

// npm run bench:detect [-- replications levels --ours --processes=1 --first=100 --record], e.g. -- 6 mid,low
const [replicationsText, levelsText] = process.argv
  .slice(2)
  .filter((each) => !each.startsWith('--'));
const option = (name: string): string | undefined =>
  process.argv.find((each) => each.startsWith(`--${name}`))?.split('=')[1];
const replications = Number(replicationsText ?? 24);
const chosen = (levelsText?.split(',') ?? Object.keys(levels)) as Level[];
/** Other streams than the recorded ones: what is right must not depend on them. */
const first = Number(option('first') ?? 0);
const rules = !process.argv.includes('--ours');
const processes = Number(option('processes') ?? 2);

const jobs: Job[] = [];
for (const level of chosen) {
  for (let replication = first; replication < first + replications; replication++) {
    for (const kind of kinds) {
      jobs.push({ kind, level, seed: seedOf(kind, level, replication), rules });
    }
  }
}

const all = await judgeAll(jobs);
const figures: Record<string, Figures> = {};
for (const level of chosen) {
  const judged = all.filter(({ job }) => job.level === level);
  figures[level] = print(
    `${level}: ${levels[level]} calls an hour, ${judged.length} streams`,
    judged,
  );
}
if (chosen.length > 1) figures['all'] = print(`all ${all.length} streams`, all);
const calls = all.reduce((sum, judged) => sum + judged.calls, 0);
const spent = all.reduce((sum, judged) => sum + judged.spent, 0);
console.log(`\n${calls} calls; ${((spent / calls) * 1e3).toFixed(1)} µs a call in our detectors`);

if (process.argv.includes('--record')) {
  const recorded: Recorded = { replications, figures, guard: guardOutcomes() };
  writeFileSync(recordedFile, `${JSON.stringify(recorded, null, 2)}\n`);
}

function print(title: string, judged: readonly Judged[]): Figures {
  const figures = figuresOf(judged);
  console.log(`\n### ${title}\n\n${renderTable(figures)}`);
  console.log(`\n${renderStretch(judged)} ${renderMisses(judged)} ${renderFalseAlerts(judged)}`);
  return figures;
}

/** In several processes; what comes back does not depend on which took what. */
async function judgeAll(queue: readonly Job[]): Promise<Judged[]> {
  const results: Judged[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: processes }).map(
      () =>
        new Promise<void>((resolve, reject) => {
          const worker = fork(new URL('worker.ts', import.meta.url));
          const give = () => {
            const job = queue[next++];
            if (job === undefined) worker.disconnect();
            else worker.send(job);
          };
          worker.on('message', (judged: Judged) => {
            results.push(judged);
            if (results.length % 50 === 0) console.error(`${results.length} of ${queue.length}`);
            give();
          });
          worker.on('error', reject);
          worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`exit ${code}`))));
          give();
        }),
    ),
  );
  return results;
}
