import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { savedShare, simulateCache, type CachedCall, type CachePolicy } from './simulate-cache.js';

const data = new URL('../../../../../shared/data/', import.meta.url);
const isThere = existsSync(data);

const fiveMinutes: CachePolicy = { ttl: 300_000, minimumTokens: 1_024, write: 'all' };
const oneHour: CachePolicy = { ...fiveMinutes, ttl: 3_600_000 };
const secondSighting: CachePolicy = { ...fiveMinutes, write: 'second_sighting' };
const rates5m = { input: 1, read: 0.1, write: 1.25 };
const rates1h = { input: 1, read: 0.1, write: 2 };

const percent = (share: number) => Math.round(share * 1_000) / 10;

/** Mooncake's requests have the hashes of their prompts' blocks of 512 tokens. */
function conversation(slower = 1): CachedCall[] {
  const file = new URL('mooncake/FAST25-release/traces/conversation_trace.jsonl', data);
  return lines(file).map((line) => {
    const {
      timestamp,
      input_length: input,
      hash_ids: ids,
    } = line as unknown as {
      timestamp: number;
      input_length: number;
      hash_ids: number[];
    };
    const marks = ids.map((id, index) => ({ key: String(id), tokens: (index + 1) * 512 }));
    return { at: timestamp * slower, input, marks };
  });
}

/** The agents' prompts are texts: a block is 64 tokens of about four characters. */
function agents(name: string): CachedCall[] {
  const folder = new URL(`lmcache-agent-trace/${name}/`, data);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => lines(new URL(file, folder)))
    .map(({ input, timestamp }) => {
      const text = String(input);
      const hash = createHash('md5');
      const marks = [];
      for (let end = 256; end <= text.length; end += 256) {
        hash.update(text.slice(end - 256, end));
        marks.push({ key: hash.copy().digest('base64'), tokens: end / 4 });
      }
      return { at: Number(timestamp) / 1_000, input: text.length / 4, marks };
    })
    .sort((a, b) => a.at - b.at);
}

function lines(file: URL): Record<string, unknown>[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe.skipIf(!isThere)('real prefixes, from the traces in ../shared/data', () => {
  test('conversations gain little at five minutes, and lose much at one hour', () => {
    const calls = conversation();
    expect(percent(savedShare(simulateCache(calls, fiveMinutes), rates5m))).toBeCloseTo(4.9, 0);
    expect(percent(savedShare(simulateCache(calls, oneHour), rates1h))).toBeCloseTo(-36, 0);
  });

  test('with a tenth of the traffic, prefixes are forgotten between their uses', () => {
    const calls = conversation(10);
    expect(percent(savedShare(simulateCache(calls, fiveMinutes), rates5m))).toBeCloseTo(-23, 0);
  });

  test('writing only what was seen before more than doubles what conversations save', () => {
    const calls = conversation();
    const anyLength = simulateCache(calls, { ...secondSighting, minimumTokens: 0 });
    expect(percent(savedShare(anyLength, rates5m))).toBeCloseTo(11.6, 0);
    // The block that all of them begin with is shorter than what providers cache.
    expect(percent(savedShare(simulateCache(calls, secondSighting), rates5m))).toBeCloseTo(8.2, 0);
  });

  test.each([
    ['miniswe', 82.2],
    ['taubench', 55],
  ])('agents (%s) gain a lot, and less when they write on second sighting', (name, share) => {
    const calls = agents(name);
    const ofTwoBlocks = { minimumTokens: 128 };
    const all = simulateCache(calls, { ...fiveMinutes, ...ofTwoBlocks });
    const saved = percent(savedShare(all, rates5m));
    expect(Math.abs(saved - share)).toBeLessThan(1);
    const later = simulateCache(calls, { ...secondSighting, minimumTokens: 0 });
    const less = saved - percent(savedShare(later, rates5m));
    expect(less).toBeGreaterThan(4.5);
    expect(less).toBeLessThan(8);
  });

  test('prompts that are shorter than what providers cache neither gain nor lose', () => {
    const { read, written } = simulateCache(agents('taubench'), fiveMinutes);
    expect(written).toBeLessThan(5_000);
    expect(read).toBeLessThan(20_000);
  });
});
