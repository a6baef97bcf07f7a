import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Entry } from '@farthing/core';
import { build } from 'esbuild';
import { pause } from '../../support/farthing-process.js';
import { freePort } from '../../support/free-port.js';

const run = promisify(execFile);

export interface Surroundings {
  /** The application's folder, with the SDK installed. */
  project: string;
  provider: string;
  control: string;
}

export interface Work {
  chunks: number;
  entries: Entry[];
}

/** Where a program is on the PATH; undefined when it is not. */
export function programOf(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find((file) => existsSync(file));
}

/** Deno allows what it is told to, and nothing else. */
const deno = ['run', '--no-prompt', '--node-modules-dir=manual', '--allow-net', '--allow-env'];
const starts = {
  'process.mjs': { node: [], bun: [], deno },
  'ending.mjs': {
    node: [],
    bun: [],
    deno: [...deno, '--allow-read', '--allow-write', '--allow-sys=hostname'],
  },
};
export type Runtime = keyof (typeof starts)['process.mjs'];

/** Runs a file of the application to its end, as Node, Bun or Deno do, and returns what it printed. */
export async function runProgram(
  runtime: Runtime,
  file: keyof typeof starts,
  project: string,
  environment: Record<string, string>,
): Promise<string> {
  const { stdout } = await run(
    programOf(runtime)!,
    [...starts[file][runtime], join(project, file)],
    {
      cwd: project,
      env: { ...process.env, NAME: runtime, ...environment },
      maxBuffer: 2 ** 24,
    },
  );
  return stdout;
}

export async function workOf(runtime: Runtime | 'workerd', around: Surroundings): Promise<Work> {
  const { project, provider, control } = around;
  if (runtime === 'workerd') return workOfWorker(around);
  const environment = { PROVIDER: provider, CONTROL: control };
  return JSON.parse(await runProgram(runtime, 'process.mjs', project, environment)) as Work;
}

/** A Worker in workerd, the runtime of Cloudflare's edge, bundled as its tools do. */
async function workOfWorker({ project, provider, control }: Surroundings): Promise<Work> {
  await build({
    absWorkingDir: project,
    entryPoints: ['worker.mjs'],
    outfile: join(project, 'bundled.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker'],
    external: ['node:*'],
    logLevel: 'warning',
  });
  const port = await freePort();
  const bindings = { NAME: 'workerd', PROVIDER: provider, CONTROL: control };
  const texts = Object.entries(bindings).map(([name, text]) => `(name="${name}",text="${text}")`);
  const config = join(project, 'worker.capnp');
  await writeFile(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .app),
    (name = "internet", network = (allow = ["private", "public"]))
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const app :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "bundled.mjs")],
  compatibilityDate = "2025-09-01",
  compatibilityFlags = ["nodejs_compat"],
  bindings = [${texts.join(', ')}]
);
`,
  );
  const worker = spawn(programOf('workerd')!, ['serve', config], { stdio: 'inherit' });
  try {
    for (let attempt = 0; attempt < 600; attempt++) {
      const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
      if (response === null) await pause(50);
      else if (response.ok) return (await response.json()) as Work;
      else throw new Error(await response.text());
    }
    throw new Error('workerd does not answer');
  } finally {
    worker.kill();
    await once(worker, 'exit');
  }
}
