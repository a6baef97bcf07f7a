import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { freePort, startPinned, untilListening, type Started } from '../gateway/processes.js';
import { treeNanoseconds } from '../gateway/processor-time.js';
import { bodies } from '../gateway/scenarios.js';
import { startUpstream } from '../gateway/upstream.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Three levels that every call is of: far from their limits, or with nothing left. */
const budgets = (usd: number) => [
  { name: 'company', limit: { usd: 1e6, tokens: 1e12 }, window: 'month' },
  { name: 'feature', scope: { feature: 'invoice-check' }, limit: usd, window: 'total' },
  { name: 'team', scope: { 'tag:team': '*' }, limit: 5e5, window: 'rolling hour' },
];

export interface GatewayFigures {
  name: string;
  /** CPU of the gateway's process tree by request: the median of the blocks. */
  microseconds: number;
  /** That of the block that was disturbed least. */
  least: number;
  p50: number;
  p99: number;
  requests: number;
}

interface Contestant {
  name: string;
  port: number;
  server: Started;
  blocks: { microseconds: number; p50: number; p99: number; requests: number }[];
}

/**
 * What a 2 KB call through the gateway costs without budgets, with three, and refused by one; beside it
 * a bare server that refuses everything. All stay up and are measured in turns, in one run; BENCH_BASE
 * names a folder with another build to compare.
 */
export async function measureGateways(rounds = 9, seconds = 2): Promise<GatewayFigures[]> {
  const directory = mkdtempSync(join(tmpdir(), 'farthing-bench-'));
  const mock = join(directory, 'mock');
  const sources = ['mock.c', 'answers.c'].map((name) => join(root, 'bench/gateway/upstream', name));
  execFileSync('gcc', ['-O2', '-o', mock, ...sources], { stdio: 'inherit' });
  const bodyFile = join(directory, 'body.json');
  writeFileSync(bodyFile, bodies['2kb']);
  const upstream = await startUpstream(mock, 1);
  const contestants: Contestant[] = [];
  const base = process.env['BENCH_BASE'];
  const add = async (name: string, settings: object, folder = root) => {
    const program = join(folder, 'packages/server/dist/main.js');
    contestants.push(await start(name, program, join(directory, name), upstream.port, settings));
  };
  try {
    await add('off', {});
    await add('on', { budgets: budgets(5e5) });
    await add('refused', { budgets: budgets(1e-9) });
    contestants.push(await startBare());
    if (base !== undefined) await add('base', {}, base);
    // Until the just-in-time compiler has seen it all.
    for (const contestant of contestants) await load(contestant, bodyFile, 2 * seconds);
    for (let round = 0; round < rounds; round++) {
      for (let index = 0; index < contestants.length; index++) {
        const contestant = contestants[(index + round) % contestants.length]!;
        const before = treeNanoseconds(contestant.server.pid);
        const { requests, p50_us, p99_us } = await load(contestant, bodyFile, seconds);
        const spent = treeNanoseconds(contestant.server.pid) - before;
        contestant.blocks.push({
          microseconds: spent / 1_000 / requests,
          p50: p50_us,
          p99: p99_us,
          requests,
        });
      }
    }
  } finally {
    for (const { server } of contestants) await server.stop();
    await upstream.process.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  return contestants.map(({ name, blocks }) => ({
    name,
    microseconds: median(blocks.map((block) => block.microseconds)),
    least: Math.min(...blocks.map((block) => block.microseconds)),
    p50: median(blocks.map((block) => block.p50)),
    p99: median(blocks.map((block) => block.p99)),
    requests: blocks.reduce((sum, block) => sum + block.requests, 0),
  }));
}

async function start(
  name: string,
  program: string,
  folder: string,
  upstreamPort: number,
  settings: object,
): Promise<Contestant> {
  const port = await freePort();
  const file = `${folder}.yaml`;
  const providers = { openai: { base_url: `http://127.0.0.1:${upstreamPort}` } };
  writeFileSync(file, JSON.stringify({ data: folder, gateway: { port }, providers, ...settings }));
  const server = startPinned(0, process.execPath, [program, 'gateway', '--config', file]);
  await untilListening(port, server, `gateway "${name}"`);
  return { name, port, server, blocks: [] };
}

async function startBare(): Promise<Contestant> {
  const port = await freePort();
  const program = join(root, 'bench/budget/bare-server.ts');
  const server = startPinned(0, process.execPath, ['--import', 'tsx', program, String(port)]);
  await untilListening(port, server, 'the bare server');
  return { name: 'bare server', port, server, blocks: [] };
}

interface Load {
  requests: number;
  p50_us: number;
  p99_us: number;
}

async function load({ port }: Contestant, bodyFile: string, seconds: number): Promise<Load> {
  const script = join(root, 'bench/gateway/load/closed-loop.lua');
  const url = `http://127.0.0.1:${port}/openai/v1/chat/completions`;
  const headers = [
    'Content-Type: application/json',
    'Authorization: Bearer sk-bench',
    'x-farthing-feature: invoice-check',
    'x-farthing-team: finance',
  ];
  const wrk = spawn(
    'taskset',
    [
      '-c',
      '1',
      'wrk',
      '-t',
      '1',
      '-c',
      '16',
      '-d',
      `${seconds}s`,
      '-s',
      script,
      url,
      '--',
      bodyFile,
    ].concat(headers),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const output = await text(wrk.stdout);
  const result = /^RESULT (.*)$/m.exec(output)?.[1];
  if (result === undefined) throw new Error(`wrk said nothing of use:\n${output}`);
  return JSON.parse(result) as Load;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
