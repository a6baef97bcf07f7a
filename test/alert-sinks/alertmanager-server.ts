import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.js';

const program = 'prometheus-alertmanager';

export function hasAlertmanager(): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

/** An alert as `GET /api/v2/alerts` shows it. */
export interface ShownAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL: string;
  status: { state: string };
}

/** A silence as `GET /api/v2/silences` shows it. */
export interface ShownSilence {
  createdBy: string;
  comment: string;
  endsAt: string;
  matchers: { name: string; value: string }[];
  status: { state: string };
}

/** A real Alertmanager that forgets everything when it is killed, and tells `receiverUrl` what it is told. */
export class AlertmanagerServer {
  readonly url: string;
  readonly #port: number;
  readonly #config: string;
  readonly #directory: string;
  #process: ChildProcess | null = null;
  #starts = 0;

  private constructor(port: number, receiverUrl: string) {
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#directory = mkdtempSync(join(tmpdir(), 'farthing-alertmanager-'));
    this.#config = join(this.#directory, 'alertmanager.yml');
    // What is not repeated would be over after a tenth of a second, did the sink not say otherwise.
    writeFileSync(
      this.#config,
      `global: { resolve_timeout: 100ms }
route: { receiver: test, group_by: [incident], group_wait: 10ms, group_interval: 10ms }
receivers: [{ name: test, webhook_configs: [{ url: '${receiverUrl}', send_resolved: true }] }]
`,
    );
  }

  static async start(receiverUrl: string): Promise<AlertmanagerServer> {
    const server = new AlertmanagerServer(await freePort(), receiverUrl);
    await server.resume();
    return server;
  }

  async resume(): Promise<void> {
    this.#starts += 1;
    this.#process = spawn(
      program,
      [
        `--config.file=${this.#config}`,
        `--storage.path=${join(this.#directory, `storage-${this.#starts}`)}`,
        `--web.listen-address=127.0.0.1:${this.#port}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    );
    for (let attempt = 0; attempt < 400; attempt++) {
      const isReady = await fetch(`${this.url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isReady) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('Alertmanager does not start');
  }

  async alerts(): Promise<ShownAlert[]> {
    return (await (await fetch(`${this.url}/api/v2/alerts?active=true`)).json()) as ShownAlert[];
  }

  /** Those that hold. */
  async silences(): Promise<ShownSilence[]> {
    const response = await fetch(`${this.url}/api/v2/silences`);
    const all = (await response.json()) as ShownSilence[];
    return all.filter(({ status }) => status.state !== 'expired');
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (child === null) return;
    this.#process = null;
    await new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGKILL');
    });
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#directory, { recursive: true });
  }
}
