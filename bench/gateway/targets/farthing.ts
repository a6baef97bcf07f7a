import { createReadStream, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort, startPinned, untilListening } from '../processes.js';
import { Unavailable, type Target } from './target.js';

/** The defaults, with everything on: usage, prices, estimate, tags and the synced journal. */
function configuration(directory: string, port: number, upstream: string): string {
  return `data: ${join(directory, 'data')}
gateway:
  port: ${port}
providers:
  openai:
    base_url: ${upstream}
`;
}

/** FARTHING_* variables of the caller's shell would override the file; empty ones do not. */
function withoutOverrides(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) => name.startsWith('FARTHING_'));
  return Object.fromEntries(names.map((name) => [name, '']));
}

export const farthing: Target = {
  name: 'farthing',
  title: 'Farthing',
  start: async ({ root, directory, upstream, proxyCore }) => {
    const program = join(root, 'packages/server/dist/main.js');
    if (!existsSync(program)) {
      throw new Unavailable('packages/server is not built: run npm run build');
    }
    mkdirSync(directory, { recursive: true });
    const port = await freePort();
    const file = join(directory, 'farthing.yaml');
    writeFileSync(file, configuration(directory, port, upstream));
    const server = startPinned(
      proxyCore,
      process.execPath,
      [program, 'gateway', '--config', file],
      withoutOverrides(),
    );
    try {
      await untilListening(port, server, 'farthing gateway');
    } catch (error) {
      await server.stop();
      throw new Unavailable(error instanceof Error ? error.message : String(error));
    }
    return {
      port,
      // A few tags, as a tagged app sends them.
      headers: { 'x-farthing-feature': 'invoice-check', 'x-farthing-team': 'finance' },
      version: '',
      process: server,
    };
  },
  checkDuties: async ({ directory }, upstreamCalls) => {
    const booked = await readJournals(join(directory, 'data'));
    const summary = `${booked.closed} calls in the journal (${booked.priced} priced, ${booked.aborted} cut off by the load generator), ${upstreamCalls} answered upstream`;
    if (booked.closed < upstreamCalls) throw new Error(`calls are missing: ${summary}`);
    if (booked.priced < 0.98 * booked.closed) throw new Error(`calls are unpriced: ${summary}`);
    return summary;
  },
};

/** Counts the ended calls in every journal segment below a directory. */
async function readJournals(directory: string): Promise<{
  closed: number;
  priced: number;
  aborted: number;
}> {
  const counts = { closed: 0, priced: 0, aborted: 0 };
  if (!existsSync(directory)) return counts;
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.jsonl'))) {
    for await (const line of createInterface({ input: createReadStream(join(directory, file)) })) {
      // Most lines are read by these few words alone: parsing them all would take minutes.
      if (!line.startsWith('{"type":"closed"')) continue;
      counts.closed += 1;
      if (line.includes('"status":"priced"')) counts.priced += 1;
      if (line.includes('"outcome":"aborted"')) counts.aborted += 1;
    }
  }
  return counts;
}
