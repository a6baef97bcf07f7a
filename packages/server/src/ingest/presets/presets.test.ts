import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ImportBooks, newDirectory } from '../../../test-support/import-books.js';

async function importRecords(records: object[] | string, name: string, kind?: string) {
  const path = join(newDirectory(), name);
  const text =
    typeof records === 'string'
      ? records
      : name.endsWith('.json')
        ? JSON.stringify(records, null, 2)
        : `${records.map((record) => JSON.stringify(record)).join('\n')}\n`;
  writeFileSync(path, text);
  const books = new ImportBooks();
  const notes: string[] = [];
  const summary = await books.import([path], {
    ...(kind === undefined ? {} : { kind }),
    onNote: (note) => void notes.push(note),
  });
  return { summary, books, notes, path };
}

describe('LiteLLM spend logs', () => {
  const row = (changes: object = {}, metadata: object = {}) => ({
    request_id: 'chatcmpl-1',
    call_type: 'acompletion',
    api_key: '88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b',
    spend: 0.013515,
    total_tokens: 21_169,
    prompt_tokens: 21_010,
    completion_tokens: 159,
    startTime: '2026-03-02T10:00:05.250000+00:00',
    endTime: '2026-03-02T10:00:09.750000+00:00',
    model: 'claude-sonnet-4-5-20250929',
    model_group: 'sonnet',
    custom_llm_provider: 'anthropic',
    api_base: 'https://api.anthropic.com/v1/messages',
    user: 'default_user_id',
    end_user: 'customer-7',
    team_id: 'team-1',
    cache_hit: 'False',
    session_id: 'b1946ac9-0000-4000-8000-000000000000',
    status: 'success',
    metadata: {
      user_api_key_alias: 'checkout',
      user_api_key_team_alias: 'shop',
      usage_object: {
        prompt_tokens: 21_010,
        completion_tokens: 159,
        total_tokens: 21_169,
        cache_creation_input_tokens: 1000,
        cache_read_input_tokens: 20_000,
        prompt_tokens_details: { cached_tokens: 20_000 },
      },
      ...metadata,
    },
    ...changes,
  });

  test('are calls with disjoint counts, known by LiteLLM’s own ids', async () => {
    const { books, summary, notes } = await importRecords([row()], 'spend.json');
    expect(notes).toEqual(['Recognised as litellm.']);
    // 10 × 3 + 1000 × 3.75 + 20,000 × 0.3 + 159 × 15, each a million
    expect(books.all[0]).toMatchObject({
      source: 'import:litellm',
      started_at: '2026-03-02T10:00:05.250Z',
      duration_ms: 4500,
      provider: 'anthropic',
      usage: {
        tokens: { input_uncached: 10, cache_write_5m: 1000, cache_read: 20_000, output: 159 },
      },
      cost: { usd: '0.012165', reported_usd: '0.013515' },
      tags: {
        user: 'u_10',
        tenant: 'shop',
        custom: { key: 'checkout', model_group: 'sonnet' },
      },
    });
    expect(summary).toMatchObject({ calls: 1, other_records: 0 });
  });

  test('a failed call and an answer from LiteLLM’s cache cost nothing', async () => {
    const { books } = await importRecords(
      [
        row({ request_id: 'a', status: 'failure', spend: 0 }),
        row({ request_id: 'b', cache_hit: 'True', spend: 0 }),
      ],
      'spend.jsonl',
    );
    expect(books.all.map(({ cost }) => [cost.usd, cost.status])).toEqual([
      ['0', 'not_billed'],
      ['0', 'not_billed'],
    ]);
    expect(books.all.map(({ outcome }) => outcome).sort()).toEqual(['error', 'ok']);
  });

  test('as a table: metadata is JSON in a column; the same call has the same id', async () => {
    const record = row();
    const columns = Object.keys(record);
    const cells = Object.values(record).map((value) => {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      return `"${text.replaceAll('"', '""')}"`;
    });
    const csv = await importRecords(`${columns.join(',')}\n${cells.join(',')}\n`, 'spend.csv');
    const json = await importRecords([record], 'spend.json');
    expect(csv.notes).toEqual(['Recognised as litellm.']);
    expect(csv.books.all[0]).toEqual(json.books.all[0]);
  });

  test('a model with its provider in front is the provider’s own', async () => {
    const { books } = await importRecords(
      [
        row({ request_id: 'a', model: 'anthropic/claude-sonnet-4-5-20250929' }),
        row({
          request_id: 'b',
          model: 'anthropic/claude-sonnet-4.5',
          custom_llm_provider: 'openrouter',
        }),
      ],
      'spend.json',
    );
    expect(books.all.map(({ provider, model }) => [provider, model]).sort()).toEqual([
      ['anthropic', 'claude-sonnet-4-5-20250929'],
      ['openrouter', 'anthropic/claude-sonnet-4.5'],
    ]);
  });
});

