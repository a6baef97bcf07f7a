import type {
  ExplainReport,
  OutlierReport,
  RunList,
  RunReport,
  TemplatesReport,
} from '@farthing/core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatUsd } from '../../packages/dashboard/src/money/usd.js';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { describeInBrowser, startVisit } from '../support/visit.js';
import { Installation } from '../support/farthing-process.js';
import { twoDays } from './answered-entries.js';

describeInBrowser('answers', () => {
  let provider: FakeProvider;
  let farthing: Installation;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    provider = await startFakeProvider({ seed: 'answers' });
    farthing = await Installation.create(provider.url);
    await farthing.start('up');
    const response = await fetch(`${farthing.controlUrl}/api/v1/entries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(twoDays(Date.now())),
    });
    expect(response.status, await response.clone().text()).toBe(202);
    await farthing.untilBooked();
    ({ browser, page, problems } = await startVisit(farthing.controlUrl));
  });
  afterAll(async () => {
    await browser.close();
    await farthing.stopAll();
    await farthing.remove();
    await provider.close();
  });

  /** Does what makes the page ask for an answer, and returns what it was told. */
  async function answerTo<Answer>(path: string, ask: () => Promise<unknown>): Promise<Answer> {
    const [response] = await Promise.all([
      page.waitForResponse(
        (each) => new URL(each.url()).pathname === `/api/v1/${path}` && each.ok(),
      ),
      ask(),
    ]);
    return (await response.json()) as Answer;
  }
  const open = (path: string) => page.goto(farthing.controlUrl + path);
  const says = (text: string) => page.getByText(text.replaceAll('`', '')).first().waitFor();

  test('leads from the change of spend to the way from before to after, and to who did it', async () => {
    await open('/');
    const why = page.getByRole('link', { name: /^Why / });
    await why.waitFor();
    const report = await answerTo<ExplainReport>('explain', () => why.click());
    await says(report.summary);
    const ways = page.locator('figure > ol > li');
    expect(await ways.first().innerText()).toContain(formatUsd(report.before_usd));
    expect(await ways.last().innerText()).toContain(formatUsd(report.after_usd));
    expect(await ways.count()).toBe(report.steps.length + 2);
    const output = ways.filter({ hasText: 'Output length' });
    await output.locator('summary').click();
    await output.getByText('search', { exact: true }).waitFor();

    const cause = page.getByRole('button', { name: 'Output length: search' });
    expect(await cause.getAttribute('aria-expanded')).toBe('false');
    await cause.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('columnheader', { name: 'Template' }).waitFor();
    expect(await cause.getAttribute('aria-expanded')).toBe('true');
  });

  test('has a card for the change of a template, and its order in the URL', async () => {
    const url = '/answers/templates?sort=output';
    const report = await answerTo<TemplatesReport>('templates', () => open(url));
    expect(report.order).toBe('output');
    const card = page.getByRole('article').filter({ hasText: 'v6 → v7' });
    await card.waitFor();
    const row = report.rows.find(({ template_version: version }) => version === 'v7')!;
    const { before, after, ratio } = row.quantities.output_tokens_per_call;
    const text = (await card.innerText()).replaceAll(/\s+/g, ' ');
    expect(text).toContain(`${Math.round(before!)} → ${Math.round(after!)}`);
    expect(text).toContain(`${ratio!.toFixed(2)} ×`);
    expect(text).toContain('beyond noise');
  });

  test('tells of an outlier why, and opens the call', async () => {
    const report = await answerTo<OutlierReport>('outliers', () => open('/answers/outliers'));
    const [outlier] = report.outliers;
    expect(report.outliers).toHaveLength(1);
    await says(outlier!.summary);
    const name = page.getByRole('table').first().getByRole('button', { name: 'search' });
    await name.click();
    await page.getByText('A typical call', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Open the call' }).click();
    await page.getByRole('dialog').getByText(formatUsd(outlier!.cost_usd)).first().waitFor();
    expect(page.url()).toContain(`call=${outlier!.call.id}`);
  });

  test('says what a success costs, and opens a run as a tree beside another one', async () => {
    const list = await answerTo<RunList>('runs', () => open('/answers/runs'));
    expect(list.totals).toMatchObject({ runs: 3, judged: 3, successes: 2 });
    await says(list.summary);
    await page.getByText(formatUsd(list.totals.cost_per_success_usd!)).first().waitFor();
    await page.getByRole('button', { name: 'Compare with run-short' }).click();
    const link = page.getByRole('link', { name: 'run-long' });
    const report = await answerTo<RunReport>('runs/run-long', () => link.click());
    expect(page.url()).toContain('against=run-short');
    await says(report.summary);
    const tree = page.getByRole('region', { name: 'Steps' });
    await tree.getByText('× 12', { exact: false }).first().waitFor();
    const compared = page.getByRole('region', { name: 'Compared' });
    await compared.getByText('4 → 12').waitFor();
    await compared.getByText(formatUsd(report.comparison!.change_usd)).first().waitFor();
  });

  test('leads from a call to its run', async () => {
    await open('/calls?run=run-short');
    await page
      .getByRole('button', { name: /^Details of the call/ })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('link', { name: 'run-short' }).click();
    await page.getByRole('heading', { name: 'run-short' }).waitFor();
  });

  test('says what is refused, and what is empty', async () => {
    await open('/answers/runs/no-such-run');
    await page.getByText('unknown_run', { exact: false }).waitFor();
    const empty = '?window=custom&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z';
    for (const answer of ['explain', 'templates', 'outliers', 'runs']) {
      const report = await answerTo<{ summary: string }>(answer, () =>
        open(`/answers/${answer}${empty}`),
      );
      await says(report.summary);
    }
  });

  test('fits a phone: nothing scrolls sideways', async () => {
    const phone = await browser.newPage({ viewport: { width: 390, height: 800 } });
    for (const path of [
      'explain',
      'templates',
      'outliers',
      'runs',
      'runs/run-long?against=run-short',
    ]) {
      await phone.goto(`${farthing.controlUrl}/answers/${path}`);
      await phone
        .getByText(/^\d+ calls?, /)
        .first()
        .waitFor();
      const width = await phone.evaluate('document.documentElement.scrollWidth');
      expect(width, path).toBeLessThanOrEqual(390);
    }
    await phone.close();
  });

  test('raises no error', () => expect(problems).toEqual([]));
});
