import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../../test-support/open-test-books.js';
import { runCommand } from '../../../test-support/run-command.js';
import { sampleEntry } from '../../store/conformance/batches.js';
import { untaggedCommand } from './untagged.js';

let books: TestBooks;
const now = (): Date => new Date('2026-03-02T00:00:00.000Z');

beforeAll(async () => {
  books = await openTestBooks({ requiredTags: ['cost_center'], now });
  await books.book([
    sampleEntry({ tags: { feature: 'search', custom: { cost_center: '7', key: 'key_1' } } }),
    sampleEntry({ tags: { custom: { key: 'key_2' } } }),
    sampleEntry({ tags: { custom: { key: 'key_2' } } }),
    sampleEntry({ tags: { feature: 'chat' }, provider: 'anthropic' }),
  ]);
});
afterAll(() => books.close());

test('who sends calls without a tag is told by tag, the dearest senders first', async () => {
  const { status, body } = await books.json('/api/v1/untagged?since=2026-03-01');
  expect(status).toBe(200);
  expect(body).toMatchObject({ calls: 4, cost: '0.0075' });
  expect(body['tags']).toMatchObject([
    {
      tag: 'feature',
      required: false,
      calls: 2,
      cost: '0.00375',
      share_of_calls: 0.5,
      senders: [{ provider: 'openai', key: 'key_2', calls: 2, cost: '0.00375' }],
    },
    {
      tag: 'cost_center',
      required: true,
      calls: 3,
      senders: [
        { provider: 'openai', key: 'key_2', calls: 2 },
        { provider: 'anthropic', key: null, calls: 1 },
      ],
    },
  ]);
});

test('a tag that no call lacks, and one that is no tag', async () => {
  const { body } = await books.json('/api/v1/untagged?since=2026-03-01&tags=tag:cost_center,key');
  expect(body['tags']).toMatchObject([{ tag: 'cost_center' }, { tag: 'key', calls: 1 }]);
  const nobody = await books.json('/api/v1/untagged?since=2025-01-01&until=2025-02-01');
  expect(nobody.body['tags']).toMatchObject([{ calls: 0, cost: '0', senders: [] }, { calls: 0 }]);
});

test('the command says it in words, with the header to add', async () => {
  const settings = { dataDirectory: books.dataDirectory, now, requiredTags: ['cost_center'] };
  await books.ledger.stop();
  await books.store.close();
  const { stdout, stderr, exitCode } = await runCommand(
    untaggedCommand,
    '--since 2026-03-01',
    settings,
  );
  expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });
  expect(stdout).toContain('2 calls lack the tag feature: 50.0 % of all, $0.00375.');
  expect(stdout).toContain(
    '3 calls lack the tag cost_center, which is required: 75.0 % of all, $0.005625.',
  );
  expect(stdout).toContain('`x-farthing-cost-center: <cost_center>`');
});
