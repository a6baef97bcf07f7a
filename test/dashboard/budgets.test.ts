import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, startVisit } from '../support/visit.js';
import { startBudgeted, type Budgeted } from '../support/budgeted.js';
import { Installation } from '../support/farthing-process.js';

const budgets = [
  { name: 'team', scope: { feature: 'chat' }, limit: { calls: 4 }, window: 'month', soft: 0.5 },
  { name: 'each tenant', scope: { tenant: '*' }, limit: { calls: 100 }, window: 'rolling day' },
  {
    name: 'dear calls',
    scope: { feature: 'report' },
    call: { max: '0.000001' },
    action: 'acknowledge',
  },
];
const breakers = [
  { name: 'runaway', scope: { agent: 'helper' }, limit: 20, window: '10m', steps: ['block'] },
];

describeInBrowser('budgets', () => {
  let budgeted: Budgeted;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    budgeted = await startBudgeted(budgets, { more: { breakers } });
    ({ browser, page, problems } = await startVisit(budgeted.installation.controlUrl, {
      width: 1440,
      height: 1000,
    }));
  });
  afterAll(async () => {
    await browser?.close();
    await budgeted?.close();
  });

  const open = (path: string) => page.goto(budgeted.installation.controlUrl + path);
  const call = async (headers: Record<string, string>) => {
    const response = await budgeted.chat({}, headers);
    await response.text();
    return response;
  };
  const budget = (name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
  const actions = (name: string) => page.getByRole('group', { name: `Budget ${name}` });
  const dialog = () => page.getByRole('dialog');

  test('a gauge fills up as calls come in, and says when the budget is used up', async () => {
    await open('/budgets');
    const gauge = page.getByRole('meter', { name: 'Budget team' });
    await gauge.waitFor();
    expect(await gauge.getAttribute('aria-valuetext')).toContain('0 calls spent of 4 calls');
    for (let made = 0; made < 4; made++) {
      const response = await call({ 'x-farthing-feature': 'chat', 'x-farthing-tenant': 'acme' });
      expect(response.status).toBe(200);
    }
    await budget('team').getByText('Used up', { exact: true }).waitFor();
    expect(await gauge.getAttribute('aria-valuenow')).toBe('100');
    await budget('each tenant').getByText('1 account', { exact: true }).click();
    await budget('each tenant').getByRole('meter', { name: 'acme', exact: true }).waitFor();
  });

  test('a refused call says why: each account that was asked, and what it said', async () => {
    const refused = await call({ 'x-farthing-feature': 'chat', 'x-farthing-tenant': 'acme' });
    expect(refused.status).toBe(429);
    const row = page.getByRole('row').filter({ hasText: 'blocked by budget “team”' });
    await row.first().waitFor();
    await row.first().getByRole('button').press('Enter');
    const why = dialog();
    await why.getByText('Accounts that were asked').waitFor();
    const accounts = why.getByRole('listitem');
    await accounts.filter({ hasText: 'team' }).getByText('no', { exact: true }).waitFor();
    await accounts.filter({ hasText: 'each tenant' }).getByText('yes', { exact: true }).waitFor();
    expect(page.url()).toContain(`why=${refused.headers.get('x-farthing-call-id')}`);
    await page.keyboard.press('Escape');
    await why.waitFor({ state: 'hidden' });
  });

  test('raised for this window, the next call passes; what cannot be meant is told', async () => {
    await actions('team').getByRole('button', { name: 'Raise' }).click();
    await dialog().getByRole('button', { name: 'Raise' }).click();
    await dialog().getByText('State what to raise').waitFor();
    await dialog().getByLabel('By how many more calls').fill('3');
    await dialog().getByRole('button', { name: 'Raise' }).click();
    await budget('team')
      .getByText(/^Raised until/)
      .waitFor();
    await expect
      .poll(async () => (await call({ 'x-farthing-feature': 'chat' })).status, { timeout: 10_000 })
      .toBe(200);
    await page.getByText('of 7 calls').waitFor();
  });

  test('a paused budget refuses nothing, and is resumed', async () => {
    await actions('team').getByRole('button', { name: 'Pause' }).click();
    await dialog().getByRole('button', { name: 'Pause' }).click();
    await budget('team').getByText('Paused', { exact: true }).waitFor();
    await actions('team').getByRole('button', { name: 'Resume' }).click();
    await dialog().getByRole('button', { name: 'Resume' }).click();
    await budget('team').getByText('Paused', { exact: true }).waitFor({ state: 'detached' });
  });

  test('a new budget is checked by the control plane, field by field, then set and removed', async () => {
    await page.getByRole('button', { name: 'New budget' }).click();
    await dialog().getByLabel('Name').fill('nightly');
    await dialog().getByLabel('Value of feature').fill('night');
    await dialog().getByLabel('Limit in USD').fill('-1');
    await dialog().getByRole('button', { name: 'Set budget' }).click();
    await dialog().getByText('limit must be an amount in USD above 0').waitFor();
    const limit = dialog().getByLabel('Limit in USD');
    await expect.poll(() => limit.getAttribute('aria-invalid')).toBe('true');
    await limit.fill('5');
    await dialog().getByRole('button', { name: 'Set budget' }).click();
    await budget('nightly').getByText('Feature night').waitFor();
    await budget('nightly').getByText('Set by dashboard').waitFor();
    await actions('nightly').getByRole('button', { name: 'Remove' }).click();
    await dialog().getByRole('button', { name: 'Remove' }).click();
    await budget('nightly').waitFor({ state: 'detached' });
  });

  test('an operator confirms a token, and the same request passes once', async () => {
    const asked = await call({ 'x-farthing-feature': 'report' });
    expect(asked.status).toBe(402);
    await page.getByRole('button', { name: 'Confirm a token' }).click();
    await page.getByLabel('Token of the refused call').fill('not.one');
    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'does not count' }).waitFor();
    const token = asked.headers.get('x-farthing-acknowledge');
    await page.getByLabel('Token of the refused call').fill(token!);
    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByText('Confirmed for “dear calls”').waitFor();
    expect((await call({ 'x-farthing-feature': 'report' })).status).toBe(200);
    expect((await call({ 'x-farthing-feature': 'report' })).status).toBe(402);
    await page.keyboard.press('Escape');
  });

  test('a breaker is tripped by hand, blocks, and is reset', async () => {
    const helper = { 'x-farthing-agent': 'helper', 'x-farthing-feature': 'help' };
    expect((await call(helper)).status).toBe(200);
    await page.getByRole('button', { name: 'Trip runaway' }).click();
    await dialog().getByLabel('Why, for the record').fill('it loops');
    await dialog().getByRole('button', { name: 'Trip' }).click();
    await page.getByText('Tripped', { exact: true }).waitFor();
    await page.getByText(/It loops\. Since/).waitFor();
    expect((await call(helper)).status).toBe(429);
    await page.getByRole('row').filter({ hasText: 'blocked by breaker “runaway”' }).waitFor();
    await page.getByRole('button', { name: 'Reset runaway' }).click();
    await dialog().getByRole('button', { name: 'Reset' }).click();
    await page.getByText('Closed', { exact: true }).waitFor();
    await expect.poll(async () => (await call(helper)).status, { timeout: 10_000 }).toBe(200);
  });

  test('a call shows what was expected beside what it took, and where its input came from', async () => {
    const { headers } = await call({ 'x-farthing-feature': 'plain' });
    await budgeted.installation.untilBooked();
    await open(`/calls?call=${headers.get('x-farthing-call-id')}`);
    const drawer = dialog();
    await drawer.getByText('Expected and actual').waitFor();
    await drawer.getByText('against the expected cost').waitFor();
    await drawer.getByRole('img', { name: /^Input by source: User/ }).waitFor();
  });

  test('what a request would cost on which model, before it is sent anywhere', async () => {
    const calls = budgeted.provider.received().length;
    await open('/estimates');
    await page.getByRole('button', { name: 'Take the example' }).click();
    const table = page.getByRole('table').filter({ hasText: '95% below' });
    await table
      .getByRole('row')
      .filter({ hasText: 'gpt-4.1-mini' })
      .getByText(/^\$0\.00/)
      .first()
      .waitFor();
    expect(await table.getByRole('row').count()).toBe(4);
    await page.getByText('Largest lever').waitFor();
    await page.getByLabel('Request body, JSON').fill('{"model":');
    await page.getByRole('button', { name: 'Estimate', exact: true }).click();
    await page.getByText('This is no JSON yet').waitFor();
    expect(budgeted.provider.received().length).toBe(calls);
  });

  test('fits a phone: nothing scrolls sideways', async () => {
    const phone = await browser.newPage({
      viewport: { width: 360, height: 800 },
      colorScheme: 'dark',
    });
    for (const path of ['/budgets', '/estimates']) {
      await phone.goto(budgeted.installation.controlUrl + path);
      await phone.waitForLoadState('networkidle').catch(() => {});
      const width = await phone.evaluate('document.documentElement.scrollWidth');
      expect(width, path).toBeLessThanOrEqual(360);
    }
    await phone.close();
  });

  test('without its session nothing is changed, and it says how to get one', async () => {
    const guarded = await Installation.create(budgeted.provider.url, {
      control: { token: 'a-token-for-this-test' },
      more: { budgets },
    });
    const context = await browser.newContext();
    try {
      await guarded.start('ledger');
      const visitor = await context.newPage();
      await visitor.goto(`${guarded.controlUrl}/?token=a-token-for-this-test`);
      await visitor.goto(`${guarded.controlUrl}/budgets`);
      await visitor.getByRole('button', { name: 'Remove' }).first().click();
      await context.clearCookies();
      await visitor.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      const alert = visitor.getByRole('dialog').getByRole('alert');
      await alert.getByText('Nothing was changed').waitFor();
      await alert.getByRole('button', { name: 'Sign in' }).waitFor();
    } finally {
      await context.close();
      await guarded.stopAll();
      await guarded.remove();
    }
  });

  test('asks nobody but the control plane and raises no error', () => expect(problems).toEqual([]));
});
