import { describe, expect, test } from 'vitest';
import { InputModel } from './input-model.js';

const size = (textBytes: number, fileTokens = 0) => ({ textBytes, fileTokens });

function taught(ratio: number, calls = 50): InputModel {
  const model = new InputModel();
  for (let call = 1; call <= calls; call++) {
    const bytes = 1_000 + 100 * call;
    model.learn('extract gpt-4.1', size(bytes), Math.round(bytes * ratio));
  }
  return model;
}

describe('the length of a prompt', () => {
  test('is a quarter of its bytes until more is known', () => {
    expect(new InputModel().predict('new', size(4_000))).toEqual({
      expected: 1_000,
      bound: 2_000,
      method: 'bytes/4',
    });
  });

  test('follows what the calls of its feature had: JSON has more tokens to a byte than prose', () => {
    const { expected, bound, method } = taught(0.42).predict('extract gpt-4.1', size(10_000));
    expect(method).toBe('learned');
    expect(Math.abs(expected - 4_200)).toBeLessThan(42);
    expect(bound).toBeGreaterThan(4_200);
    expect(bound).toBeLessThan(4_700);
  });

  test('counts images by their own rule, beside the text', () => {
    const model = taught(0.25);
    const text = model.predict('extract gpt-4.1', size(4_000)).expected;
    expect(model.predict('extract gpt-4.1', size(4_000, 765)).expected).toBe(text + 765);
  });

  test('never has more than a token for each byte', () => {
    expect(taught(0.99).predict('extract gpt-4.1', size(1_000)).bound).toBeLessThanOrEqual(1_000);
  });

  test('is known again after a restart', () => {
    const model = taught(0.42);
    const restored = InputModel.restore(JSON.parse(JSON.stringify(model.state())));
    expect(restored.predict('extract gpt-4.1', size(777))).toEqual(
      model.predict('extract gpt-4.1', size(777)),
    );
  });
});
