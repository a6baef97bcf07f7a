import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tags } from '@farthing/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestBooks } from '../../../test-support/open-test-books.js';
import { runCommand } from '../../../test-support/run-command.js';
import { openTagPrivacy, type PrivacySettings } from '../../privacy/index.js';
import { openLocalBooks } from '../../processes/local-books.js';
import { sampleEntry } from '../../store/conformance/batches.js';
import { openDuckDbStore } from '../../store/duckdb/index.js';
import { forgetCommand } from './forget.js';
import { reportCommand } from '../report/report.js';
import { rotateKeyCommand } from './rotate-key.js';
import { whoisCommand } from './whois.js';

let dataDirectory = '';
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-forget-'));
});
afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

const settings = (privacy: PrivacySettings = { users: 'pseudonym' }) => ({
  dataDirectory,
  privacy,
  now: () => new Date('2026-03-02T00:00:00.000Z'),
});

/** Books calls whose tags went the way of a gateway's. */
async function record(tags: Tags[], privacy: PrivacySettings = { users: 'pseudonym' }) {
  const { protect } = openTagPrivacy(privacy, dataDirectory);
  for (const one of tags) protect(one);
  const books = await openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
  await books.appendEntries(tags.map((one) => sampleEntry({ tags: one })));
  await books.bookAll();
  await books.close();
}

/** All text that lies in the data directory. The database is asked instead: its freed blocks stay a while. */
function everything(directory = dataDirectory): string {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile() && !path.includes('.duckdb'))
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}

const costs = async () => {
  const { stdout } = await runCommand(
    reportCommand,
    '--by user --since 2026-03 --until 2026-04 --json',
    settings(),
  );
  return (JSON.parse(stdout) as { rows: { user: string | null; cost: string }[] }).rows;
};
const storedOf = async (user: string, privacy?: PrivacySettings) => {
  const { stdout } = await runCommand(whoisCommand, [user, '--json'], settings(privacy));
  return (JSON.parse(stdout) as { stored: { stored: string; calls: number }[] }).stored;
};

test('a user is forgotten: no file leads to their calls, and every total stays', async () => {
  await record([{ user: 'ada' }, { user: 'ada' }, { user: 'bob' }]);
  const [{ stored: pseudonym, calls } = { stored: '', calls: 0 }] = await storedOf('ada');
  expect(calls).toBe(2);
  const before = await costs();

  const asked = await runCommand(forgetCommand, '--user ada', settings());
  expect(asked.stdout).toContain('2 entries ($0.00375) would go on under a name');
  expect(everything()).toContain(pseudonym);

  const done = await runCommand(forgetCommand, '--user ada --yes', settings());
  expect(done.stdout).toMatch(
    /2 entries \(\$0\.00375\) belong to u_[0-9a-f]{20} now, which is nobody/,
  );
  expect(everything()).not.toContain(pseudonym);
  expect(await storedOf('ada')).toMatchObject([{ calls: 0, cost: '0' }]);
  expect((await costs()).map(({ cost }) => cost)).toEqual(before.map(({ cost }) => cost));

  const again = await runCommand(forgetCommand, '--user ada --yes', settings());
  expect(again.stdout).toContain('Nothing in the books is of this user');
});

test('books that are made anew from the journals know nothing of the forgotten either', async () => {
  await record([{ user: 'ada', custom: { team: 'core' } }, { user: 'bob' }]);
  await runCommand(forgetCommand, '--user ada --yes', settings());
  const before = await costs();
  await rm(join(dataDirectory, 'store'), { recursive: true });
  await record([]);
  expect(await costs()).toEqual(before);
});

test('users that are kept as sent lose the tag, in tags alone', async () => {
  const plain: PrivacySettings = { users: 'plain' };
  await record([{ feature: 'ada', user: 'ada' }, { user: 'ada' }, { user: 'adam' }], plain);
  await runCommand(forgetCommand, '--user ada --yes', settings(plain));
  expect((await costs()).map(({ user }) => user).sort()).toEqual(['adam', null]);
  expect(everything()).toContain('"feature":"ada"');
  expect(everything()).not.toContain('"user":"ada"');
});

test('a tag that bears the name of a field is forgotten, and the field stays', async () => {
  const plain: PrivacySettings = { users: 'plain' };
  await record([{ user: '7', custom: { a: '1', provider: 'openai', b: '2' } }, {}], plain);
  for (const tag of ['provider=openai', 'b=2', 'a=1', 'source=gateway']) {
    await runCommand(forgetCommand, `--tag ${tag} --yes`, settings(plain));
  }
  await rm(join(dataDirectory, 'store'), { recursive: true });
  await record([], plain);
  const args = '--by user,provider,tag:provider,tag:a --since 2026-03 --until 2026-04 --json';
  const { stdout } = await runCommand(reportCommand, args, settings());
  expect((JSON.parse(stdout) as { rows: object[] }).rows).toMatchObject([
    { user: '7', provider: 'openai', 'tag:provider': null, 'tag:a': null, calls: 1 },
    { user: null, provider: 'openai', 'tag:provider': null, 'tag:a': null, calls: 1 },
  ]);
});

