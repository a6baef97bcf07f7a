import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { commonHeaders } from './equality.js';
import { bodies, pacing, type BodyName, type Scenario } from './scenarios.js';
import type { Running } from './targets/target.js';

export interface LoadTools {
  /** The compiled client of load/paced.c. */
  paced: string;
  closedLoopScript: string;
  bodyFiles: Record<BodyName, string>;
  /** Where the paced client's requests are written. */
  directory: string;
}

/** What the load generator saw. */
export interface LoadResult {
  /** Answers that were read to their end. */
  completed: number;
  seconds: number;
  bytes: number;
  /** Time from sending a request to the end of its answer, in microseconds. */
  p50_us: number;
  p99_us: number;
  /** Connections, reads, writes, timeouts and statuses that were not 2xx; all must be 0. */
  errors: number;
  /** SSE events read, of the paced client alone. */
  events?: number;
}

/** Puts one scenario's load on a target, for `seconds`. Runs on the bench's own core. */
export function runLoad(
  scenario: Scenario,
  running: Running,
  tools: LoadTools,
  seconds = scenario.seconds,
): Promise<LoadResult> {
  return scenario.kind === 'paced'
    ? runPaced(scenario, running, tools, seconds)
    : runClosedLoop(scenario, running, tools, seconds);
}

async function runClosedLoop(
  scenario: Scenario,
  running: Running,
  tools: LoadTools,
  seconds: number,
): Promise<LoadResult> {
  const headers = Object.entries({ ...commonHeaders, ...running.headers });
  const output = await run('wrk', [
    '--threads=1',
    `--connections=${scenario.connections}`,
    `--duration=${seconds}s`,
    '--timeout=15s',
    `--script=${tools.closedLoopScript}`,
    `http://127.0.0.1:${running.port}/v1/chat/completions`,
    '--',
    tools.bodyFiles[scenario.body],
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ]);
  const line = /^RESULT (.+)$/m.exec(output)?.[1];
  if (line === undefined) throw new Error(`wrk gave no result:\n${output}`);
  const result = JSON.parse(line) as {
    requests: number;
    duration_us: number;
    bytes: number;
    p50_us: number;
    p99_us: number;
    errors: Record<string, number>;
  };
  return {
    completed: result.requests,
    seconds: result.duration_us / 1e6,
    bytes: result.bytes,
    p50_us: result.p50_us,
    p99_us: result.p99_us,
    errors: Object.values(result.errors).reduce((sum, count) => sum + count, 0),
  };
}

async function runPaced(
  scenario: Scenario,
  running: Running,
  tools: LoadTools,
  seconds: number,
): Promise<LoadResult> {
  const body = bodies[scenario.body];
  const headers = {
    host: `127.0.0.1:${running.port}`,
    ...commonHeaders,
    ...running.headers,
    'content-length': Buffer.byteLength(body),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const file = join(tools.directory, 'paced-request.http');
  writeFileSync(file, `POST /v1/chat/completions HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  const output = await run(
    tools.paced,
    [running.port, file, scenario.connections, seconds, pacing.interval_ms].map(String),
  );
  const result = JSON.parse(output) as {
    streams: number;
    events: number;
    bytes: number;
    errors: number;
    elapsed_ms: number;
    stream_ms_p50: number;
    stream_ms_p99: number;
  };
  return {
    completed: result.streams,
    seconds: result.elapsed_ms / 1000,
    bytes: result.bytes,
    p50_us: result.stream_ms_p50 * 1000,
    p99_us: result.stream_ms_p99 * 1000,
    errors: result.errors,
    events: result.events,
  };
}

async function run(command: string, parameters: readonly string[]): Promise<string> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', command, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  const [code, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${command} failed (${code}): ${errors || output}`);
  return output;
}
