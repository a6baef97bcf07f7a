// npm run bench:gateway: what a call through Farthing costs, beside what else one could put there.
// Method and how to read the figures: README.md in this folder.

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareWithDirect } from './equality.js';
import { judge } from './goals.js';
import { runLoad } from './load.js';
import { allowedCores, describeMachine, findTool, howToInstall, pinSelf } from './machine.js';
import { measure, type Bench, type Sample } from './measure.js';
import { readOptions, usage, type Options } from './options.js';
import { killAll } from './processes.js';
import { mediansOf, renderMarkdown, type RunRecord, type TargetRecord } from './report.js';
import { makeScenarios, writeBodies, type Scenario } from './scenarios.js';
import { summaryFinder } from './summary.js';
import { targets as allTargets } from './targets/index.js';
import { Unavailable, type Running, type Surroundings, type Target } from './targets/target.js';
import { startUpstream } from './upstream.js';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const buildDirectory = join(root, 'bench/.build');
const workDirectory = join(buildDirectory, `gateway-${process.pid}`);

interface Contender {
  target: Target;
  running: Running;
  surroundings: Surroundings;
  record: TargetRecord;
  upstreamCalls: number;
}

async function main(options: Options): Promise<void> {
  const started = Date.now();
  const { targets, scenarios } = select(options);
  const [proxyCore, loadCore] = requireMachine();
  pinSelf(loadCore);
  const programs = compile();
  mkdirSync(workDirectory, { recursive: true });
  const upstream = await startUpstream(programs.mock, loadCore);
  const bench: Bench = {
    upstream,
    proxyCore,
    loadCore,
    tools: {
      paced: programs.paced,
      closedLoopScript: join(here, 'load/closed-loop.lua'),
      bodyFiles: writeBodies(join(workDirectory, 'bodies')),
      directory: workDirectory,
    },
  };
  const records: TargetRecord[] = [];
  const contenders: Contender[] = [];
  for (const target of targets) {
    const record: TargetRecord = { name: target.name, title: target.title, version: '' };
    records.push(record);
    const contender = await enter(bench, target, record);
    if (contender) contenders.push(contender);
  }
  announce(options, contenders, scenarios);
  for (const contender of contenders) await warmUp(bench, contender, scenarios);
  const samples: Sample[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    for (const scenario of scenarios) {
      for (const contender of rotate(contenders, round)) {
        samples.push(await take(bench, contender, scenario, round));
      }
    }
  }
  for (const contender of contenders) await leave(contender);
  await upstream.process.stop();
  const find = summaryFinder(samples);
  const run: RunRecord = {
    benchmark: 'gateway',
    started_at: new Date(started).toISOString(),
    duration_s: (Date.now() - started) / 1000,
    machine: describeMachine(),
    cores: { proxy: proxyCore, load: loadCore },
    options,
    targets: records,
    verdicts: judge(find, didItsDuties(records)),
    medians: mediansOf(find, records, scenarios),
    samples,
  };
  const file = join(
    root,
    'bench/results',
    `gateway-${run.started_at.slice(0, 19).replaceAll(':', '-')}.json`,
  );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`);
  console.log(renderMarkdown(run));
  console.error(`Every sample: ${file}`);
}

/** Speed counts for Farthing only when it changed no byte and every call stands in the journal. */
function didItsDuties(records: TargetRecord[]): boolean {
  const record = records.find(({ name }) => name === 'farthing');
  return record?.equality?.answers === 'bytes' && record.duties?.met === true;
}

function select({ only, ...options }: Options): { targets: Target[]; scenarios: Scenario[] } {
  const scenarios = makeScenarios({ only, ...options });
  const known = [...allTargets, ...scenarios].map(({ name }) => name);
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`--only: unknown ${unknown.join(', ')}; known are ${known.join(', ')}`);
  }
  const keep = <T extends { name: string }>(all: readonly T[]): T[] => {
    const kept = all.filter(({ name }) => only.includes(name));
    return kept.length > 0 ? kept : [...all];
  };
  const named = keep(allTargets);
  // Direct is what equality and added latency are measured against.
  return {
    targets: allTargets.filter((target) => target.name === 'direct' || named.includes(target)),
    scenarios: keep(scenarios),
  };
}

/** The two cores to use. Throws when a tool without which nothing can be measured is missing. */
function requireMachine(): [number, number] {
  if (process.platform !== 'linux') {
    throw new Error('the gateway bench needs Linux: it reads /proc and pins processes to cores');
  }
  const missing = (['gcc', 'wrk', 'taskset', 'setpriv'] as const).filter(
    (tool) => findTool(tool) === undefined,
  );
  if (missing.length > 0) {
    throw new Error(`${missing.join(', ')} missing; on Debian: ${howToInstall(missing)}`);
  }
  const [proxyCore, loadCore] = allowedCores();
  if (proxyCore === undefined || loadCore === undefined) {
    throw new Error('two cores are needed: one for the proxy, one for the load and the mock');
  }
  return [proxyCore, loadCore];
}

function compile(): { mock: string; paced: string } {
  mkdirSync(buildDirectory, { recursive: true });
  const build = (name: string, ...sources: string[]) => {
    const program = join(buildDirectory, name);
    const files = sources.map((source) => join(here, source));
    execFileSync('gcc', ['-O2', '-Wall', '-o', program, ...files], { stdio: 'inherit' });
    return program;
  };
  return {
    mock: build('mock', 'upstream/mock.c', 'upstream/answers.c'),
    paced: build('paced', 'load/paced.c'),
  };
}

/** Starts a target and checks that it is transparent. Undefined when it cannot take part. */
async function enter(
  bench: Bench,
  target: Target,
  record: TargetRecord,
): Promise<Contender | undefined> {
  const surroundings: Surroundings = {
    upstream: `http://127.0.0.1:${bench.upstream.port}`,
    upstreamPort: bench.upstream.port,
    proxyCore: bench.proxyCore,
    directory: join(workDirectory, target.name),
    root,
  };
  const skip = (reason: string) => {
    record.skipped = reason;
    console.error(`${target.name}: skipped: ${reason}`);
    return undefined;
  };
  let running: Running;
  try {
    running = await target.start(surroundings);
  } catch (error) {
    if (error instanceof Unavailable) return skip(error.message);
    throw error;
  }
  record.version = running.version;
  const before = await bench.upstream.counts();
  if (running.process) {
    record.equality = await compareWithDirect(target, running, bench.upstream);
    if (record.equality.answers === 'different') {
      await running.process.stop();
      return skip(`its answers are not the provider's: ${record.equality.notes.join('; ')}`);
    }
  }
  const after = await bench.upstream.counts();
  // Each comparison sends every request twice, once on the direct route.
  const upstreamCalls = (after.requests - before.requests) / 2;
  return { target, running, surroundings, record, upstreamCalls };
}

