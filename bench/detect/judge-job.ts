import { generateStream } from './cost-bench.js';
import { judge, monitor } from './evaluate.js';
import { ours, type Job, type Judged } from './jobs.js';
import { lordenBound } from './lorden.js';
import { pagesOfRule, seedRules } from './seed-rules.js';

/** Makes one stream and runs it through every detector. */
export function judgeJob(job: Job): Judged {
  const stream = generateStream(job.kind, job.level, job.seed);
  const begun = performance.now();
  const pages = monitor(stream);
  const spent = performance.now() - begun;
  const outcomes: Judged['outcomes'] = { [ours]: judge(stream, pages) };
  for (const name of job.rules ? Object.keys(seedRules) : []) {
    outcomes[name] = judge(stream, pagesOfRule(name, stream));
  }
  return { job, outcomes, calls: stream.calls.length, spent, bound: lordenBound(stream) };
}
