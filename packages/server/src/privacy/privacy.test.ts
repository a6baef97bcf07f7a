import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tags } from '@farthing/core';
import { expect, test, vi } from 'vitest';
import { loadKeys, rotateKey } from './key-ring.js';
import { createPseudonymizer, pseudonymPattern } from './pseudonym.js';
import { loadSecret } from './secret.js';
import { openTagPrivacy, userPolicy } from './tag-privacy.js';

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

test('other personal tags get pseudonyms of their own, which tell nothing of equal users', () => {
  const data = directory();
  const privacy = openTagPrivacy({ users: 'pseudonym', personal: ['author', 'session'] }, data);
  const tags: Tags = { user: 'jane', session: 'jane', custom: { author: 'jane', team: 'core' } };
  privacy.protect(tags);
  expect(tags.user).toMatch(pseudonymPattern);
  expect(tags.session).toMatch(/^p_[0-9a-f]{20}$/);
  expect(tags.custom).toEqual({ author: expect.stringMatching(pseudonymPattern), team: 'core' });
  expect(new Set([tags.user, tags.session, tags.custom!['author']]).size).toBe(3);
});

test('of entries that come whole, pseudonyms stay and everything else that is personal becomes one', () => {
  const privacy = openTagPrivacy({ users: 'pseudonym', personal: ['author'] }, directory());
  const other = createPseudonymizer(Buffer.alloc(32, 1))('jane');
  const tags: Tags = { user: other, custom: { author: 'jane' } };
  privacy.protectReceived(tags);
  expect(tags).toEqual({ user: other, custom: { author: expect.stringMatching(/^p_/) } });
  const raw: Tags = { user: 'jane' };
  privacy.protectReceived(raw);
  expect(raw).toEqual({ user: privacy.user('jane') });
  const dropped: Tags = { user: other };
  openTagPrivacy({ users: 'drop' }, directory()).protectReceived(dropped);
  expect(dropped).toEqual({});
});

test('a new key gives new pseudonyms; the earlier keys stay until they are destroyed', () => {
  const data = directory();
  const before = userPolicy('pseudonym', data)('jane');
  rotateKey(data, { destroyOld: false, now: new Date('2026-11-22T10:00:00Z') });
  const keys = loadKeys(data);
  expect(keys.map(({ since }) => since)).toEqual([null, '2026-11-22T10:00:00.000Z']);
  expect(createPseudonymizer(keys[0]!.key)('jane')).toBe(before);
  expect(userPolicy('pseudonym', data)('jane')).not.toBe(before);
  expect(loadSecret(data)).toEqual(keys[1]!.key);

  const kept = rotateKey(data, { destroyOld: true, now: new Date() });
  expect(loadKeys(data)).toEqual(kept);
  expect(kept).toHaveLength(1);
});

test('a running process takes up a new key', async () => {
  vi.useFakeTimers();
  try {
    const data = directory();
    const privacy = openTagPrivacy({ users: 'pseudonym' }, data, { watch: true });
    const before = privacy.user('jane');
    rotateKey(data, { destroyOld: true, now: new Date() });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(privacy.user('jane')).not.toBe(before);
    privacy.close();
  } finally {
    vi.useRealTimers();
  }
});