function announce(options: Options, contenders: Contender[], scenarios: Scenario[]): void {
  const perRound = scenarios.reduce(
    (sum, { kind, seconds }) => sum + seconds + (kind === 'paced' ? 1.4 : 0.35),
    0,
  );
  const minutes = (perRound * contenders.length * options.rounds + 12 * contenders.length) / 60;
  console.error(
    `${contenders.map(({ target }) => target.name).join(', ')}: ${scenarios.length} scenarios, ${options.rounds} rounds, about ${Math.ceil(minutes)} min`,
  );
}

/** Lets just-in-time compilers and connection pools reach their working state, unmeasured. */
async function warmUp(bench: Bench, contender: Contender, scenarios: Scenario[]): Promise<void> {
  if (!contender.running.process) return;
  const before = await bench.upstream.counts();
  for (const scenario of scenarios.filter(({ kind }) => kind !== 'latency')) {
    await runLoad(scenario, contender.running, bench.tools, Math.min(2, scenario.seconds));
  }
  const after = await bench.upstream.counts();
  contender.upstreamCalls += after.requests - before.requests;
}

async function take(
  bench: Bench,
  contender: Contender,
  scenario: Scenario,
  round: number,
): Promise<Sample> {
  const { target, running } = contender;
  if (running.process?.exited() === true) {
    throw new Error(`${target.name} ended during the run with ${running.process.ending()}`);
  }
  const sample = await measure(bench, { name: target.name, running }, scenario, round);
  contender.upstreamCalls += sample.upstream.requests;
  const cpu = sample.cpu_us_per_chunk ?? sample.cpu_us_per_request;
  console.error(
    [
      `round ${round + 1}`,
      scenario.name.padEnd(18),
      target.name.padEnd(8),
      `${sample.per_second.toFixed(0).padStart(7)}/s`,
      `p50 ${sample.p50_us.toFixed(0).padStart(7)} µs`,
      cpu === null ? ''.padEnd(14) : `CPU ${cpu.toFixed(1).padStart(7)} µs`,
      sample.noisy
        ? `noisy (foreign ${percent(sample.foreign)}, steal ${percent(sample.steal)})`
        : '',
      sample.invalid ?? '',
    ].join('  '),
  );
  return sample;
}

const percent = (shares: { proxy_core: number; load_core: number }) =>
  `${(shares.proxy_core * 100).toFixed(0)} + ${(shares.load_core * 100).toFixed(0)} %`;

async function leave({ target, running, surroundings, record, upstreamCalls }: Contender) {
  await running.process?.stop();
  if (!target.checkDuties) return;
  try {
    record.duties = { met: true, found: await target.checkDuties(surroundings, upstreamCalls) };
  } catch (error) {
    record.duties = { met: false, found: error instanceof Error ? error.message : String(error) };
  }
}

/** Another target goes first in every round, so that none always follows the same neighbour's heat. */
function rotate<T>(items: readonly T[], by: number): T[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

function cleanUp(): void {
  killAll();
  rmSync(workDirectory, { recursive: true, force: true });
}

process.on('exit', cleanUp);
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => process.exit(code));
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') console.log(usage);
  else await main(options);
} catch (error) {
  console.error(`bench:gateway: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
