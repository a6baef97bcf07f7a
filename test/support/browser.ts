import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a real browser is installed; undefined when there is none (`apt-get install chromium`). */
export const browserProgram =
  process.env['CHROMIUM'] ?? candidates.find((candidate) => existsSync(candidate));

export function startBrowser(): Promise<Browser> {
  if (browserProgram === undefined) throw new Error('no browser: apt-get install chromium');
  // Root, as CI is, cannot use Chromium's own sandbox.
  return chromium.launch({ executablePath: browserProgram, args: ['--no-sandbox'] });
}
