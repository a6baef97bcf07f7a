import type { Entry, Reconciliation } from '@farthing/core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { describeInBrowser, startVisit } from '../support/visit.js';
import { Installation } from '../support/farthing-process.js';

describeInBrowser('the dashboard', () => {
  let provider: FakeProvider;
  let farthing: Installation;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    provider = await startFakeProvider({ seed: 'dashboard' });
    farthing = await Installation.create(provider.url);
    await farthing.start('up');
    ({ browser, page, problems } = await startVisit(farthing.controlUrl));
  });
  afterAll(async () => {
    await browser.close();
    await farthing.stopAll();
    await farthing.remove();
    await provider.close();
  });

  const call = async (feature: string) => expect(await farthing.call(feature)).toBe(200);

  test('tells a newcomer what to run, then switches to the live view with the first call', async () => {
    await page.goto(farthing.controlUrl);
    await page.getByText('/openai/v1').first().waitFor();
    await call('first-feature');
    await page.getByText('first-feature').first().waitFor();
    await page.getByText('Spend over time').waitFor();
  });

  test('shows a call as it arrives, and every figure of it', async () => {
    await page.goto(`${farthing.controlUrl}/calls`);
    await page.getByText('first-feature').first().waitFor();
    await call('arrives-live');
    const cell = page.getByText('arrives-live').first();
    await cell.waitFor();
    await cell.click();
    await page.getByText('genai-prices', { exact: false }).first().waitFor();
  });

  test('says how to reconcile, and afterwards how much of the bill is accounted for', async () => {
    await page.goto(`${farthing.controlUrl}/accuracy`);
    await page.getByText('Nothing has been reconciled yet').waitFor();
    const run = await reconcileWithMoreOutput(farthing);
    expect(run.causes.map(({ cause }) => cause)).toContain('unrecorded_calls');
    await page.reload();
    await page.getByRole('heading', { name: 'openai' }).waitFor();
    await page.getByText(run.verdict).waitFor();
    await page.getByRole('heading', { name: 'Next steps' }).waitFor();
    await page.getByText(/point their base URL at the gateway/).waitFor();
  });

  test('says what gives an unpriced model a price; repricing shows on the call, and not in what was known before', async () => {
    const entry = unpricedCall();
    const before = new Date().toISOString();
    await post(farthing, '/api/v1/entries', [entry]);
    await farthing.untilBooked();
    await page.goto(`${farthing.controlUrl}/attention`);
    await page.getByText('house-model', { exact: true }).waitFor();
    await page.getByText('What to add').first().click();
    await page.getByRole('button', { name: 'Copy' }).first().waitFor();
    expect(await page.locator('pre').first().innerText()).toContain('house-model');

    const rates = { input: '2.50', output: '10' };
    const price = { provider: 'openai', model: 'house-model', rates_per_mtok: rates };
    await post(farthing, '/api/v1/prices', { price, by: 'test' });
    await post(farthing, '/api/v1/reprice', { since: '2d', by: 'test' });
    await farthing.untilBooked();

    await page.goto(`${farthing.controlUrl}/prices/openai/house-model`);
    await page
      .getByText(/^\$2\.50?$/)
      .first()
      .waitFor();
    await page.getByText('Your own', { exact: true }).first().waitFor();
    await page.goto(`${farthing.controlUrl}/calls`);
    const line = page.getByRole('row').filter({ hasText: 'house-model' });
    await line.filter({ hasText: '$3.50' }).filter({ hasText: 'adjusted' }).waitFor();
    expect(await line.count(), 'its adjustment is folded into it').toBe(1);
    await page.goto(`${farthing.controlUrl}/calls?call=${entry.id}`);
    await page.getByText('Adjusted since').waitFor();
    await page.getByText('$3.50', { exact: true }).first().waitFor();

    const spend = page.locator('#headline + p');
    await page.goto(`${farthing.controlUrl}/?window=30d`);
    await spend.filter({ hasText: '$3.50' }).waitFor();
    await page.goto(`${farthing.controlUrl}/?window=30d&as_of=${before}`);
    await page.getByText('As known at').waitFor();
    await spend.filter({ hasText: '$0.0' }).waitFor();
  });

  test('fits a phone: nothing scrolls sideways', async () => {
    const phone = await browser.newPage({
      viewport: { width: 390, height: 800 },
      colorScheme: 'dark',
    });
    for (const path of [
      '/',
      '/calls',
      '/accuracy',
      '/prices/openai/house-model',
      '/attention',
      '/connect',
    ]) {
      await phone.goto(farthing.controlUrl + path);
      await phone.waitForLoadState('networkidle').catch(() => {});
      const width = await phone.evaluate('document.documentElement.scrollWidth');
      expect(width, path).toBeLessThanOrEqual(390);
    }
    await phone.close();
  });

  test('asks nobody but the control plane and raises no error', () => expect(problems).toEqual([]));
});

async function post<Answer>(farthing: Installation, path: string, body: unknown): Promise<Answer> {
  const response = await fetch(farthing.controlUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.ok, await response.clone().text()).toBe(true);
  return (await response.json()) as Answer;
}

/** Compares today with a report that counts what the ledger counts, and 500 output tokens more. */
async function reconcileWithMoreOutput(farthing: Installation): Promise<Reconciliation> {
  const day = 86_400_000;
  const today = Math.floor(Date.now() / day) * day;
  const window = {
    from: new Date(today).toISOString(),
    to: new Date(today + day).toISOString(),
  };
  const { rows } = await farthing.query({
    measures: ['calls', 'tokens_input_uncached', 'tokens_output'],
    dimensions: ['model'],
    bucket: 'hour',
    window,
  });
  const usage = rows.map((row) => ({
    at: row['bucket'],
    model: row['model'],
    tier: null,
    long: null,
    geo: null,
    project: null,
    api_key: null,
    requests: Number(row['calls']) + 1,
    tokens: {
      input_uncached: row['tokens_input_uncached'],
      output: Number(row['tokens_output']) + 500,
    },
    units: {},
  }));
  const report = {
    provider: 'openai',
    window,
    bucket: 'hour',
    usage,
    costs: null,
    usage_until: null,
    costs_until: null,
    fetched_at: new Date().toISOString(),
    notes: [],
  };
  return post(farthing, '/api/v1/reconciliations', {
    provider: 'openai',
    since: window.from,
    until: window.to,
    final_after: '0m',
    report,
  });
}

/** A call of a million input and a hundred thousand output tokens, of a model that no list has. */
function unpricedCall(): Entry {
  const at = new Date(Date.now() - 60_000).toISOString();
  return {
    schema: 1,
    event: 'llm.cost.tracked',
    id: crypto.randomUUID(),
    kind: 'call',
    source: 'test',
    started_at: at,
    ended_at: at,
    duration_ms: 0,
    provider: 'openai',
    api: 'chat.completions',
    stream: false,
    model_requested: 'house-model',
    model: 'house-model',
    outcome: 'ok',
    http_status: 200,
    attempt: 1,
    usage: {
      tokens: {
        input_uncached: 1_000_000,
        cache_read: 0,
        cache_write: 0,
        cache_write_5m: 0,
        cache_write_1h: 0,
        output: 100_000,
      },
      details: {},
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
    },
    cost: {
      usd: null,
      status: 'unknown_model',
      reason: 'the price book has no such model',
      charges: [],
    },
    tags: { feature: 'house' },
  };
}
