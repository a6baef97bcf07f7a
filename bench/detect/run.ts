import { fork } from 'node:child_process';
import { harmlessKinds, incidentKinds, levels, type Level } from './cost-bench.js';
import type { Job, Judged } from './jobs.js';
import { renderFalseAlerts, renderTable } from './table.js';

// npm run bench:detect [-- replications levels], e.g. -- 6 mid,low
const replications = Number(process.argv[2] ?? 24);
const chosen = (process.argv[3]?.split(',') ?? Object.keys(levels)) as Level[];
const kinds = [...incidentKinds, ...harmlessKinds];

const jobs: Job[] = [];
for (const level of chosen) {
  for (let replication = 0; replication < replications; replication++) {
    for (const [place, kind] of kinds.entries()) {
      const seed = 7919 * replication + 131 * place + 17 * Object.keys(levels).indexOf(level);
      jobs.push({ kind, level, seed });
    }
  }
}

const all = await judgeAll(jobs);
for (const level of chosen) {
  const judged = all.filter(({ job }) => job.level === level);
  console.log(`\n### ${level}: ${levels[level]} calls an hour, ${judged.length} streams\n`);
  console.log(renderTable(judged));
  console.log(`\n${renderFalseAlerts(judged)}`);
}
const calls = all.reduce((sum, judged) => sum + judged.calls, 0);
const spent = all.reduce((sum, judged) => sum + judged.spent, 0);
console.log(`\n${calls} calls; ${((spent / calls) * 1e3).toFixed(1)} µs a call in our detectors`);

/** In two processes; what comes back does not depend on which took what. */
async function judgeAll(queue: readonly Job[]): Promise<Judged[]> {
  const results: Judged[] = [];
  let next = 0;
  await Promise.all(
    [0, 1].map(
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
