import { describe, expect, test } from 'vitest';
import { currentScope, withTags } from '../context/tag-context.js';
import { Farthing } from '../farthing.js';
import { callbackSink } from '../sinks/callback-sink.js';
import { memorySink } from '../sinks/memory-sink.js';
import type { Sink } from '../sinks/sink.js';

const url = 'https://api.openai.com/v1/chat/completions';
const request = { method: 'POST', body: JSON.stringify({ model: 'gpt-5-mini', messages: [] }) };
const answer = { id: 'c1', model: 'gpt-5-mini', usage: { prompt_tokens: 9, completion_tokens: 5 } };

function open(...sinks: Sink[]) {
  const farthing = new Farthing({ sinks });
  const fetch = farthing.meterFetch({ fetch: async () => Response.json(answer) });
  const call = async () => (await fetch(url, request)).json() as Promise<typeof answer>;
  return { farthing, call };
}

function later<Value>() {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((done) => (resolve = done));
  return { promise, resolve };
}

describe('calls that have ended', () => {
  test('are booked when somebody looks, each time', async () => {
    const sink = memorySink();
    const { call } = open(sink);
    await call();
    expect(sink.entries).toHaveLength(1);
    await call();
    expect(sink.entries).toHaveLength(2);
    await call();
    expect(sink.report).toMatchObject({ written: 3 });
  });

  test('are booked soon by themselves, and at once by flush, report and close', async () => {
    const { promise, resolve } = later<void>();
    await open(callbackSink(() => resolve())).call();
    await promise;
    for (const ask of ['flush', 'report', 'close'] as const) {
      const ids: string[] = [];
      const { farthing, call } = open(callbackSink(({ id }) => ids.push(id)));
      await call();
      await farthing[ask]();
      expect(ids).toHaveLength(1);
    }
  });

  test('are booked once each, in their order, many as they may be', async () => {
    const sink = memorySink();
    const { farthing, call } = open(sink);
    for (let number = 0; number < 250; number++) {
      await withTags({ feature: `f${number}` }, call);
      if (number === 200)
        farthing.recordUsage({ provider: 'openai', model: 'x', tokens: { output: 1 } });
    }
    const features = sink.entries.map(({ tags }) => tags.feature);
    const expected = Array.from({ length: 250 }, (_, number): string | undefined => `f${number}`);
    expect(features).toEqual(expected.toSpliced(201, 0, undefined));
    expect(new Set(sink.entries.map(({ id }) => id)).size).toBe(251);
  });

  test('have the times and tags of when they were made, and usage as it was answered', async () => {
    const sink = memorySink();
    const { farthing, call } = open(sink);
    const run = farthing.startRun({ feature: 'f' });
    const before = Date.now();
    const given = await run.within(call);
    const after = Date.now();
    run.annotate({ tenant: 'later' });
    given.usage.prompt_tokens += 1_000;
    given.model = 'another';
    const [entry] = sink.entries;
    expect(entry).toMatchObject({
      model: 'gpt-5-mini',
      usage: { tokens: { input_uncached: 9, output: 5 } },
    });
    expect(entry!.tags).toEqual({ feature: 'f', run: run.id });
    expect(Date.parse(entry!.started_at)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(entry!.ended_at)).toBeLessThanOrEqual(after + 1);
    expect(run.end()).toMatchObject({ calls: 1 });
  });

  test('are told outside of the scope of any of them', async () => {
    const { promise, resolve } = later<object>();
    const { call } = open(callbackSink(() => resolve(currentScope().outer)));
    await withTags({ feature: 'f' }, call);
    expect(await promise).toEqual({});
  });
});

test('a sink that does not take entries in batches has each as its call ends', async () => {
  const ids: string[] = [];
  const { inBatches: _, ...sink } = callbackSink(({ id }) => ids.push(id));
  await open(sink).call();
  expect(ids).toHaveLength(1);
});
