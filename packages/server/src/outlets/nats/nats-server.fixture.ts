import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import type { Entry } from '@farthing/core';

export function hasNats(): boolean {
  return spawnSync('nats-server', ['--version']).status === 0;
}

/** A real NATS server with JetStream in a directory of its own. */
export class NatsServer {
  readonly url: string;
  readonly #directory: string;
  readonly #port: number;
  #server: ChildProcess | null = null;

  private constructor(directory: string, port: number) {
    this.#directory = directory;
    this.#port = port;
    this.url = `nats://127.0.0.1:${port}`;
  }

  static async start(): Promise<NatsServer> {
    const directory = mkdtempSync(join(tmpdir(), 'farthing-nats-'));
    const server = new NatsServer(directory, await freePort());
    await server.resume();
    return server;
  }

  async resume(): Promise<void> {
    const options = ['-a', '127.0.0.1', '-p', String(this.#port), '-js', '-sd', this.#directory];
    this.#server = spawn('nats-server', options, { stdio: 'ignore' });
    for (let attempt = 0; attempt < 200; attempt++) {
      try {
        const connection = await connect({ servers: this.url, reconnect: false });
        // JetStream needs a moment longer than the port.
        const answer = await connection.request('$JS.API.INFO', '', { timeout: 500 });
        await connection.close();
        if (answer.data.length > 0) return;
      } catch {
        await sleep(25);
      }
    }
    throw new Error('NATS does not start');
  }

  async kill(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
    this.#server = null;
  }

  async addStream(name: string, subject: string): Promise<void> {
    await this.#ask(`$JS.API.STREAM.CREATE.${name}`, { name, subjects: [subject] });
  }

  /** The messages of a stream, the oldest first. */
  async messages(stream: string): Promise<Entry[]> {
    const info = await this.#ask(`$JS.API.STREAM.INFO.${stream}`, {});
    const { messages } = info['state'] as { messages: number };
    const found: Entry[] = [];
    for (let seq = 1; seq <= messages; seq++) {
      const { message } = (await this.#ask(`$JS.API.STREAM.MSG.GET.${stream}`, {
        seq,
      })) as unknown as {
        message: { data: string };
      };
      found.push(JSON.parse(Buffer.from(message.data, 'base64').toString()) as Entry);
    }
    return found;
  }

  async #ask(subject: string, body: object): Promise<Record<string, unknown>> {
    const connection = await connect({ servers: this.url, reconnect: false });
    try {
      return (await connection.request(subject, JSON.stringify(body))).json();
    } finally {
      await connection.close();
    }
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }
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
