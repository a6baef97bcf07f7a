import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { browserProgram, startBrowser } from '../support/browser.js';
import { Installation } from '../support/farthing-process.js';

if (browserProgram === undefined) {
  console.warn('Skipped: the dashboard in a real browser (apt-get install chromium)');
}

describe.skipIf(browserProgram === undefined)('the dashboard in a real browser', () => {
  let provider: FakeProvider;
  let farthing: Installation;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    provider = await startFakeProvider({ seed: 'dashboard' });
    farthing = await Installation.create(provider.url);
    await farthing.start('up');
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(farthing.controlUrl)) problems.push(`asks ${request.url()}`);
    });
  });
  afterAll(async () => {
    await browser.close();
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

  test('fits a phone: nothing scrolls sideways', async () => {
    const phone = await browser.newPage({
      viewport: { width: 390, height: 800 },
      colorScheme: 'dark',
    });
    for (const path of ['/', '/calls', '/attention', '/connect']) {
      await phone.goto(farthing.controlUrl + path);
      await phone.waitForLoadState('networkidle').catch(() => {});
      const width = await phone.evaluate('document.documentElement.scrollWidth');
      expect(width, path).toBeLessThanOrEqual(390);
    }
    await phone.close();
  });

  test('asks nobody but the control plane and raises no error', () => expect(problems).toEqual([]));
});
