import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { describeSink } from '../conformance.js';
import { noticeOf, sampleIncident } from '../sample-notice.fixture.js';
import { openStdoutSink } from './stdout-sink.js';

/** Whoever reads the output, at the other end of a real socket. */
async function startReader() {
  let text = '';
  let server: Server | null = null;
  const sockets = new Set<Socket>();
  const listen = async (port: number) => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
      socket.on('error', () => undefined);
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server!.address() as AddressInfo;
  return {
    lines: () => text.split('\n').slice(0, -1),
    connect: () => {
      const socket = connect(port, '127.0.0.1');
      // As for the process's own output: somebody always listens.
      socket.on('error', () => undefined);
      return socket;
    },
    resume: () => listen(port),
    async stop() {
      if (server === null) return;
      server.close();
      for (const socket of sockets) socket.resetAndDestroy();
      sockets.clear();
      await once(server, 'close');
      server = null;
    },
  };
}

interface Line {
  key: string;
}

describeSink(
  'stdout',
  async () => {
    const reader = await startReader();
    const outputs: Socket[] = [];
    let sent = 0;
    return {
      async open() {
        const output = reader.connect();
        outputs.push(output);
        await once(output, 'connect').catch(() => undefined);
        const sink = openStdoutSink(output);
        return {
          async send(notice, opening) {
            await sink.send(notice, opening);
            sent += 1;
            // The reader has it a moment later.
            while (reader.lines().length < sent) await new Promise((turn) => setImmediate(turn));
          },
          async close() {
            await sink.close();
            output.destroy();
          },
        };
      },
      received: () => reader.lines().map((line) => (JSON.parse(line) as Line).key),
      keyOf: ({ key }) => key,
      texts: reader.lines,
      attempts: () => sent,
      complaints: () => [],
      secrets: [],
      behave: () => undefined,
      goAway: async () => {
        const ends = outputs
          .filter(({ closed }) => !closed)
          .map((output) => new Promise((end) => output.once('close', end)));
        await reader.stop();
        await Promise.all(ends);
      },
      comeBack: reader.resume,
    };
  },
  { answers: false, asksForPause: false },
);

test('a line has what a webhook is sent, control characters and all in one line', async () => {
  const reader = await startReader();
  const output = reader.connect();
  const notice = noticeOf(sampleIncident({ title: 'a\nb\u2028c' }));
  await openStdoutSink(output).send(notice, notice);
  while (reader.lines().length === 0) await new Promise((turn) => setImmediate(turn));
  const { key, at, url, incident } = notice;
  expect(reader.lines().map((line) => JSON.parse(line) as unknown)).toEqual([
    { event: 'incident.opened', key, at, url, incident },
  ]);
  output.destroy();
  await reader.stop();
});
