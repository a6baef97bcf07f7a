import { setTimeout } from 'node:timers/promises';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Price, TokenPriceQuestion, TokenPrices } from '@farthing/core';
import type { Logger } from 'pino';
import { stringify } from 'yaml';
import type { Config } from '../config/index.js';
import { budgetFiles } from '../budgets/budget-files.js';
import {
  demoBreakers,
  demoBudgets,
  demoRevenue,
  demoTools,
  startDemoTraffic,
} from '../demo/index.js';
import { startFakeProvider } from '../fake-provider/index.js';
import { userPolicy } from '../privacy/tag-privacy.js';
import { readSavedRevenue, saveRevenue } from '../revenue/index.js';
import { DemoPast, spentBy, type DemoSources } from './demo-past.js';
import { startUp, type Up } from './up-process.js';

export interface DemoOptions {
  config: Config;
  /** Whether the user chose the data directory; the demo otherwise uses its own, not the real one. */
  dataGiven: boolean;
  price: Price;
  tokenPrices: (question: TokenPriceQuestion) => TokenPrices | null;
  log: Logger;
  note: (line: string) => void;
}

const demoDirectory = './farthing-demo';

/** Everything that `up` runs, on a fake provider, with a month of history and live traffic. */
export async function startDemo(options: DemoOptions): Promise<Up> {
  const { log, note, price } = options;
  const directory = resolve(options.dataGiven ? options.config.data : demoDirectory);
  mkdirSync(directory, { recursive: true });
  const provider = await startFakeProvider({ seed: 'demo', latency: 'realistic' });
  const config: Config = {
    ...options.config,
    data: directory,
    providers: Object.fromEntries(
      (['openai', 'anthropic', 'gemini'] as const).map((api) => [
        api,
        { base_url: provider.url, api },
      ]),
    ),
  };
  const pseudonymize = userPolicy(config.privacy.users, directory);
  const sources = { price, tokenPrices: options.tokenPrices, pseudonymize };
  const configFile = join(directory, 'farthing.yaml');
  writeFileSync(configFile, demoConfiguration(config, sources));
  // A gateway that knows the past from the beginning estimates as one that has run for a month.
  const past = new DemoPast(sources);
  const learned = budgetFiles(directory).learned;
  if (!existsSync(learned)) past.teach(learned);
  if ((await readSavedRevenue(directory)) === null) {
    await saveRevenue(directory, demoRevenue(), new Date());
  }
  let up: Up;
  try {
    up = await startUp({ config, configFile, log });
  } catch (error) {
    await provider.close();
    throw error;
  }
  try {
    await fillHistory(up.url, past, config, note);
  } catch (error) {
    // Live traffic shows the product as well; the reason is worth a line all the same.
    log.warn({ reason: (error as Error).message }, 'the demo history could not be booked');
  }
  const traffic = startDemoTraffic({
    gatewayUrl: up.gatewayUrl,
    seed: 'demo',
    callsPerSecond: 0.4,
  });
  return {
    ...up,
    async stop() {
      await traffic.stop();
      await up.stop();
      await provider.close();
    },
  };
}

/**
 * The user's own budgets hold where there are some. Redis is left out: calls that are made up must not
 * count in budgets that real gateways share.
 */
function demoConfiguration(config: Config, sources: DemoSources): string {
  const { data, providers, control } = config;
  const token = control.token === undefined ? {} : { token: control.token };
  const hasOwn = config.budgets.length + config.breakers.length > 0;
  const budgets = hasOwn ? config.budgets : demoBudgets(spentBy('researcher', sources));
  const breakers = hasOwn ? config.breakers : demoBreakers();
  const settings = {
    data,
    providers,
    control: { host: control.host, ...token },
    budgets,
    breakers,
    tools: demoTools,
    // What drifted in the past month, and drifts on purpose, is for the dashboard to show.
    log: { level: config.log.level === 'info' ? 'error' : config.log.level },
  };
  return `# Written by farthing up --demo: points the gateway at the fake provider.\n${stringify(settings)}`;
}

/** Books a month of past calls, unless an earlier run of the demo has. */
async function fillHistory(
  url: string,
  past: DemoPast,
  config: Config,
  note: (line: string) => void,
): Promise<void> {
  const authorization: Record<string, string> =
    config.control.token === undefined ? {} : { authorization: `Bearer ${config.control.token}` };
  const send = async (path: string, init: RequestInit, type: string) => {
    const headers = { ...authorization, 'content-type': type };
    const response = await fetchAgain(`${url}/api/v1/${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const filters = [{ dimension: 'source', op: 'in', values: ['demo'] }];
  const query = JSON.stringify({ measures: ['calls'], filters });
  const { rows } = (await send('query', { method: 'POST', body: query }, 'application/json')) as {
    rows: { calls?: number }[];
  };
  if ((rows[0]?.calls ?? 0) > 0) return;
  note('Booking a month of demo calls …');
  for (const body of past.bodies())
    await send('entries', { method: 'POST', body }, 'application/x-ndjson');
}

/** Entries are booked once by their ids, so that a request whose answer was lost can be sent again. */
async function fetchAgain(url: string, init: RequestInit): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetch(url, init);
    } catch (error) {
      if (attempt === 3) throw error;
      await setTimeout(500 * attempt);
    }
  }
}
