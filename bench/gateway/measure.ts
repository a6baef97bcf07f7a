import { setTimeout as sleep } from 'node:timers/promises';
import { runLoad, type LoadTools } from './load.js';
import {
  coreTime,
  ownNanoseconds,
  treeMemory,
  treeNanoseconds,
  type CoreTime,
} from './processor-time.js';
import { pacing, type Scenario } from './scenarios.js';
import type { Running } from './targets/target.js';
import type { Upstream } from './upstream.js';

/** Above this share of a core's time taken by others (or by the hypervisor), a sample is noisy. */
export const noiseLimit = 0.1;

/** One measurement: one scenario on one target in one round. */
export interface Sample {
  target: string;
  scenario: string;
  round: number;
  completed: number;
  per_second: number;
  p50_us: number;
  p99_us: number;
  /** CPU of the whole proxy process tree, per request that reached the provider. Null for direct. */
  cpu_us_per_request: number | null;
  /** The same per chunk that the provider sent; of paced streams only. */
  cpu_us_per_chunk: number | null;
  /** Share of its core that the proxy used while under load. */
  proxy_core_share: number | null;
  resident_kb: number | null;
  peak_kb: number | null;
  /** Share of each core's time that neither the proxy nor the load explains, and stolen time. */
  foreign: { proxy_core: number; load_core: number };
  steal: { proxy_core: number; load_core: number };
  noisy: boolean;
  upstream: { requests: number; responses: number; chunks: number; abandoned: number };
  /** Why the sample must not be used: failed requests, or counts that disagree. */
  invalid: string | null;
}

export interface Bench {
  upstream: Upstream;
  tools: LoadTools;
  proxyCore: number;
  loadCore: number;
}

interface Snapshot {
  at: number;
  proxy: number;
  load: number;
  proxyCore: CoreTime;
  loadCore: CoreTime;
}

export async function measure(
  bench: Bench,
  target: { name: string; running: Running },
  scenario: Scenario,
  round: number,
): Promise<Sample> {
  const { upstream } = bench;
  const pid = target.running.process?.pid;
  const countsBefore = await upstream.counts();
  const before = snapshot(bench, pid);
  const result = await runLoad(scenario, target.running, bench.tools);
  const after = snapshot(bench, pid);
  const memory = pid === undefined ? undefined : treeMemory(pid);
  // wrk leaves its last requests unanswered. Once the proxy is done with them, all its CPU and all
  // its requests are counted, the half-done ones on both sides.
  if (pid !== undefined) await untilIdle(pid);
  const countsAfter = await upstream.counts();
  const settled = pid === undefined ? 0 : treeNanoseconds(pid) - before.proxy;
  const delta = {
    requests: countsAfter.requests - countsBefore.requests,
    responses: countsAfter.responses - countsBefore.responses,
    chunks: countsAfter.chunks - countsBefore.chunks,
    abandoned: countsAfter.abandoned - countsBefore.abandoned,
  };
  const elapsed = after.at - before.at;
  const share = (nanoseconds: number) => Math.max(0, nanoseconds / elapsed);
  const foreign = {
    proxy_core: share(after.proxyCore.busy - before.proxyCore.busy - (after.proxy - before.proxy)),
    load_core: share(after.loadCore.busy - before.loadCore.busy - (after.load - before.load)),
  };
  const steal = {
    proxy_core: share(after.proxyCore.steal - before.proxyCore.steal),
    load_core: share(after.loadCore.steal - before.loadCore.steal),
  };
  const onProxy = pid !== undefined;
  return {
    target: target.name,
    scenario: scenario.name,
    round,
    completed: result.completed,
    per_second: result.completed / result.seconds,
    p50_us: result.p50_us,
    p99_us: result.p99_us,
    cpu_us_per_request: onProxy && delta.requests > 0 ? settled / 1000 / delta.requests : null,
    cpu_us_per_chunk:
      onProxy && scenario.kind === 'paced' && delta.chunks > 0
        ? settled / 1000 / delta.chunks
        : null,
    proxy_core_share: onProxy ? share(after.proxy - before.proxy) : null,
    resident_kb: memory?.resident_kb ?? null,
    peak_kb: memory?.peak_kb ?? null,
    foreign,
    steal,
    noisy:
      foreign.proxy_core + steal.proxy_core > noiseLimit ||
      foreign.load_core + steal.load_core > noiseLimit,
    upstream: delta,
    invalid: whyInvalid(scenario, result, delta),
  };
}

/** Compares what the load generator counted with what the provider counted. */
function whyInvalid(
  scenario: Scenario,
  result: { completed: number; errors: number; events?: number },
  delta: Sample['upstream'],
): string | null {
  if (result.errors > 0) return `${result.errors} requests failed`;
  if (result.completed === 0) return 'no request was completed';
  // Each connection may have had one answer under way when the load ended.
  if (delta.responses < result.completed) {
    return `${result.completed} answers read, but the provider sent ${delta.responses}`;
  }
  if (delta.requests > result.completed + 2 * scenario.connections) {
    return `${result.completed} answers read for ${delta.requests} requests upstream`;
  }
  const eventsPerStream = pacing.chunks + 2; // and the usage chunk and [DONE]
  if (result.events !== undefined && result.events !== result.completed * eventsPerStream) {
    return `${result.events} events read in ${result.completed} streams of ${eventsPerStream}`;
  }
  return null;
}

function snapshot(bench: Bench, pid: number | undefined): Snapshot {
  return {
    at: Number(process.hrtime.bigint()),
    proxy: pid === undefined ? 0 : treeNanoseconds(pid),
    load: treeNanoseconds(bench.upstream.process.pid) + ownNanoseconds(),
    proxyCore: coreTime(bench.proxyCore),
    loadCore: coreTime(bench.loadCore),
  };
}

/** Waits until a process tree uses less than a tenth of a core, 3 s at most. */
async function untilIdle(pid: number): Promise<void> {
  const deadline = Date.now() + 3000;
  let last = treeNanoseconds(pid);
  while (Date.now() < deadline) {
    await sleep(100);
    const now = treeNanoseconds(pid);
    if (now - last < 10_000_000) return;
    last = now;
  }
}
