import type { Logger } from 'pino';
import { listenerProblems, type Config } from '../config/index.js';
import { programFile } from './install.js';
import type { Running } from './running.js';
import { supervise } from './supervisor.js';

export interface UpOptions {
  config: Config;
  /** Configuration file for both processes; null when there is none. */
  configFile: string | null;
  log: Logger;
}

export interface Up extends Running {
  gatewayUrl: string;
  dataDirectory: string;
}

/**
 * Starts gateway and control plane, each in a process of its own, and keeps both running. Throws
 * `token_missing` and `port_given_twice`, and what either of them is refused for.
 */
export async function startUp({ config, configFile, log }: UpOptions): Promise<Up> {
  // Each process would find what concerns it alone, or only that its port is in use.
  const [problem] = listenerProblems(config);
  if (problem !== undefined) throw problem;
  const environment = {
    ...process.env,
    FARTHING_DATA: config.data,
    FARTHING_GATEWAY_PORT: String(config.gateway.port),
    FARTHING_CONTROL_PORT: String(config.control.port),
    ...(configFile === null ? {} : { FARTHING_CONFIG: configFile }),
  };
  const child = (name: string, command: string) =>
    supervise({ name, program: programFile(), commandLine: [command], environment, log });
  const control = child('control plane', 'ledger');
  const gateway = child('gateway', 'gateway');
  const stop = async () => {
    // The gateway first: what it still writes, the control plane still books.
    await gateway.stop();
    await control.stop();
  };
  try {
    const [url, gatewayUrl] = await Promise.all([control.ready, gateway.ready]);
    return { url, gatewayUrl, dataDirectory: config.data, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
