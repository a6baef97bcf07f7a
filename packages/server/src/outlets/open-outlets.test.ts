import { expect, test } from 'vitest';
import { readOutlets } from './open-outlets.js';

const base = { from: 'now' } as const;

test('two archives in one directory are refused: each would take the other’s files for its own', () => {
  const archive = (name: string, directory: string) =>
    ({ ...base, type: 'jsonl', name, directory }) as const;
  expect(() => readOutlets([archive('a', './x'), archive('b', 'x/')], {})).toThrow(
    /"a" and "b" write to one directory/,
  );
  expect(readOutlets([archive('a', 'x'), archive('b', 'y')], {})).toHaveLength(2);
});

test('what is missing in the environment is told before anything is opened', () => {
  const hook = { ...base, type: 'webhook', name: 'hook', url: '${HOOK_URL}' } as const;
  expect(() => readOutlets([hook], {})).toThrow(/HOOK_URL, which is not set/);
});
