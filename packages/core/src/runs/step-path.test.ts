import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSteps, parseSteps, stepPath } from './step-path.js';

test('a call’s place in its run is the names of the steps above it, root first', () => {
  expect(
    stepPath({
      trace: 't',
      span: 'c',
      parent: 'b',
      path: [
        { kind: 'agent', name: 'planner', span: 'a' },
        { kind: 'tool', name: 'search', span: 'b' },
      ],
    }),
  ).toBe('agent:planner/tool:search');
  expect(stepPath({ trace: 't', span: 'c' })).toBeNull();
  expect(stepPath(undefined)).toBeNull();
});

test('whatever steps are called, their path can be read again', () => {
  const step = fc.record({
    kind: fc.constantFrom('agent' as const, 'tool' as const, 'chain' as const),
    name: fc.option(
      fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('a/b', '%2F', '100 %', 'agent:x')),
    ),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
      expect(parseSteps(formatSteps(steps))).toEqual(steps);
    }),
  );
});

test('a text that is no path is one step', () => {
  expect(parseSteps('whatever')).toEqual([{ kind: 'chain', name: 'whatever' }]);
});
