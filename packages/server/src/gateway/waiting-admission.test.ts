import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { Admission, Admissions, Entry } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configSchema } from '../config/index.js';
import { estimatesOnly } from './estimates-only.js';
import { createGateway, type Gateway } from './gateway.js';
import { resolveProviders } from './providers.js';

const book = defaultPriceBook();
const config = configSchema.parse({
  gateway: { port: 0 },
  providers: { openai: { base_url: 'http://127.0.0.1:1' } },
});

/** Admissions that take their time, as those do that wait for a lease of a shared budget. */
let admit: () => void;
let fail: (error: Error) => void;
let asked: Promise<void>;
let ended: Entry[];
let opened: number;
let failure: Error | null;
let gateway: Gateway;
let url: string;

beforeEach(async () => {
  ended = [];
  opened = 0;
  failure = null;
  const estimates = estimatesOnly((question) => book.tokenPrices(question));
  let tellAsked = () => {};
  asked = new Promise((resolve) => (tellAsked = resolve));
  const admissions: Admissions = {
    ...estimates,
    admit: (call) =>
      new Promise<Admission>((resolve, reject) => {
        admit = () => resolve(estimates.admit(call));
        fail = reject;
        tellAsked();
      }),
    ended: (entry) => void ended.push(entry),
  };
  gateway = createGateway({
    settings: config.gateway,
    providers: resolveProviders(config.providers, {}),
    journal: {
      get failure() {
        return failure;
      },
      backlog: 0,
      opened: () => (opened += 1),
      closed: () => 0,
      isWritten: () => true,
      handedOver: () => Promise.resolve(),
    },
    price: book.price.bind(book),
    admissions,
    protectTags: () => {},
    version: 'test',
  });
  ({ url } = await gateway.listen());
});
afterEach(() => gateway.close(100));

/** The gateway's end of each connection that a call came over. */
let connections: Socket[];
const arrived = (message: unknown): void =>
  void connections.push((message as { socket: Socket }).socket);
beforeEach(() => {
  connections = [];
  subscribe('http.server.request.start', arrived);
});
afterEach(() => unsubscribe('http.server.request.start', arrived));

const call = (signal?: AbortSignal) =>
  fetch(`${url}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"model":"gpt-5-mini","messages":[{"role":"user","content":"Hello"}]}',
    ...(signal === undefined ? {} : { signal }),
  });

test('a call that waited leaves when it is admitted, and is settled when it has ended', async () => {
  const response = call();
  await asked;
  admit();
  expect((await response).status).toBe(502);
  expect(opened).toBe(1);
  await expect.poll(() => ended.length).toBe(1);
  expect(ended[0]).toMatchObject({ outcome: 'error', cost: { status: 'not_billed' } });
});

test('a call whose client leaves while it waits does not leave, and holds nothing', async () => {
  const leave = new AbortController();
  const response = call(leave.signal);
  await asked;
  leave.abort();
  await expect(response).rejects.toThrow();
  const gone = () => connections.map((connection) => connection.destroyed);
  await expect.poll(gone, { message: 'the gateway has seen it go' }).toEqual([true]);
  admit();
  await expect.poll(() => ended.length).toBe(1);
  expect(ended[0]).toMatchObject({ outcome: 'aborted', cost: { usd: '0', status: 'not_billed' } });
  expect(opened).toBe(0);
});

test('a journal that fails while a call waits keeps it from leaving, and it holds nothing', async () => {
  const response = call();
  await asked;
  failure = new Error('no space left on device');
  admit();
  expect((await response).status).toBe(503);
  expect(ended).toHaveLength(1);
  expect(ended[0]!.cost).toMatchObject({ usd: '0', status: 'not_billed' });
  expect(opened).toBe(0);
});

test('a decision that fails refuses the call', async () => {
  const response = call();
  await asked;
  fail(new Error('out of memory'));
  const answer = await response;
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ error: { code: 'budgets_failed' } });
  expect(opened).toBe(0);
});
