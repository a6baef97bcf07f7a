import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallGraph } from './call-graph.js';
import { readSpan } from './read-span.js';
import { compareRecords, type CallRecord } from './same-call.js';
import type { SpanFacts } from './span-facts.js';
import { chatAttributes, sampleSpan } from './span.fixture.js';
import { arbitraryWorld, knownEntry, shuffled, type World } from './telemetry-world.fixture.js';

const read = (overrides: Parameters<typeof sampleSpan>[0]) =>
  readSpan(sampleSpan(overrides), () => undefined);
const chat = (overrides: Parameters<typeof sampleSpan>[0] = {}) =>
  read({ ...overrides, attributes: { ...chatAttributes, ...overrides?.attributes } });
const withoutUsage = (overrides: Parameters<typeof sampleSpan>[0]) =>
  read({
    ...overrides,
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini' },
  });

/** Ids of the spans that stand, and how each other call is explained. */
function standing(spans: SpanFacts[], known: World['known'] = []) {
  const graph = new CallGraph();
  const records = spans.flatMap((facts) => graph.add(facts) ?? []);
  for (const entry of known) graph.addKnown(entry);
  const calls = records.filter((record) => graph.beaten(record) === null);
  return {
    calls: calls.map(({ span }) => Number(span)).sort(),
    why: records.flatMap((record) => graph.beaten(record)?.sameness ?? []),
  };
}

describe('of a span and those above it, the innermost call stands', () => {
  test('a wrapper that repeats the usage of its call', () => {
    const wrapper = read({
      span: '1',
      attributes: {
        'ai.operationId': 'ai.generateText',
        'ai.usage.inputTokens': 1000,
        'ai.usage.outputTokens': 100,
      },
    });
    const call = chat({ span: '2', parent: '1', from: 1, to: 999 });
    expect(standing([call, wrapper])).toEqual({ calls: [2], why: ['parent span'] });
    expect(standing([wrapper, call])).toEqual({ calls: [2], why: ['parent span'] });
  });

  test('an agent that sums several calls, also through spans of other things', () => {
    const agent = chat({
      span: '1',
      to: 5000,
      attributes: { 'gen_ai.operation.name': 'invoke_agent' },
    });
    const other = read({ span: '2', parent: '1' });
    const calls = ['3', '4'].map((span) => chat({ span, parent: '2', from: Number(span) * 100 }));
    expect(standing([agent, ...calls, other]).calls).toEqual([3, 4]);
  });

  test('an agent whose calls nobody traces stands for them', () => {
    const agent = chat({ span: '1', attributes: { 'gen_ai.operation.name': 'invoke_agent' } });
    expect(standing([agent]).calls).toEqual([1]);
  });

  test('a call made by a tool is a call of its own', () => {
    const outer = chat({ span: '1', to: 5000 });
    const tool = read({
      span: '2',
      parent: '1',
      attributes: { 'gen_ai.operation.name': 'execute_tool' },
    });
    const inner = chat({ span: '3', parent: '2' });
    expect(standing([inner, outer, tool]).calls).toEqual([1, 3]);
  });

  test('of two layers the one that speaks of the cache', () => {
    const outer = chat({ span: '1', attributes: { 'gen_ai.usage.cache_read.input_tokens': 400 } });
    const inner = chat({ span: '2', parent: '1', from: 10, to: 900 });
    expect(standing([outer, inner]).calls).toEqual([1]);
  });

  test('a call without usage below or above one that has it', () => {
    expect(standing([chat({ span: '1' }), withoutUsage({ span: '2', parent: '1' })]).calls).toEqual(
      [1],
    );
    expect(standing([withoutUsage({ span: '1' }), chat({ span: '2', parent: '1' })]).calls).toEqual(
      [2],
    );
  });

  test('a failed attempt below a call that went well stays on record', () => {
    const failed = read({
      span: '2',
      parent: '1',
      failed: true,
      attributes: { 'gen_ai.operation.name': 'chat' },
    });
    expect(standing([chat({ span: '1' }), failed]).calls).toEqual([1, 2]);
  });

  test('parents that form a ring harm nothing', () => {
    const ring = [chat({ span: '1', parent: '2' }), chat({ span: '2', parent: '1', to: 500 })];
    expect(standing(ring).calls).toEqual([2]);
  });
});

