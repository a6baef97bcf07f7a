import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OutputModel } from './output-model.js';

const chat = { feature: 'chat', template_version: 'v1', model: 'gpt-4.1' };

/** A reproducible sequence of answer lengths: skewed, as real ones are. */
function lengths(count: number, scale: number, seed = 7): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return 1 + Math.floor(scale * -Math.log(1 - state / 4_294_967_296));
  });
}

function taught(calls: readonly number[], model = new OutputModel()): OutputModel {
  for (const output of calls) model.learn(chat, 1_000, output);
  return model;
}

describe('the output model', () => {
  test('says that it knows nothing until it has seen enough', () => {
    const model = taught(lengths(10, 300));
    expect(model.predict(chat, 1_000)).toMatchObject({ basis: 'none', calls: 0 });
  });

  test('backs off from calls of the same size to the template, the feature, the model and all', () => {
    const model = taught(lengths(100, 300));
    expect(model.predict(chat, 1_000)).toMatchObject({ basis: 'size', calls: 100 });
    expect(model.predict(chat, 90_000).basis).toBe('template');
    expect(model.predict({ ...chat, template_version: 'v2' }, 1_000).basis).toBe('feature');
    expect(model.predict({ feature: 'search', model: 'gpt-4.1' }, 1_000).basis).toBe('model');
    expect(model.predict({ feature: 'search', model: 'other' }, 1_000).basis).toBe('all');
  });

  test('tells long inputs from short ones', () => {
    const model = new OutputModel();
    for (let call = 0; call < 60; call++) {
      model.learn(chat, 200, 50);
      model.learn(chat, 20_000, 900);
    }
    expect(model.predict(chat, 200).q50).toBe(50);
    expect(model.predict(chat, 20_000).q50).toBe(900);
  });

  test('covers its share of calls, also after answers have become twice as long', () => {
    const model = new OutputModel();
    let covered = 0;
    const calls = [...lengths(2_000, 200), ...lengths(2_000, 400, 11)];
    for (const output of calls) {
      const prediction = model.predict(chat, 1_000);
      if (prediction.basis !== 'none' && output <= prediction.q95) covered += 1;
      model.learn(chat, 1_000, output, prediction);
    }
    expect(covered / calls.length).toBeGreaterThan(0.93);
    expect(covered / calls.length).toBeLessThan(0.97);
  });

  test('orders its quantiles', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3_000), { minLength: 50, maxLength: 150 }), (outputs) => {
        const { q50, q95, q99 } = taught(outputs).predict(chat, 1_000);
        expect(q50).toBeLessThanOrEqual(q95);
        expect(q95).toBeLessThanOrEqual(q99);
      }),
    );
  });

  test('goes on where it was after a restart', () => {
    const model = taught(lengths(700, 300));
    const restored = OutputModel.restore(JSON.parse(JSON.stringify(model.state())));
    for (const output of lengths(50, 800, 3)) {
      expect(restored.predict(chat, 1_000)).toEqual(model.predict(chat, 1_000));
      model.learn(chat, 1_000, output);
      restored.learn(chat, 1_000, output);
    }
  });

  test('keeps a bounded number of groups, whatever callers send', () => {
    const model = new OutputModel({ windows: 100 });
    for (let feature = 0; feature < 1_000; feature++) {
      model.learn({ feature: `f${feature}`, model: 'm' }, 100, 10);
    }
    expect(model.state().windows.length).toBeLessThanOrEqual(100);
  });
});
