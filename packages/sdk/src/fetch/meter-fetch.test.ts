import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Farthing } from '../farthing.js';
import { journalSink } from '../sinks/journal-sink.js';
import { memorySink } from '../sinks/memory-sink.js';

const url = 'https://api.openai.com/v1/chat/completions';
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const answer = { id: 'c1', model: 'gpt-5-mini', choices: [], usage };
const request = { method: 'POST', body: JSON.stringify({ model: 'gpt-5-mini', messages: [] }) };

function open(response: () => Response) {
  let respond = response;
  const sink = memorySink();
  const sent: (RequestInit | undefined)[] = [];
  const fetch = new Farthing({ sinks: [sink] }).meterFetch({
    fetch: (_url, init) => {
      sent.push(init);
      return Promise.resolve(respond());
    },
  });
  const next = (other: () => Response) => {
    respond = other;
  };
  return { sink, sent, fetch, next };
}
const json = () =>
  new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } });

describe('an answer that another meter books', () => {
  const elsewhere = () =>
    new Response(JSON.stringify(answer), {
      headers: { 'content-type': 'application/json', 'x-farthing-call-id': 'g1' },
    });
  const chunk = (rest: object) =>
    `data: ${JSON.stringify({ id: 'c1', model: 'gpt-5-mini', choices: [{}], ...rest })}\n\n`;
  const streamed = JSON.stringify({ model: 'gpt-5-mini', messages: [], stream: true });
  const stream = (headers: Record<string, string>) =>
    new Response(`${chunk({ usage: null })}${chunk({ choices: [], usage })}data: [DONE]\n\n`, {
      headers: { 'content-type': 'text/event-stream', ...headers },
    });
  const unasked = `${chunk({})}data: [DONE]\n\n`;

  test('a gateway: has no chunk of usage that the caller did not ask for', async () => {
    const { sink, fetch } = open(() => stream({ 'x-farthing-call-id': 'g1' }));
    const response = await fetch(url, { ...request, body: streamed });
    expect(await response.text()).toBe(unasked);
    expect(sink.entries).toEqual([]);
  });

  test('a gateway: leaves nothing open in a journal', async () => {
    const data = mkdtempSync(join(tmpdir(), 'farthing-elsewhere-'));
    const sink = await journalSink({ data });
    const farthing = new Farthing({ sinks: [sink] });
    await (await farthing.meterFetch({ fetch: async () => elsewhere() })(url, request)).json();
    await farthing.close();
    await (await journalSink({ data })).close();
    const folder = join(data, 'journals', 'sdk');
    const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    rmSync(data, { recursive: true });
    expect(texts.join('')).toContain('"type":"opened"');
    expect(texts.join('')).not.toContain('"type":"closed"');
  });

  test('a gateway: books also what its caller leaves before the answer', async () => {
    const { sink, fetch, next } = open(elsewhere);
    await (await fetch(url, request)).json();
    next(() => {
      throw new DOMException('left', 'AbortError');
    });
    await expect(fetch(url, request)).rejects.toThrow('left');
    expect(sink.entries).toEqual([]);
  });

  test.each(['text', 'json', 'clone', 'body'] as const)(
    'a metered fetch inside of another function: it is read by %s and booked once',
    async (way) => {
      const { sink, fetch } = open(json);
      const wrapped: typeof fetch = (input, init) => fetch(input, init);
      const outer = new Farthing({ sinks: [sink] }).meterFetch({ fetch: wrapped });
      const response = await outer(url, request);
      const read = {
        text: () => response.text(),
        json: () => response.json(),
        clone: () => response.clone().json(),
        body: () => new Response(response.body).text(),
      };
      expect(await read[way]()).toBeDefined();
      expect(sink.entries).toMatchObject([{ outcome: 'ok' }]);
    },
  );

  test('a metered fetch inside of another function: streams are as without', async () => {
    const { sink, fetch } = open(() => stream({}));
    const wrapped: typeof fetch = (input, init) => fetch(input, init);
    const outer = new Farthing({ sinks: [sink] }).meterFetch({ fetch: wrapped });
    expect(await (await outer(url, { ...request, body: streamed })).text()).toBe(unasked);
    expect(sink.entries).toMatchObject([{ outcome: 'ok', usage: { tokens: { output: 5 } } }]);
  });
});