describe('side by side', () => {
  test('two instrumentations of one call', () => {
    const spans = [
      chat({ span: '1', parent: '9', scope: 'one', from: 0, to: 1000 }),
      chat({ span: '2', parent: '9', scope: 'two', from: 5, to: 995 }),
    ];
    expect(standing(spans)).toEqual({ calls: [2], why: ['twin span'] });
  });

  test('two equal calls of one instrumentation are two', () => {
    const spans = ['1', '2'].map((span) => chat({ span, parent: '9' }));
    expect(standing(spans).calls).toEqual([1, 2]);
  });

  test('two instrumentations one after the other are two calls', () => {
    const spans = [
      chat({ span: '1', parent: '9', scope: 'one', from: 0, to: 1000 }),
      chat({ span: '2', parent: '9', scope: 'two', from: 2000, to: 3000 }),
    ];
    expect(standing(spans).calls).toEqual([1, 2]);
  });

  test('two instrumentations of which one does not state the tokens', () => {
    const spans = [
      withoutUsage({ span: '1', parent: '9', scope: 'one', from: 0, to: 1000 }),
      chat({ span: '2', parent: '9', scope: 'two', from: 5, to: 995 }),
      withoutUsage({ span: '3', parent: '9', scope: 'one', from: 5000, to: 6000 }),
    ];
    expect(standing(spans)).toEqual({ calls: [2, 3], why: ['twin span'] });
  });

  test('one response id in two traces is one call', () => {
    const attributes = { 'gen_ai.response.id': 'chatcmpl-1' };
    const spans = [
      chat({ trace: 'a', span: '1', to: 900, attributes }),
      chat({ trace: 'b', span: '2', attributes }),
    ];
    expect(standing(spans)).toEqual({ calls: [1], why: ['response id'] });
  });

  test('a server that gives its ids out again makes other calls', () => {
    const attributes = { 'gen_ai.response.id': 'chatcmpl-1' };
    const spans = [
      chat({ trace: 'a', span: '1', attributes }),
      chat({ trace: 'b', span: '2', from: 3_600_000, to: 3_601_000, attributes }),
      chat({
        trace: 'c',
        span: '3',
        attributes: { ...attributes, 'gen_ai.usage.output_tokens': 7 },
      }),
    ];
    expect(standing(spans).calls).toEqual([1, 2, 3]);
  });
});

describe('what the gateway measured stands before any span', () => {
  test('by response id', () => {
    const span = chat({ attributes: { 'gen_ai.response.id': 'r' } });
    const result = standing([span], [knownEntry({ responseId: 'r' })]);
    expect(result).toEqual({ calls: [], why: ['response id'] });
  });

  test('by trace, model, time and tokens, where a side knows no response id', () => {
    const known = knownEntry({ trace: 'a', responseId: 'r' });
    expect(standing([chat()], [known])).toEqual({ calls: [], why: ['trace'] });
    expect(standing([chat({ trace: 'b' })], [known]).calls).toEqual([1]);
    expect(standing([chat({ from: 60_000, to: 61_000 })], [known]).calls).toEqual([1]);
    const other = chat({ attributes: { 'gen_ai.usage.output_tokens': 99 } });
    expect(standing([other], [known]).calls).toEqual([1]);
  });

  test('by the id that the span itself names', () => {
    const known = knownEntry({});
    const span = chat({ trace: 'c', attributes: { 'farthing.call.id': known.id.toUpperCase() } });
    expect(standing([span], [known])).toEqual({ calls: [], why: ['entry id'] });
  });

  test('also of a summary of the same trace and time', () => {
    const agent = chat({
      to: 9000,
      attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.usage.input_tokens': 5000 },
    });
    const result = standing([agent], [knownEntry({ trace: 'a' })]);
    expect(result).toEqual({ calls: [], why: ['trace summary'] });
  });
});

