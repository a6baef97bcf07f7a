import { describe, expect, test } from 'vitest';
import { Farthing } from '../farthing.js';
import { memorySink } from '../sinks/memory-sink.js';

const url = 'https://api.openai.com/v1/chat/completions';
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const answer = { id: 'c1', model: 'gpt-5-mini', choices: [], usage };
const request = { method: 'POST', body: JSON.stringify({ model: 'gpt-5-mini', messages: [] }) };

function open(response: () => Response) {
  const sink = memorySink();
  const sent: (RequestInit | undefined)[] = [];
  const fetch = new Farthing({ sinks: [sink] }).meterFetch({
    fetch: (_url, init) => {
      sent.push(init);
      return Promise.resolve(response());
    },
  });
  return { sink, sent, fetch };
}
const json = () =>
  new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } });

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
