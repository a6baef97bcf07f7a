import { createConnection, createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { afterSilence } from './silence.js';

const holdUp = (milliseconds: number) => {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
};

test('an answer that came while this process was busy is no silence', async () => {
  const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const socket = createConnection((server.address() as AddressInfo).port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const outcome = await new Promise<string>((resolve) => {
    const silence = afterSilence(20, () => resolve('silent'));
    socket.once('data', () => {
      silence.clear();
      resolve('answered');
    });
    socket.write('ping');
    holdUp(150);
  });
  socket.destroy();
  server.close();
  expect(outcome).toBe('answered');
});

test('silence is told, once', async () => {
  let told = 0;
  await new Promise<void>((resolve) => {
    afterSilence(5, () => {
      told += 1;
      setTimeout(resolve, 30);
    });
    // Unreferenced timers alone would let the test's process end.
    setTimeout(() => {}, 500).unref();
  });
  expect(told).toBe(1);
});

test('what was cleared is not told', async () => {
  let told = 0;
  afterSilence(5, () => (told += 1)).clear();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(told).toBe(0);
});
