import type { Job } from './jobs.js';
import { judgeJob } from './judge-job.js';

/** Makes one stream and runs it through every detector. */
process.on('message', (job: Job) => process.send!(judgeJob(job)));
