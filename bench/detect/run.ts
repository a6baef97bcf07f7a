import { fork } from 'node:child_process';
import { harmlessKinds, incidentKinds, levels, type Level } from './cost-bench.js';
import type { Job, Judged } from './jobs.js';
import { renderFalseAlerts, renderMisses, renderStretch, renderTable } from './table.js';

// npm run bench:detect [-- replications levels --ours --processes=1 --first=100], e.g. -- 6 mid,low
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
const kinds = [...incidentKinds, ...harmlessKinds];

const jobs: Job[] = [];
for (const level of chosen) {
  for (let replication = first; replication < first + replications; replication++) {
    for (const [place, kind] of kinds.entries()) {
      const seed = 7919 * replication + 131 * place + 17 * Object.keys(levels).indexOf(level);
      jobs.push({ kind, level, seed, rules });
    }
  }
}

const all = await judgeAll(jobs);
for (const level of chosen) {
  const judged = all.filter(({ job }) => job.level === level);
  print(`${level}: ${levels[level]} calls an hour, ${judged.length} streams`, judged);
}
if (chosen.length > 1) print(`all ${all.length} streams`, all);
const calls = all.reduce((sum, judged) => sum + judged.calls, 0);
const spent = all.reduce((sum, judged) => sum + judged.spent, 0);
console.log(`\n${calls} calls; ${((spent / calls) * 1e3).toFixed(1)} µs a call in our detectors`);

function print(title: string, judged: readonly Judged[]): void {
  console.log(`\n### ${title}\n\n${renderTable(judged)}`);
  console.log(`\n${renderStretch(judged)} ${renderMisses(judged)} ${renderFalseAlerts(judged)}`);
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
