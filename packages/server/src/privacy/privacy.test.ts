import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPseudonymizer } from './pseudonym.js';
import { loadSecret } from './secret.js';
import { userPolicy } from './user-policy.js';

const directory = () => mkdtempSync(join(tmpdir(), 'farthing-privacy-'));

test('a user has one pseudonym per data directory, and another in every other', () => {
  const here = createPseudonymizer(loadSecret(directory()));
  expect(here('jane@example.com')).toMatch(/^u_[0-9a-f]{20}$/);
  expect(here('jane@example.com')).toBe(here('jane@example.com'));
  expect(here('jane@example.com')).not.toBe(here('joe@example.com'));
  expect(createPseudonymizer(loadSecret(directory()))('jane@example.com')).not.toBe(
    here('jane@example.com'),
  );
});

test('forgetting old users to bound memory changes nobody’s pseudonym', () => {
  const pseudonymize = createPseudonymizer(Buffer.alloc(32, 1), 2);
  const before = ['a', 'b', 'c', 'd'].map(pseudonymize);
  expect(['a', 'b', 'c', 'd'].map(pseudonymize)).toEqual(before);
});

test('the secret is made once and readable by its owner alone', () => {
  const data = directory();
  expect(loadSecret(data)).toEqual(loadSecret(data));
  expect(statSync(join(data, 'secret')).mode & 0o777).toBe(0o600);
});

test('a damaged secret is an error, not a new set of pseudonyms', () => {
  const data = directory();
  writeFileSync(join(data, 'secret'), 'oops');
  expect(() => loadSecret(data)).toThrow(/Restore it from a backup/);
});

test('the policy can keep users as sent, or drop them', () => {
  expect(userPolicy('plain', directory())('jane')).toBe('jane');
  expect(userPolicy('drop', directory())('jane')).toBeNull();
  expect(userPolicy('pseudonym', directory())('jane')).toMatch(/^u_/);
});
