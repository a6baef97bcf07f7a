import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PromptSampler } from './prompt-sampler.js';

const kilobyte = 1_024;

describe('which prompts are taken apart', () => {
  test('all small ones, and of large ones the first and then fewer, the larger they are', () => {
    const sampler = new PromptSampler();
    const chosen = (feature: string, bytes: number) =>
      Array.from({ length: 1_000 }, () => sampler.choose(feature, bytes)).filter((n) => n > 0);
    expect(chosen('search', 500)).toHaveLength(1_000);
    expect(chosen('search', 8 * kilobyte).length).toBeLessThan(1_000 / 16 + 16 + 1);
    expect(chosen('search', 100 * kilobyte).length).toBeLessThan(1_000 / 256 + 16 + 1);
    expect(chosen('chat', 100 * kilobyte).slice(0, 16)).toEqual(Array(16).fill(1));
  });

  test('none that would hold up the others', () => {
    expect(new PromptSampler().choose('search', 5 * kilobyte * kilobyte)).toBe(0);
  });

  test('and the chosen stand for all calls of their feature and size up to them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom(500, 9_000, 70_000)), {
          maxLength: 400,
        }),
        (calls) => {
          const sampler = new PromptSampler();
          const counted = new Map<string, { calls: number; stoodFor: number; chosen: number }>();
          for (const [feature, bytes] of calls) {
            const key = `${feature} ${bytes}`;
            const group = counted.get(key) ?? { calls: 0, stoodFor: 0, chosen: 0 };
            counted.set(key, group);
            const standsFor = sampler.choose(feature, bytes);
            group.calls += 1;
            group.stoodFor += standsFor;
            if (standsFor > 0) expect(group.stoodFor).toBe(group.calls);
          }
          for (const { calls: all, stoodFor } of counted.values()) {
            expect(all - stoodFor).toBeLessThan(256);
          }
        },
      ),
    );
  });
});