test('users that are kept as sent vanish from what budgets decided, too', async () => {
  const plain: PrivacySettings = { users: 'plain' };
  await record([{ user: 'ada' }], plain);
  const accounts = [{ budget: 'each', scope: { user: 'ada' } }];
  await mkdir(join(dataDirectory, 'budgets'));
  const path = join(dataDirectory, 'budgets', 'decisions.jsonl');
  writeFileSync(
    path,
    `${JSON.stringify({ accounts, tags: { user: 'ada' }, provider: 'openai' })}\n`,
  );
  await runCommand(forgetCommand, '--user ada --yes', settings(plain));
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    accounts: [{ budget: 'each', scope: {} }],
    tags: {},
    provider: 'openai',
  });
});

test('another personal tag is forgotten alike', async () => {
  const privacy: PrivacySettings = { users: 'pseudonym', personal: ['author'] };
  await record(
    [{ custom: { author: 'ada', team: 'core' } }, { custom: { author: 'bob' } }],
    privacy,
  );
  const done = await runCommand(forgetCommand, '--tag author=ada --yes', settings(privacy));
  expect(done.stdout).toMatch(/1 entry \(\$0\.001875\) belong to p_[0-9a-f]{20} now/);
});

test('after a change of keys a user is found and forgotten under every key', async () => {
  await record([{ user: 'ada' }]);
  await runCommand(rotateKeyCommand, '', settings());
  await record([{ user: 'ada' }]);
  const stored = await storedOf('ada');
  expect(stored.map(({ calls }) => calls)).toEqual([1, 1]);
  const { stdout } = await runCommand(forgetCommand, '--user ada --yes', settings());
  expect(stdout).toContain('2 entries');
  for (const { stored: pseudonym } of stored) expect(everything()).not.toContain(pseudonym);
});

test('destroyed keys leave nobody to be found, and that is asked for twice', async () => {
  await record([{ user: 'ada' }]);
  const refused = await runCommand(rotateKeyCommand, '--destroy-old', settings());
  expect(refused.exitCode).toBe(2);
  expect(await storedOf('ada')).toMatchObject([{ calls: 1 }]);
  await runCommand(rotateKeyCommand, '--destroy-old --yes', settings());
  expect(await storedOf('ada')).toMatchObject([{ calls: 0 }]);
});

test('a pseudonym is found among candidates, and not without them', async () => {
  await record([{ user: 'ada' }]);
  const [one] = await storedOf('ada');
  const alone = await runCommand(whoisCommand, one!.stored, settings());
  expect(alone).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--among') });
  const file = join(dataDirectory, 'users.txt');
  writeFileSync(file, 'bob\nada\n');
  const found = await runCommand(whoisCommand, [one!.stored, '--among', file], settings());
  expect(found.stdout).toBe('ada\n');
  writeFileSync(file, 'bob\n');
  const none = await runCommand(whoisCommand, [one!.stored, '--among', file], settings());
  expect(none).toMatchObject({ exitCode: 1, stdout: '' });
});

test('what a crash interrupted is completed when the books are opened again', async () => {
  await record([{ user: 'ada' }, { user: 'bob' }]);
  const [one] = await storedOf('ada');
  const pending = { tag: 'user', stored: [one!.stored], to: `u_${'0'.repeat(20)}`, by: 'ada' };
  await mkdir(join(dataDirectory, 'privacy'));
  writeFileSync(join(dataDirectory, 'privacy', 'forgetting.json'), JSON.stringify(pending));
  expect(await storedOf('ada')).toMatchObject([{ calls: 0 }]);
  expect(everything()).not.toContain(one!.stored);
});

test('a running control plane forgets, by values that only the key can make', async () => {
  const books = await openTestBooks();
  try {
    await books.book([sampleEntry({ tags: { user: 'u_00000000000000000001' } }), sampleEntry()]);
    const body = { tag: 'user', stored: ['u_00000000000000000001'], by: 'ada' };
    const dry = await books.post('/api/v1/privacy/forget', { ...body, dry_run: true });
    expect(dry.body).toMatchObject({ entries: 1, places: 0 });
    const done = await books.post('/api/v1/privacy/forget', body);
    expect(done).toMatchObject({ status: 200, body: { entries: 1, cost: '0.001875', places: 1 } });
    expect(everything(books.dataDirectory)).not.toContain('u_00000000000000000001');
    const wrong = await books.post('/api/v1/privacy/forget', { ...body, tag: 'tag:' });
    expect(wrong).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } });
  } finally {
    await books.close();
  }
});
