import type { Config } from '../../config/index.js';
import type { Running } from '../../processes/running.js';

/** What the long-running commands (`up`, `gateway`, `ledger`) get from the composition root. */
export interface RunContext {
  loadConfig(): { config: Config; file: string | null };
  startGateway(config: Config): Promise<Running>;
  startControlPlane(config: Config): Promise<Running>;
}
