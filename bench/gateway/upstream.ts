import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { untilListening, startPinned, freePort, type Started } from './processes.js';

/** What the mock provider has seen since it started (upstream/mock.c). */
export interface UpstreamCounts {
  connections: number;
  requests: number;
  responses: number;
  streams: number;
  chunks: number;
  /** Answers whose reader left before their end. */
  abandoned: number;
  malformed: number;
}

export interface Upstream {
  port: number;
  process: Started;
  counts: () => Promise<UpstreamCounts>;
  /** Keep request bodies from now on; called again: stop. */
  toggleCapture: () => Promise<void>;
  /** The last request body that arrived while capturing. */
  captured: () => Promise<string>;
}

export async function startUpstream(program: string, core: number): Promise<Upstream> {
  const port = await freePort();
  const server = startPinned(core, program, [String(port)]);
  await untilListening(port, server, 'the mock provider');
  return {
    port,
    process: server,
    counts: async () => {
      if (server.exited()) throw new Error(`the mock provider ended with ${server.ending()}`);
      return JSON.parse(await ask(port, 'GET', '/__stats')) as UpstreamCounts;
    },
    toggleCapture: async () => void (await ask(port, 'POST', '/__capture')),
    captured: () => ask(port, 'GET', '/__captured'),
  };
}

function ask(port: number, method: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', method, path, agent: false }, (answer) => {
      text(answer).then(resolve, reject);
    })
      .on('error', reject)
      .end();
  });
}