describe('Helicone exports', () => {
  const request = (changes: object = {}) => ({
    request_id: '0f9c0f8e-0000-4000-8000-000000000000',
    request_created_at: '2026-03-02T10:00:05.250Z',
    response_created_at: '2026-03-02T10:00:07.000Z',
    response_status: 200,
    request_path: 'https://api.openai.com/v1/chat/completions',
    provider: 'OPENAI',
    request_model: 'gpt-4o-mini',
    response_model: 'gpt-4o-mini-2024-07-18',
    request_user_id: 'ada',
    request_properties: { Feature: 'search', 'Helicone-Session-Id': 's-1' },
    prompt_tokens: 1000,
    prompt_cache_read_tokens: 0,
    completion_tokens: 100,
    delay_ms: 1750,
    cost: 0.00021,
    ...changes,
  });

  test('the provider’s own usage is read where the answer is there, and its text is not', async () => {
    const { books, notes } = await importRecords(
      [
        request({
          response_body: {
            id: 'chatcmpl-1',
            choices: [{ message: { content: 'what was said' } }],
            usage: {
              prompt_tokens: 1000,
              completion_tokens: 100,
              total_tokens: 1100,
              prompt_tokens_details: { cached_tokens: 600 },
            },
          },
        }),
      ],
      'requests.jsonl',
    );
    expect(notes).toEqual(['Recognised as helicone.']);
    // 400 × 0.15 + 600 × 0.075 + 100 × 0.6, each a million
    expect(books.all[0]).toMatchObject({
      provider: 'openai',
      model: 'gpt-4o-mini-2024-07-18',
      duration_ms: 1750,
      usage: { tokens: { input_uncached: 400, cache_read: 600, output: 100 } },
      cost: { usd: '0.000165', reported_usd: '0.00021' },
      tags: { user: 'u_3', feature: 'search', session: 's-1' },
    });
    expect(JSON.stringify(books.all)).not.toContain('what was said');
  });

  test('without it the columns are, in which the cache stands beside the prompt', async () => {
    const { books } = await importRecords(
      [request({ prompt_tokens: 400, prompt_cache_read_tokens: 600 })],
      'requests.jsonl',
    );
    expect(books.all[0]!.cost.usd).toBe('0.000165');
  });

  test('an error is not billed', async () => {
    const { books } = await importRecords(
      [request({ response_status: 429, prompt_tokens: 0, completion_tokens: 0 })],
      'requests.jsonl',
    );
    expect(books.all[0]!.cost).toMatchObject({ usd: '0', status: 'not_billed' });
  });
});

describe('Langfuse exports', () => {
  const observation = (changes: object = {}) => ({
    id: 'obs-1',
    traceId: 'trace-1',
    type: 'GENERATION',
    name: 'answer',
    startTime: '2026-03-02T10:00:05.250Z',
    endTime: '2026-03-02T10:00:07.000Z',
    model: 'gpt-4o-mini',
    level: 'DEFAULT',
    environment: 'production',
    promptName: 'support',
    promptVersion: 3,
    usageDetails: {
      input: 400,
      input_cached_tokens: 600,
      output: 70,
      output_reasoning_tokens: 30,
      total: 1100,
    },
    costDetails: { input: 0.00006, output: 0.00006, total: 0.000165 },
    ...changes,
  });

  test('buckets that exclude each other are taken as they are', async () => {
    const page = {
      data: [observation(), { id: 'obs-2', type: 'SPAN', traceId: 't', startTime: 'x' }],
      meta: { page: 1 },
    };
    const { books, summary, notes } = await importRecords(JSON.stringify(page), 'page.json');
    expect(notes).toEqual(['Recognised as langfuse.']);
    expect(summary).toMatchObject({ calls: 1, other_records: 1, comparison: { disagreeing: 0 } });
    expect(books.all[0]).toMatchObject({
      usage: {
        tokens: { input_uncached: 400, cache_read: 600, output: 100 },
        details: { reasoning: 30 },
        notes: [],
      },
      cost: { usd: '0.000165', reported_usd: '0.000165' },
      tags: { trace: 'trace-1', environment: 'production', route: 'answer', template_version: '3' },
    });
  });

  test('an input that repeats its cached part is seen by the total', async () => {
    const usageDetails = { input: 1000, input_cached_tokens: 600, output: 100, total: 1100 };
    const { books } = await importRecords([observation({ usageDetails })], 'observations.json');
    expect(books.all[0]!.cost.usd).toBe('0.000165');
  });

  test('old observations without details have the plain counts', async () => {
    const { books } = await importRecords(
      [
        observation({
          usageDetails: undefined,
          usage: { input: 1000, output: 100, unit: 'TOKENS' },
        }),
      ],
      'observations.jsonl',
    );
    expect(books.all[0]!.cost.usd).toBe('0.00021');
  });

  test('Anthropic’s cache writes keep their lifetimes', async () => {
    const { books } = await importRecords(
      [
        observation({
          model: 'claude-sonnet-4-5-20250929',
          usageDetails: {
            input: 10,
            cache_read_input_tokens: 20_000,
            cache_creation_input_tokens: 1000,
            output: 159,
            total: 21_169,
          },
        }),
      ],
      'observations.json',
    );
    expect(books.all[0]!.cost.usd).toBe('0.012165');
  });
});
