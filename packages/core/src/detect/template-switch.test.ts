import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minute, start, uniforms } from '../../test-support/call-stream.js';
import { inverseNormal } from './normal.js';
import { TemplateSwitch, type TemplateEffect } from './template-switch.js';

const deviation = 0.6;

/** Calls with a version whose cost is `shift` (a logarithm) above the usual. */
function feed(
  detector: TemplateSwitch,
  template: string,
  calls: number,
  { shift = 0, seed = 1, judged = true } = {},
): (TemplateEffect & { index: number })[] {
  const random = uniforms(seed);
  const found: (TemplateEffect & { index: number })[] = [];
  for (let index = 0; index < calls; index++) {
    const excess = shift + deviation * inverseNormal(random());
    const score = Math.max(-3, Math.min(3, excess / deviation));
    const effect = detector.observe(template, score, excess, start + index * minute, judged);
    if (effect !== null) found.push({ ...effect, index });
  }
  return found;
}

/** A detector that knows one version. */
function knowing(): TemplateSwitch {
  const detector = new TemplateSwitch();
  detector.learn('v1');
  return detector;
}

describe('a new version of a template', () => {
  it('that doubles cost is blamed within some calls, once, from its first call on', () => {
    const found = feed(knowing(), 'v2', 500, { shift: Math.LN2 });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ template: 'v2', since: start, calls: found[0]!.index + 1 });
    expect(found[0]!.calls).toBeLessThanOrEqual(25);
    expect(found[0]!.factor).toBeGreaterThan(1.4);
  });

  it('that changes nothing is blamed once in a thousand', () => {
    let blamed = 0;
    for (let seed = 1; seed <= 300; seed++) {
      blamed += feed(knowing(), 'v2', 200, { seed }).length;
    }
    expect(blamed).toBeLessThanOrEqual(2);
  });

  it('that makes calls cheaper is not blamed', () => {
    expect(feed(knowing(), 'v2', 500, { shift: -1 })).toEqual([]);
  });

  it('is the first there ever was: it replaces nothing', () => {
    expect(feed(new TemplateSwitch(), 'v1', 500, { shift: 2 })).toEqual([]);
  });

  it('is known for good: a return to the version before is no new one', () => {
    const detector = knowing();
    feed(detector, 'v2', 50);
    expect(feed(detector, 'v1', 200, { shift: 2 })).toEqual([]);
  });

  it('of history is learnt and never blamed', () => {
    const detector = knowing();
    expect(feed(detector, 'v2', 50, { shift: 3, judged: false })).toEqual([]);
    expect(feed(detector, 'v2', 50, { shift: 3 })).toEqual([]);
  });

  it('one call never decides, whatever it costs', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (score) => {
        expect(knowing().observe('v2', score, 99, start)).toBeNull();
      }),
    );
  });

  it('is one of 64 that are known, however many there are', () => {
    const detector = knowing();
    for (let version = 0; version < 1_000; version++) feed(detector, `v${version}`, 2);
    const { known, open } = detector.toJSON();
    expect(known).toHaveLength(64);
    expect(open.length).toBeLessThanOrEqual(64);
  });

  it('is judged on from what was written down as if nobody had been away', () => {
    const score = fc.integer({ min: -12, max: 12 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('v1', 'v2', 'v3'), score), {
          minLength: 2,
          maxLength: 60,
        }),
        fc.nat(59),
        (calls, cut) => {
          const whole = knowing();
          let parted = knowing();
          for (const [index, [template, quarters]] of calls.entries()) {
            if (index === cut % calls.length) {
              parted = new TemplateSwitch(JSON.parse(JSON.stringify(parted)));
            }
            const terms = [template, quarters / 4, quarters / 4, start + index] as const;
            expect(parted.observe(...terms)).toEqual(whole.observe(...terms));
          }
          expect(parted.toJSON()).toEqual(whole.toJSON());
        },
      ),
    );
  });
});
