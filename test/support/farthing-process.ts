import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Entry, JournalLine, Query, QueryResult, Status } from '@farthing/core';
import { freePort } from './free-port.js';

export const program = fileURLToPath(
  new URL('../../packages/server/dist/main.js', import.meta.url),
);

/** Of every 50 ms: a busy machine takes a while to start a process. */
const mostAttempts = 1_200;

/** A data directory with a configuration of its own, and the processes that were started on it. */
export class Installation {
  readonly #children = new Set<ChildProcess>();

  private constructor(
    readonly directory: string,
    readonly gatewayUrl: string,
    readonly controlUrl: string,
  ) {}

  /** `providerUrl` answers for all three built-in providers. `settings` go into farthing.yaml (`more`: top-level keys). */
  static async create(
    providerUrl: string,
    settings: { gateway?: object; control?: object; more?: object } = {},
  ): Promise<Installation> {
    if (!existsSync(program)) throw new Error('packages/server is not built: npm run build');
    const directory = await mkdtemp(join(tmpdir(), 'farthing-install-'));
    const [gateway, control] = await Promise.all([freePort(), freePort()]);
    const config = {
      data: join(directory, 'data'),
      gateway: { port: gateway, ...settings.gateway },
      control: { port: control, ...settings.control },
      providers: Object.fromEntries(
        ['openai', 'anthropic', 'gemini'].map((api) => [api, { base_url: providerUrl, api }]),
      ),
      ...settings.more,
    };
    await writeFile(join(directory, 'farthing.yaml'), JSON.stringify(config, null, 2));
    return new Installation(
      directory,
      `http://127.0.0.1:${gateway}`,
      `http://127.0.0.1:${control}`,
    );
  }

  get dataDirectory(): string {
    return join(this.directory, 'data');
  }

  /** Starts a long-running command and waits until the address answers. */
  async start(command: 'up' | 'gateway' | 'ledger'): Promise<ChildProcess> {
    const child = this.#spawn([command]);
    let output = '';
    child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const urls = {
      up: [this.gatewayUrl, this.controlUrl],
      gateway: [this.gatewayUrl],
      ledger: [this.controlUrl],
    };
    for (const url of urls[command]) {
      for (let attempt = 0; ; attempt++) {
        if (child.exitCode !== null) throw new Error(`farthing ${command} stopped:\n${output}`);
        if (await answers(`${url}/healthz`)) break;
        if (attempt > mostAttempts)
          throw new Error(`farthing ${command} does not answer:\n${output}`);
        await pause(50);
      }
    }
    return child;
  }

  /** Starts one more gateway on the same data directory. Returns its address. */
  async startGatewayBeside(): Promise<string> {
    const port = await freePort();
    const child = this.#spawn(['gateway'], { FARTHING_GATEWAY_PORT: String(port) });
    const url = `http://127.0.0.1:${port}`;
    for (let attempt = 0; !(await answers(`${url}/healthz`)); attempt++) {
      if (child.exitCode !== null || attempt > mostAttempts)
        throw new Error('the gateway did not start');
      await pause(50);
    }
    return url;
  }

  /** Runs a command to its end. */
  async run(
    ...commandLine: string[]
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = this.#spawn(commandLine);
    let stdout = '';
    let stderr = '';
    child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, stdout, stderr };
  }

  async kill(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return exited;
  }

  /** Sends one small chat call for a feature through the gateway and reads its answer. */
  async call(feature: string): Promise<number> {
    const response = await fetch(`${this.gatewayUrl}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer sk-test',
        'content-type': 'application/json',
        'x-farthing-feature': feature,
      },
      body: JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Hi' }] }),
    });
    await response.text();
    return response.status;
  }

  async query(query: Query): Promise<QueryResult> {
    const response = await fetch(`${this.controlUrl}/api/v1/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(query),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as QueryResult;
  }

  async status(): Promise<Status> {
    return (await (await fetch(`${this.controlUrl}/api/v1/status`)).json()) as Status;
  }

  async entries(): Promise<Entry[]> {
    const text = await (await fetch(`${this.controlUrl}/api/v1/export.jsonl`)).text();
    return text.trim() === ''
      ? []
      : text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Entry);
  }

  /** Waits until the ledger has booked what the journals hold. */
  async untilBooked(): Promise<void> {
    for (let attempt = 0; attempt < 600; attempt++) {
      const { lag, journals } = await this.status();
      const booked = journals.reduce((sum, journal) => sum + journal.booked_bytes, 0);
      // The ledger may not have seen the latest bytes yet, so its own figure is held against the disk.
      if (lag.bytes === 0 && booked >= this.#journalBytes()) return;
      await pause(50);
    }
    throw new Error('the ledger does not catch up');
  }

  /** Stops everything in order, as SIGTERM does. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.kill(child, 'SIGTERM')));
  }

  /** Kills, with SIGKILL, the gateway that `up` runs. */
  killGateway(): void {
    const file = readFileSync(join(this.dataDirectory, 'run', 'gateway.json'), 'utf8');
    process.kill((JSON.parse(file) as { pid: number }).pid, 'SIGKILL');
  }

  /** The custom tag `probe` of every entry in the gateways' journals. */
  journalledProbes(): string[] {
    const journals = join(this.dataDirectory, 'journals');
    return readdirSync(journals, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) => readFileSync(join(journals, name), 'utf8').trimEnd().split('\n'))
      .map((line) => JSON.parse(line) as JournalLine)
      .flatMap((line) => (line.type === 'closed' ? [line.entry.tags.custom?.['probe'] ?? ''] : []));
  }

  #journalBytes(): number {
    const journals = join(this.dataDirectory, 'journals');
    if (!existsSync(journals)) return 0;
    return readdirSync(journals, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .reduce((sum, name) => sum + statSync(join(journals, name)).size, 0);
  }

  async remove(): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.kill(child, 'SIGKILL')));
    // The gateway of a killed `up` ends by itself and writes its last lines while this removes them.
    await rm(this.directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  #spawn(commandLine: string[], environment: Record<string, string> = {}): ChildProcess {
    const config = join(this.directory, 'farthing.yaml');
    const child = spawn(process.execPath, [program, ...commandLine, '--config', config], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...environment },
    });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
