import type { Browser, Page } from 'playwright-core';
import { describe } from 'vitest';
import { browserProgram, startBrowser } from './browser.js';

/** Tests that need a real browser: skipped with a word where there is none. */
export function describeInBrowser(title: string, tests: () => void): void {
  if (browserProgram === undefined) console.warn(`Skipped: ${title} (apt-get install chromium)`);
  describe.skipIf(browserProgram === undefined)(`${title} in a real browser`, tests);
}

/** A page of a real browser. */
export interface Visit {
  browser: Browser;
  page: Page;
  /** Errors that it raised, and whom it asked besides its own server. */
  problems: string[];
}

export async function startVisit(
  ownUrl: string,
  viewport = { width: 1280, height: 900 },
): Promise<Visit> {
  const browser = await startBrowser();
  const page = await browser.newPage({ viewport });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(ownUrl)) problems.push(`asks ${request.url()}`);
  });
  return { browser, page, problems };
}