test('a fetch that answers at once, as those of tests do, is metered, too', async () => {
  const { sink, fetch } = open(json);
  const hasty = (() => json()) as unknown as typeof fetch;
  const outer = new Farthing({ sinks: [sink] }).meterFetch({ fetch: hasty });
  expect(await (await outer(url, request)).json()).toEqual(answer);
  expect(sink.entries).toHaveLength(1);
});

describe('an answer', () => {
  test('is the very response that fetch gave', async () => {
    const given = json();
    const { fetch } = open(() => given);
    const response = await fetch(url, request);
    expect(response).toBe(given);
    expect(response).toBeInstanceOf(Response);
    expect([response.status, response.ok, response.headers.get('content-type')]).toEqual([
      200,
      true,
      'application/json',
    ]);
  });

  test.each([
    ['json', (response: Response) => response.json()],
    ['text', (response: Response) => response.text()],
    ['arrayBuffer', (response: Response) => response.arrayBuffer()],
    ['blob', (response: Response) => response.blob()],
    ['the stream', async (response: Response) => new Response(response.body).text()],
    ['a clone', (response: Response) => response.clone().json()],
  ])('is booked once when it is read by %s', async (_way, read) => {
    const { sink, fetch } = open(json);
    await read(await fetch(url, request));
    expect(sink.entries).toMatchObject([{ outcome: 'ok', cost: { usd: '0.0000125' } }]);
  });

  test('is booked once when it is read twice, by way of a clone', async () => {
    const { sink, fetch } = open(json);
    const response = await fetch(url, request);
    const copy = response.clone();
    expect(await response.json()).toEqual(answer);
    expect(await copy.json()).toEqual(answer);
    expect(sink.entries).toHaveLength(1);
  });

  test('that cannot be parsed fails for its caller as ever, and is booked without usage', async () => {
    const { sink, fetch } = open(() => new Response('<html>', { status: 200 }));
    await expect((await fetch(url, request)).json()).rejects.toThrow(SyntaxError);
    expect(sink.entries).toHaveLength(1);
    expect(sink.entries[0]!.cost.usd).not.toBe('0');
  });

  test('is pulled as its caller pulls: nothing is read ahead', async () => {
    let pulled = 0;
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled++;
          controller.enqueue(new TextEncoder().encode(`data: {"n":${pulled}}\n\n`));
        },
      },
      { highWaterMark: 0 },
    );
    const { sink, fetch } = open(
      () => new Response(source, { headers: { 'content-type': 'text/event-stream' } }),
    );
    const reader = (await fetch(url, request)).body!.getReader();
    expect(pulled).toBe(0);
    await reader.read();
    await reader.read();
    expect(pulled).toBe(2);
    await reader.cancel();
    expect(sink.entries).toMatchObject([{ outcome: 'aborted' }]);
  });
});

describe('a request', () => {
  test('leaves as it came: the very same arguments', async () => {
    const { sent, fetch } = open(json);
    await (await fetch(url, request)).json();
    expect(sent[0]).toBe(request);
  });

  test('that is no call of a model is none of ours', async () => {
    const { sink, fetch } = open(json);
    await (await fetch('https://api.openai.com/v1/models')).json();
    await (await fetch('https://example.com/form', { method: 'POST', body: 'x' })).json();
    expect(sink.entries).toEqual([]);
  });

  test('keeps headers of ours from the provider', async () => {
    const { sink, sent, fetch } = open(json);
    const headers = { authorization: 'Bearer k', 'X-Farthing-Feature': 'search' };
    await (await fetch(url, { ...request, headers })).json();
    expect([...new Headers(sent[0]!.headers).keys()]).toEqual(['authorization']);
    expect(sink.entries[0]!.tags).toEqual({ feature: 'search' });
  });

  test('that a gateway has booked is not booked again', async () => {
    const { sink, fetch } = open(
      () => new Response(JSON.stringify(answer), { headers: { 'x-farthing-call-id': 'x' } }),
    );
    await (await fetch(url, request)).json();
    expect(sink.entries).toEqual([]);
  });

  test('to a host that nobody knows has its name as provider, and an unknown cost', async () => {
    const { sink, fetch } = open(json);
    await (await fetch('https://llm.acme.example/v1/chat/completions', request)).json();
    expect(sink.entries).toMatchObject([
      { provider: 'llm.acme.example', cost: { usd: null, status: 'unknown_model' } },
    ]);
  });
});
