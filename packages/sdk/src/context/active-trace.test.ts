import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Farthing } from '../farthing.js';
import { memorySink } from '../sinks/memory-sink.js';

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => context.disable());

const traceId = '0af7651916cd43dd8448eb211c80319c';

/** Calls an embedding within a span of this trace; returns the tags that it is booked with. */
async function tagsWithin(id: string, tags = {}) {
  const sink = memorySink();
  const fetch = new Farthing({ sinks: [sink] }).meterFetch({
    tags,
    fetch: async () => Response.json({ model: 'text-embedding-3-small', usage: {} }),
  });
  const span = trace.wrapSpanContext({ traceId: id, spanId: 'b7ad6b7169203331', traceFlags: 1 });
  await context.with(trace.setSpan(context.active(), span), async () => {
    await Promise.resolve();
    const body = JSON.stringify({ model: 'text-embedding-3-small', input: 'x' });
    await (await fetch('https://api.openai.com/v1/embeddings', { method: 'POST', body })).json();
  });
  return sink.entries[0]!.tags;
}

test('a call carries the trace that OpenTelemetry has it in', async () => {
  expect(await tagsWithin(traceId)).toEqual({ trace: traceId });
});

test('a trace that was given as a tag stands', async () => {
  expect(await tagsWithin(traceId, { trace: 'own' })).toEqual({ trace: 'own' });
});

test('an invalid trace is none', async () => {
  expect(await tagsWithin('0'.repeat(32))).toEqual({});
});
