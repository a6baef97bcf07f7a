/**
 * Development only: photographs the built dashboard in a real Chromium, against the fixture server.
 * `npx tsx dev/screenshots.ts <directory> [path …]`; sizes and colours by `--widths 1440,390 --themes light,dark`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    widths: { type: 'string', default: '1440,1024,390' },
    themes: { type: 'string', default: 'light,dark' },
    base: { type: 'string', default: 'http://127.0.0.1:4242' },
    wait: { type: 'string', default: '1500' },
    full: { type: 'boolean', default: false },
  },
});
const [directory = 'screenshots', ...paths] = positionals;
mkdirSync(directory, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const theme of values.themes.split(',') as ('light' | 'dark')[])
  for (const width of values.widths.split(',').map(Number)) {
    const page = await browser.newPage({
      viewport: { width, height: width < 600 ? 844 : 900 },
      deviceScaleFactor: width < 600 ? 2 : 1,
      colorScheme: theme,
    });
    page.on('console', (message) => {
      if (message.type() === 'error') process.stdout.write(`console: ${message.text()}\n`);
    });
    page.on('pageerror', (error) => process.stdout.write(`page error: ${error.message}\n`));
    for (const path of paths.length > 0 ? paths : ['/']) {
      await page.goto(values.base + path);
      await page.waitForTimeout(Number(values.wait));
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      if (Number(overflow) > 0)
        process.stdout.write(`${path} at ${width}: ${overflow} px too wide\n`);
      const name = path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'overview';
      await page.screenshot({
        path: join(directory, `${name}-${width}-${theme}.png`),
        fullPage: values.full,
      });
    }
    await page.close();
  }
await browser.close();
