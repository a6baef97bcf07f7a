import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Farthing } from '../farthing.js';
import { memorySink } from '../sinks/memory-sink.js';
import { mergeTags } from './merge-tags.js';
import { currentScope, tagsOfScope, withTags } from './tag-context.js';

const tagsHere = () => tagsOfScope(currentScope());

describe('withTags', () => {
  test('holds for what its function awaits, and not beyond', async () => {
    const inside = await withTags({ feature: 'search' }, async () => {
      await turn();
      return tagsHere();
    });
    expect(inside).toEqual({ feature: 'search' });
    expect(tagsHere()).toEqual({});
  });

  test('nests: inner tags win, tag by tag; names of one’s own become custom tags', () => {
    withTags({ feature: 'a', user: 'u', team: 'x' }, () =>
      withTags({ feature: 'b', custom: { shop: '7' } }, () => {
        expect(tagsHere()).toEqual({ feature: 'b', user: 'u', custom: { team: 'x', shop: '7' } });
      }),
    );
  });

  test('gives back what its function gives, and throws what it throws', () => {
    expect(withTags({}, () => 7)).toBe(7);
    expect(() =>
      withTags({}, () => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
  });

  test.each([
    [{ feature: 7 }, '`feature` must be a text. Write "7"'],
    [{ custom: { size: {} } }, '`custom.size` must be a text'],
    [null, 'Tags are an object'],
  ])('a mistake is told by name: %j', (tags, message) => {
    expect(() => withTags(tags as never, () => {})).toThrow(message);
  });
});

test('merging is associative, and the later wins', () => {
  const tags = fc.record(
    {
      feature: fc.constantFrom('a', 'b'),
      user: fc.constantFrom('u', 'v'),
      custom: fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('1', '2')),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(tags, tags, tags, (a, b, c) => {
      expect(mergeTags(mergeTags(a, b), c)).toEqual(mergeTags(a, mergeTags(b, c)));
      expect(mergeTags(a, b).feature).toBe(b.feature ?? a.feature);
    }),
  );
});

test('10,000 interleaved runs with nested tags: none crossed', async () => {
  const sink = memorySink({ limit: 100_000 });
  const farthing = new Farthing({ sinks: [sink], users: 'plain' });
  const answer = JSON.stringify({
    model: 'gpt-5-mini',
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  });
  const call = farthing.meterFetch({
    fetch: async () => {
      // Answers come in another order than calls leave.
      for (let turns = Math.floor(Math.random() * 4); turns > 0; turns--) await turn();
      return new Response(answer, { headers: { 'content-type': 'application/json' } });
    },
  });
  const send = async () => {
    const body = JSON.stringify({ model: 'gpt-5-mini', messages: [] });
    const url = 'https://api.openai.com/v1/chat/completions';
    await (await call(url, { method: 'POST', body })).json();
  };
  const record = async () => {
    await turn();
    farthing.recordUsage({
      provider: 'openai',
      model: 'gpt-5-mini',
      tokens: { input_uncached: 10, output: 5 },
    });
  };
  const runs = 10_000;
  const summaries = await Promise.all(
    Array.from({ length: runs }, (_, index) => {
      const run = farthing.startRun({ run: `run-${index}`, session: `outer-${index}` });
      return run.within(async () => {
        await record();
        await withTags({ session: `inner-${index}`, user: `user-${index}` }, async () => {
          await turn();
          await send();
          farthing.annotate({ tenant: `tenant-${index}` });
          await withTags({ step: `step-${index}` }, record);
        });
        await record();
        return run.end();
      });
    }),
  );
  expect(sink.entries).toHaveLength(runs * 4);
  const seen = new Map<string, number>();
  const crossed = sink.entries.filter(({ tags }) => {
    const index = tags.run!.slice('run-'.length);
    seen.set(tags.run!, (seen.get(tags.run!) ?? 0) + 1);
    const own = (name: string, value: string | undefined) => value === `${name}-${index}`;
    const isInner = own('inner', tags.session);
    return !(
      (isInner || own('outer', tags.session)) &&
      (isInner ? own('user', tags.user) : tags.user === undefined) &&
      (tags.tenant === undefined || own('tenant', tags.tenant)) &&
      (tags.custom === undefined || (isInner && own('step', tags.custom['step'])))
    );
  });
  expect(crossed).toEqual([]);
  expect(seen.size).toBe(runs);
  expect(new Set(seen.values())).toEqual(new Set([4]));
  expect(new Set(summaries.map(({ calls, cost_usd }) => `${calls} ${cost_usd}`))).toEqual(
    new Set(['4 0.00005']),
  );
});
