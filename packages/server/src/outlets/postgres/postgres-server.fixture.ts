import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

const versions = '/usr/lib/postgresql';

/** Where PostgreSQL is installed; null where it is not. */
export function postgresPrograms(): string | null {
  if (!existsSync(versions)) return null;
  const newest = readdirSync(versions)
    .sort((a, b) => Number(a) - Number(b))
    .at(-1);
  return newest === undefined ? null : join(versions, newest, 'bin');
}

/** A real PostgreSQL server in a directory of its own. It refuses to run as root, so root lends it a user. */
export class PostgresServer {
  readonly url: string;
  readonly #programs: string;
  readonly #directory: string;
  readonly #port: number;
  #server: ChildProcess | null = null;

  private constructor(programs: string, directory: string, port: number) {
    this.#programs = programs;
    this.#directory = directory;
    this.#port = port;
    this.url = `postgres://farthing@127.0.0.1:${port}/postgres`;
  }

  static async start(): Promise<PostgresServer> {
    const directory = mkdtempSync(join(tmpdir(), 'farthing-postgres-'));
    const user = serverUser();
    if (user.uid !== undefined) chownSync(directory, user.uid, user.gid!);
    const programs = postgresPrograms()!;
    const data = join(directory, 'data');
    const options = ['-D', data, '-U', 'farthing', '-A', 'trust', '--no-sync', '-E', 'UTF8'];
    execFileSync(join(programs, 'initdb'), options, { ...user, stdio: 'pipe', cwd: directory });
    const server = new PostgresServer(programs, directory, await freePort());
    await server.resume();
    return server;
  }

  async resume(): Promise<void> {
    const settings = [
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${this.#directory}`,
      'fsync=off',
    ];
    this.#server = spawn(
      join(this.#programs, 'postgres'),
      [
        '-D',
        join(this.#directory, 'data'),
        '-p',
        String(this.#port),
        ...settings.flatMap((one) => ['-c', one]),
      ],
      { ...serverUser(), stdio: 'ignore', cwd: this.#directory },
    );
    for (let attempt = 0; attempt < 200; attempt++) {
      const client = new Client({ connectionString: this.url });
      try {
        await client.connect();
        await client.end();
        return;
      } catch {
        await sleep(50);
      }
    }
    throw new Error('PostgreSQL does not start');
  }

  /** At once, as when the machine goes. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (server === null || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGQUIT');
    await ended;
    this.#server = null;
  }

  /** Stops answering, with every connection left open: the server and the processes that it has started. */
  hang(): Promise<void> {
    return this.#signal('SIGSTOP');
  }

  goOn(): Promise<void> {
    return this.#signal('SIGCONT');
  }

  #signal(signal: NodeJS.Signals): Promise<void> {
    const { pid } = this.#server!;
    const children = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
    for (const one of [pid!, ...children.trim().split('\n').map(Number)]) process.kill(one, signal);
    return Promise.resolve();
  }

  async query(text: string): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query(text)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function serverUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
