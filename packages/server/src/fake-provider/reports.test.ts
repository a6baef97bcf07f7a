import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyIdOf, startFakeProvider, type FakeProvider } from './index.js';

const noon = Date.UTC(2026, 10, 20, 12, 0, 0);
let clock = noon;
let provider: FakeProvider;

beforeAll(async () => {
  provider = await startFakeProvider({ now: () => clock });
  await chat('gpt-4o', 'sk-one', { 'x-fake-input-tokens': '2000', 'x-fake-cached-tokens': '1024' });
  clock = noon + 90_000;
  await chat('gpt-4o', 'sk-two', { 'x-fake-input-tokens': '1000' });
  await chat('gpt-5', 'sk-two', { 'x-fake-input-tokens': '100', 'x-fake-reasoning-tokens': '0' });
  await message({ 'x-fake-input-tokens': '5000', 'x-fake-cached-tokens': '4000' });
  await post('/v1/embeddings', 'sk-one', { model: 'text-embedding-3-small', input: 'a b c' });
  await chat('gpt-99-hyper', 'sk-two', {});
});
afterAll(() => provider.close());

async function post(
  path: string,
  key: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<void> {
  const response = await fetch(provider.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  await response.arrayBuffer();
}

const chat = (model: string, key: string, headers: Record<string, string>) =>
  post(
    '/v1/chat/completions',
    key,
    { model, messages: [{ role: 'user', content: 'Hi' }] },
    {
      'x-fake-output-tokens': '100',
      ...headers,
    },
  );

const message = (headers: Record<string, string>) =>
  post(
    '/v1/messages',
    'sk-ant',
    {
      model: 'claude-opus-4-8',
      max_tokens: 1000,
      messages: [{ role: 'user', content: 'Hi' }],
      inference_geo: 'us',
    },
    { 'x-fake-output-tokens': '100', ...headers },
  );

// The reports are JSON of the vendors' shapes; each test looks at the fields it is about.
// oxlint-disable-next-line typescript/no-explicit-any
async function report(path: string): Promise<{ status: number; body: any }> {
  const response = await fetch(provider.url + path, {
    headers: { authorization: 'Bearer sk-admin-x' },
  });
  return { status: response.status, body: await response.json() };
}

const noonSeconds = noon / 1000;

test('usage by minute and model, in the shape of the OpenAI usage API', async () => {
  const { body } = await report(
    `/v1/organization/usage/completions?start_time=${noonSeconds}&bucket_width=1m&group_by=model&group_by=service_tier`,
  );
  expect(body).toMatchObject({ object: 'page', has_more: false, next_page: null });
  expect(body.data).toHaveLength(2);
  expect(body.data[0]).toEqual({
    object: 'bucket',
    start_time: noonSeconds,
    end_time: noonSeconds + 60,
    results: [
      {
        object: 'organization.usage.completions.result',
        input_tokens: 2000,
        input_uncached_tokens: 976,
        input_cached_tokens: 1024,
        input_cache_write_tokens: 0,
        input_text_tokens: 976,
        input_cached_text_tokens: 1024,
        input_audio_tokens: 0,
        input_cached_audio_tokens: 0,
        input_image_tokens: 0,
        input_cached_image_tokens: 0,
        output_tokens: 100,
        output_text_tokens: 100,
        output_audio_tokens: 0,
        output_image_tokens: 0,
        num_model_requests: 1,
        project_id: null,
        user_id: null,
        api_key_id: null,
        model: 'gpt-4o-2024-08-06',
        batch: null,
        service_tier: 'default',
      },
    ],
  });
  expect(body.data[1].results.map((row: { model: string }) => row.model)).toEqual([
    'gpt-4o-2024-08-06',
    'gpt-5-2025-08-07',
    'gpt-99-hyper',
  ]);
});

test('keys appear under an id that does not give them away', async () => {
  const { body } = await report(
    `/v1/organization/usage/completions?start_time=${noonSeconds}&group_by[]=api_key_id`,
  );
  const ids = body.data[0].results.map((row: { api_key_id: string }) => row.api_key_id);
  expect(ids).toEqual([keyIdOf('openai', 'sk-one'), keyIdOf('openai', 'sk-two')]);
  expect(JSON.stringify(provider.books.report())).not.toContain('sk-one');
});

test('costs per day, as numbers in dollars, by line item', async () => {
  const total = await report(`/v1/organization/costs?start_time=${noonSeconds}`);
  expect(total.body.data[0].results).toHaveLength(1);
  const { body } = await report(
    `/v1/organization/costs?start_time=${noonSeconds}&group_by=line_item`,
  );
  const lines = body.data[0].results as { line_item: string; amount: { value: number } }[];
  expect(lines.find((line) => line.line_item === 'gpt-4o-2024-08-06, cached input')).toMatchObject({
    object: 'organization.costs.result',
    amount: { value: 0.00128, currency: 'usd' },
    quantity: 1024,
    quantity_unit: 'tokens',
  });
  const sum = lines.reduce((value, line) => value + line.amount.value, 0);
  expect(sum).toBeCloseTo(total.body.data[0].results[0].amount.value, 12);
  const booked = provider.books.report().lines.filter((line) => line.provider === 'openai');
  expect(sum).toBeCloseTo(
    booked.reduce((value, line) => value + Number(line.usd ?? 0), 0),
    12,
  );
});

test('embeddings have a page of their own', async () => {
  const { body } = await report(
    `/v1/organization/usage/embeddings?start_time=${noonSeconds}&group_by=model`,
  );
  expect(body.data[0].results).toEqual([
    expect.objectContaining({
      object: 'organization.usage.embeddings.result',
      input_tokens: 3,
      num_model_requests: 1,
      model: 'text-embedding-3-small',
    }),
  ]);
});

test('usage and cost in the shapes of the Anthropic reports; amounts are in cents', async () => {
  const start = 'starting_at=2026-11-20T00:00:00Z';
  const usage = await report(
    `/v1/organizations/usage_report/messages?${start}&bucket_width=1h&group_by[]=model&group_by[]=inference_geo&limit=13`,
  );
  expect(usage.body.data).toHaveLength(13);
  expect(usage.body.data[12]).toEqual({
    starting_at: '2026-11-20T12:00:00Z',
    ending_at: '2026-11-20T13:00:00Z',
    results: [
      {
        uncached_input_tokens: 1000,
        cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
        cache_read_input_tokens: 4000,
        output_tokens: 100,
        server_tool_use: { web_search_requests: 0 },
        api_key_id: null,
        workspace_id: null,
        model: 'claude-opus-4-8',
        service_tier: null,
        context_window: null,
        inference_geo: 'us',
      },
    ],
  });
  // (1,000 × $5 + 4,000 × $0.50 + 100 × $25) per million × 1.1 = $0.01045.
  const cost = await report(`/v1/organizations/cost_report?${start}`);
  expect(cost.body.data[0].results).toEqual([
    expect.objectContaining({ currency: 'USD', amount: '1.045', description: null }),
  ]);
  const lines = await report(`/v1/organizations/cost_report?${start}&group_by[]=description`);
  expect(lines.body.data[0].results).toContainEqual(
    expect.objectContaining({
      amount: '0.22',
      cost_type: 'tokens',
      token_type: 'cache_read_input_tokens',
      model: 'claude-opus-4-8',
      context_window: '0-200k',
    }),
  );
});

test('pages follow one another without a gap or an overlap', async () => {
  const start = noonSeconds - 10 * 60;
  const base = `/v1/organization/usage/completions?start_time=${start}&bucket_width=1m&limit=5`;
  const starts: number[] = [];
  let page: string | null = null;
  do {
    const { body } = await report(page === null ? base : `${base}&page=${page}`);
    starts.push(...body.data.map((bucket: { start_time: number }) => bucket.start_time));
    page = body.next_page;
    expect(body.has_more).toBe(page !== null);
  } while (page !== null);
  expect(starts).toEqual(Array.from({ length: 12 }, (_, index) => start + index * 60));
});

test.each([
  ['/v1/organization/usage/completions', "Missing required parameter: 'start_time'."],
  ['/v1/organization/usage/completions?start_time=0&bucket_width=1w', "Invalid value: '1w'."],
  ['/v1/organization/usage/completions?start_time=0&limit=32', "Invalid 'limit': expected"],
  ['/v1/organization/costs?start_time=0&bucket_width=1h', "Invalid value: '1h'."],
  ['/v1/organization/costs?start_time=0&page=page_x', "Invalid 'page'."],
  ['/v1/organizations/usage_report/messages', 'starting_at: Field required'],
])('a wrong request is refused in the vendor’s words: %s', async (path, message) => {
  const { status, body } = await report(path);
  expect(status).toBe(400);
  expect(body.error.message).toContain(message);
});