describe('laws', () => {
  const outcome = (world: World, seed: number) => {
    const graph = new CallGraph();
    const records = new Map<string, CallRecord>();
    const events = [
      ...world.spans.map((facts) => () => {
        const record = graph.add(facts);
        if (record !== null) records.set(record.key, record);
      }),
      ...world.known.map((entry) => () => graph.addKnown(entry)),
    ];
    const voided: string[] = [];
    for (const event of shuffled(events, seed)) event();
    for (const [key, record] of records) {
      const beaten = graph.beaten(record);
      if (beaten !== null) voided.push(`${key} by ${beaten.by.key}`);
    }
    return { graph, records, beaten: voided.sort() };
  };

  test('which records stand, and for which one each other stands, does not depend on the order', () => {
    fc.assert(
      fc.property(arbitraryWorld, fc.integer(), fc.integer(), (world, one, other) => {
        expect(outcome(world, one).beaten).toEqual(outcome(world, other).beaten);
      }),
      { numRuns: 1_000 },
    );
  });

  test('for every record that does not stand, a better one does', () => {
    fc.assert(
      fc.property(arbitraryWorld, fc.integer(), (world, seed) => {
        const { graph, records } = outcome(world, seed);
        for (const record of records.values()) {
          let current = record;
          for (let next = graph.beaten(current); next !== null; next = graph.beaten(current)) {
            expect(compareRecords(next.by, current)).toBeLessThan(0);
            current = next.by;
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('what was beaten once is never announced again, and never stands again', () => {
    fc.assert(
      fc.property(arbitraryWorld, fc.integer(), (world, seed) => {
        const announced = new Set<CallRecord>();
        const graph = new CallGraph((record) => {
          expect(announced.has(record)).toBe(false);
          announced.add(record);
        });
        const events = [
          ...world.spans.map((facts) => () => void graph.add(facts)),
          ...world.known.map((entry) => () => graph.addKnown(entry)),
        ];
        for (const event of shuffled(events, seed)) {
          event();
          for (const record of announced) expect(graph.beaten(record)).not.toBeNull();
        }
      }),
    );
  });
});

describe('memory', () => {
  test('a span that comes again changes nothing', () => {
    const graph = new CallGraph();
    expect(graph.add(chat())).not.toBeNull();
    expect(graph.add(chat())).toBeNull();
    expect(graph.spans).toBe(1);
  });

  test('of two contents of one span the fuller one stands', () => {
    const graph = new CallGraph();
    const first = graph.add(withoutUsage({}))!;
    const second = graph.add(chat())!;
    expect(graph.beaten(first)).toMatchObject({ by: second, sameness: 'span id' });
    expect(graph.beaten(second)).toBeNull();
  });

  test('a trace that is forgotten leaves nothing behind', () => {
    const graph = new CallGraph();
    graph.add(chat({ attributes: { 'gen_ai.response.id': 'r' } }));
    graph.forgetTrace('a'.padStart(32, '0'));
    expect(graph.spans).toBe(0);
    const again = graph.add(chat({ trace: 'b', attributes: { 'gen_ai.response.id': 'r' } }))!;
    expect(graph.beaten(again)).toBeNull();
  });

  test('entries of others are forgotten oldest first', () => {
    const graph = new CallGraph();
    for (let n = 0; n < 5; n++) graph.addKnown(knownEntry({ trace: 'a', responseId: `r${n}` }, n));
    graph.forgetKnown(2);
    expect(graph.knownEntries).toBe(2);
    const old = graph.add(chat({ span: '1', attributes: { 'gen_ai.response.id': 'r0' } }))!;
    const late = graph.add(chat({ span: '2', attributes: { 'gen_ai.response.id': 'r4' } }))!;
    expect([graph.beaten(old), graph.beaten(late)?.sameness]).toEqual([null, 'response id']);
  });
});

test('the steps above a call come root first, with their tags', () => {
  const graph = new CallGraph();
  const call = chat({ span: '3', parent: '2' });
  graph.add(call);
  graph.add(
    read({
      span: '1',
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'planner',
        'farthing.feature': 'outer',
      },
    }),
  );
  graph.add(
    read({
      span: '2',
      parent: '1',
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'search',
        'farthing.feature': 'inner',
      },
    }),
  );
  const { steps, tags } = graph.above(call);
  expect(steps.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'agent planner',
    'tool search',
  ]);
  expect(tags.filter(([name]) => name === 'feature').at(-1)).toEqual(['feature', 'inner']);
});
