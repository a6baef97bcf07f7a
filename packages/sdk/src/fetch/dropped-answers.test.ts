import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { Farthing } from '../farthing.js';
import { memorySink } from '../sinks/memory-sink.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const url = 'https://api.openai.com/v1/chat/completions';
const request = { method: 'POST', body: JSON.stringify({ model: 'gpt-5-mini', messages: [] }) };
const answer = { id: 'c1', model: 'gpt-5-mini', usage: { prompt_tokens: 9, completion_tokens: 5 } };

function open() {
  const sink = memorySink();
  const fetch = new Farthing({ sinks: [sink] }).meterFetch({
    fetch: () =>
      Promise.resolve(
        new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } }),
      ),
  });
  return { sink, fetch };
}

test('an answer that is dropped unread is booked as left, once, and others stay as they are', async () => {
  const { sink, fetch } = open();
  const kept = await fetch(url, request);
  await (await fetch(url, request)).json();
  await fetch(url, request);
  await vi.waitFor(
    () => {
      collectGarbage();
      expect(sink.entries.map(({ outcome }) => outcome)).toEqual(['ok', 'aborted']);
    },
    { timeout: 10_000, interval: 100 },
  );
  expect(await kept.json()).toEqual(answer);
  collectGarbage();
  expect(sink.entries.map(({ outcome }) => outcome)).toEqual(['ok', 'aborted', 'ok']);
});

test('many answers that are dropped within one turn are booked, too', async () => {
  const { sink, fetch } = open();
  for (let call = 0; call < 1_050; call++) await fetch(url, request);
  await vi.waitFor(
    () => {
      collectGarbage();
      expect(sink.entries).toHaveLength(1_050);
    },
    { timeout: 10_000, interval: 100 },
  );
});
