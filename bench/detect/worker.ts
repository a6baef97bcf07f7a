import { generateStream } from './cost-bench.js';
import { judge, monitor } from './evaluate.js';
import { ours, type Job, type Judged } from './jobs.js';
import { seedRules } from './seed-rules.js';

/** Makes one stream and runs it through every detector. */
process.on('message', (job: Job) => {
  const stream = generateStream(job.kind, job.level, job.seed);
  const begun = performance.now();
  const pages = monitor(stream);
  const spent = performance.now() - begun;
  const outcomes: Judged['outcomes'] = { [ours]: judge(stream, pages) };
  for (const [name, rule] of Object.entries(seedRules)) {
    outcomes[name] = judge(stream, rule(stream));
  }
  const judged: Judged = { job, outcomes, calls: stream.calls.length, spent };
  process.send!(judged);
});
