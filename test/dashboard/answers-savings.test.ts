import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  BudgetOutlook,
  CacheReport,
  Forecast,
  MarginReport,
  Review,
  WhatIf,
} from '@farthing/core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatShare } from '../../packages/dashboard/src/figures/counts.js';
import { formatUsdExact } from '../../packages/dashboard/src/money/usd.js';
import { describeInBrowser, startVisit } from '../support/visit.js';
import { startBudgeted, type Budgeted } from '../support/budgeted.js';

const budgets = [{ name: 'company', scope: {}, limit: { usd: '5' }, window: 'month' }];
const calls = [
  { feature: 'chat', tenant: 'acme' },
  { feature: 'chat', tenant: 'globex' },
  { feature: 'report', tenant: 'acme' },
];

describeInBrowser('answers about savings', () => {
  let budgeted: Budgeted;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    budgeted = await startBudgeted(budgets);
    const made = Array.from({ length: 4 }, () => calls).flat();
    await Promise.all(
      made.map(async ({ feature, tenant }) => {
        const headers = { 'x-farthing-feature': feature, 'x-farthing-tenant': tenant };
        await (await budgeted.chat({}, headers)).text();
      }),
    );
    await budgeted.installation.untilBooked();
    ({ browser, page, problems } = await startVisit(budgeted.installation.controlUrl));
  });
  afterAll(async () => {
    await browser?.close();
    await budgeted?.close();
  });

  /** Opens a page, and gives what the API told it. */
  async function open<Answer>(path: string, api: string): Promise<Answer> {
    const [response] = await Promise.all([
      page.waitForResponse((each) => new URL(each.url()).pathname === `/api/v1/${api}`),
      page.goto(budgeted.installation.controlUrl + path),
    ]);
    return (await response.json()) as Answer;
  }
  /** The figure under this name. Exact amounts stand in titles. */
  const figure = (name: string): Locator =>
    page.locator('dl > div').filter({ has: page.locator('dt', { hasText: name }) });
  const exact = (name: string) => figure(name).locator('[title]').first().getAttribute('title');
  const tooWide = () =>
    page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

  test('the forecast: what is spent to the last digit, its days by the keyboard, its budget', async () => {
    const answer = await open<Forecast & { budgets: BudgetOutlook[] }>(
      '/answers/forecast',
      'forecast',
    );
    await page.getByText(answer.summary).waitFor();
    expect(await exact('Spent so far')).toBe(formatUsdExact(answer.total.spent_usd));
    const chart = page.getByRole('slider');
    await chart.focus();
    await page.keyboard.press('End');
    expect(await chart.getAttribute('aria-valuenow')).toBe(String(answer.points.length - 1));
    await page.keyboard.press('Home');
    expect(await chart.getAttribute('aria-valuenow')).toBe('0');
    await page.getByRole('listitem').filter({ hasText: answer.budgets[0]!.summary }).waitFor();
    await page.getByRole('combobox', { name: 'By' }).click();
    await page.getByRole('option', { name: 'By model' }).click();
    await page.getByRole('rowheader', { name: /^gpt-5-mini/ }).waitFor();
    expect(page.url()).toContain('by=model');
  });

  test('the cache: hit ratio and return of each group as the API has them', async () => {
    const { rows, hit_ratio: ratio } = await open<CacheReport>(
      '/answers/cache?by=feature',
      'cache',
    );
    await figure('Of the input read from caches').waitFor();
    expect(await figure('Of the input read from caches').locator('dd').textContent()).toBe(
      formatShare(ratio),
    );
    expect(rows.map(({ group }) => group['feature']).toSorted()).toEqual(['chat', 'report']);
    const row = page.getByRole('row').filter({ has: page.getByRole('button', { name: 'chat' }) });
    const chat = rows.find(({ group }) => group['feature'] === 'chat')!;
    expect(await row.getByRole('cell').nth(2).textContent()).toContain(formatShare(chat.hit_ratio));
    await row.getByRole('button', { name: 'chat' }).press('Enter');
    await page.getByRole('heading', { name: chat.models[0]!.model! }).waitFor();
  });

  test('what if: a scenario is worked out from the form, and its link opens the same', async () => {
    await open('/answers/savings', 'substitutions');
    await page.getByLabel('On another model').fill('gpt-5-nano');
    const [response] = await Promise.all([
      page.waitForResponse((each) => each.url().includes('/api/v1/whatif')),
      page.getByRole('button', { name: 'Work it out' }).click(),
    ]);
    const answer = (await response.json()) as WhatIf;
    await page.getByText(answer.summary.split('`')[0]!).first().waitFor();
    expect(await exact('It would have cost')).toBe(formatUsdExact(answer.repriced_usd.expected));
    expect(answer.rows.length).toBe(2);
    for (const { group, actual_usd: usd } of answer.rows) {
      const row = page.getByRole('row').filter({
        has: page.getByRole('rowheader', { name: new RegExp(`^${group['feature']}`) }),
      });
      expect(await row.locator('[title]:not(.relative)').evaluateAll(titles)).toContain(
        formatUsdExact(usd),
      );
    }
    expect(page.url()).toContain('as_model=gpt-5-nano');
    await page.reload();
    await figure('It would have cost').waitFor();
    expect(await page.getByLabel('On another model').inputValue()).toBe('gpt-5-nano');
  });

  test('a scenario that cannot be is told with what is wrong', async () => {
    await page.goto(`${budgeted.installation.controlUrl}/answers/savings?hit_ratio=2`);
    await page.getByRole('alert').filter({ hasText: 'cache_hit_ratio' }).waitFor();
  });

  test('the margin says how to give a revenue, and with one who costs more than they pay', async () => {
    await open('/answers/margin?window=month', 'margin');
    await page.getByText('farthing margin --revenue revenue.csv --save').waitFor();
    const file = join(budgeted.installation.directory, 'revenue.csv');
    await writeFile(file, 'tenant,amount,period\nacme,0.000001,month\nglobex,500,month\n');
    const saved = await budgeted.installation.run('margin', '--revenue', file, '--save');
    expect(saved.code, saved.stderr).toBe(0);
    const { accounts, total } = await open<MarginReport>('/answers/margin?window=month', 'margin');
    expect(accounts.map(({ key, verdict }) => [key, verdict])).toEqual([
      ['acme', 'loses'],
      ['globex', 'earns'],
    ]);
    const loser = page.getByRole('row').filter({
      has: page.getByRole('rowheader', { name: /^acme/ }),
    });
    await loser.getByText('loses').waitFor();
    expect(await loser.locator('[title]').evaluateAll(titles)).toContain(
      formatUsdExact(accounts[0]!.margin_usd!),
    );
    expect(await exact('Lost on those who cost more')).toBe(formatUsdExact(total.lost_usd));
  });

  test('the review has all sections of the API, and the command that writes it as a file', async () => {
    const { sections } = await open<Review>('/answers/review?window=7d', 'review');
    expect(sections.length).toBeGreaterThan(2);
    for (const { title } of sections) {
      await page.getByRole('heading', { name: title, exact: true }).waitFor();
    }
    await page.getByText('farthing review --html review.html').waitFor();
  });

  test('a view is saved as a report, listed with what it says now, and opens', async () => {
    await open('/answers/reports?window=7d&group=model&feature=chat', 'reports');
    await page.getByLabel('Name').fill('Not A Name');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('cannot name a report').waitFor();
    await page.getByLabel('Name').fill('chat-by-model');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'chat-by-model' }).click();
    await page.waitForURL(/\/\?window=7d&group=model&feature=chat$/);
    const told = await budgeted.installation.run('report', 'chat-by-model', '--json');
    expect(JSON.parse(told.stdout)).toMatchObject({ rows: [{ calls: 8 }] });
  });

  test('nothing is wider than a phone, and nothing went wrong', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const [path, api] of [
      ['forecast', 'forecast'],
      ['cache', 'cache'],
      ['savings?as_model=gpt-5-nano', 'whatif'],
      ['margin', 'margin'],
      ['review', 'review'],
      ['reports', 'reports'],
    ] as const) {
      await open(`/answers/${path}`, api);
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
      expect(await tooWide(), path).toBe(false);
    }
    expect(problems).toEqual([]);
  });
});

const titles = (elements: Element[]) => elements.map((element) => element.getAttribute('title'));
