import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Options } from './options.js';

/** What one request asks for and how it is sent. */
export interface Scenario {
  name: string;
  title: string;
  kind: 'throughput' | 'latency' | 'paced';
  body: BodyName;
  connections: number;
  seconds: number;
}

export const pacing = { streams: 200, chunks: 50, interval_ms: 20 } as const;

/** The models, tags and fields that a real call carries; the mock reads `user`. */
function requestBody(user: string, textBytes: number, streamed: boolean, usage = streamed): string {
  const sentence = 'Check this invoice against the purchase order and say what differs. ';
  return JSON.stringify({
    model: 'gpt-4o-mini',
    user,
    temperature: 0.2,
    max_tokens: 400,
    ...(streamed ? { stream: true } : {}),
    ...(usage ? { stream_options: { include_usage: true } } : {}),
    messages: [
      { role: 'system', content: 'You are a careful bookkeeper. Answer in one paragraph.' },
      {
        role: 'user',
        content: sentence.repeat(Math.ceil(textBytes / sentence.length)).slice(0, textBytes),
      },
    ],
  });
}

export const bodies = {
  '2kb': requestBody('bench-plain', 1842, false),
  '100kb': requestBody('bench-plain', 102_194, false),
  'stream-50': requestBody('bench-stream-50', 1784, true),
  'stream-500': requestBody('bench-stream-500', 1784, true),
  paced: requestBody(`bench-paced-${pacing.chunks}-${pacing.interval_ms}`, 1784, true),
  /** For the equality check alone: a client that did not ask for usage must not see any. */
  'stream-without-usage': requestBody('bench-stream-50', 1784, true, false),
} as const;
export type BodyName = keyof typeof bodies;

/** wrk and the paced client read bodies from files. Returns the path of each. */
export function writeBodies(directory: string): Record<BodyName, string> {
  mkdirSync(directory, { recursive: true });
  const paths = Object.entries(bodies).map(([name, body]) => {
    const path = join(directory, `${name}.json`);
    writeFileSync(path, body);
    return [name, path];
  });
  return Object.fromEntries(paths) as Record<BodyName, string>;
}

export function makeScenarios(options: Options): Scenario[] {
  const { seconds, connections } = options;
  const latencySeconds = Math.max(1, Math.floor(seconds / 2));
  const titles = [
    ['2kb', '2 KB body'],
    ['100kb', '100 KB body'],
    ['stream-50', '50-chunk stream'],
    ['stream-500', '500-chunk stream'],
  ] as const;
  return [
    ...titles.map(([body, title]): Scenario => ({
      name: body,
      title,
      kind: 'throughput',
      body,
      connections,
      seconds,
    })),
    {
      name: 'paced',
      title: `${pacing.streams} streams of ${pacing.chunks} chunks, one every ${pacing.interval_ms} ms`,
      kind: 'paced',
      body: 'paced',
      connections: pacing.streams,
      seconds,
    },
    ...titles.map(([body, title]): Scenario => ({
      name: `${body}-latency`,
      title: `${title}, one connection`,
      kind: 'latency',
      body,
      connections: 1,
      seconds: latencySeconds,
    })),
  ];
}
