// npm run bench:visible: how long after its answer a call stands on the dashboard, in a real browser.
// Needs Chromium (apt-get install chromium) and a build (npm run build).
import { startFakeProvider } from '../../packages/server/src/fake-provider/index.js';
import { startBrowser } from '../../test/support/browser.js';
import { Installation, pause } from '../../test/support/farthing-process.js';

const calls = 200;

const provider = await startFakeProvider({ seed: 'visible' });
const farthing = await Installation.create(provider.url);
const browser = await startBrowser();
try {
  await farthing.start('up');
  await farthing.call('warm-up');
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${farthing.controlUrl}/calls`);
  await page.getByText('warm-up').first().waitFor();
  const delays: number[] = [];
  for (let index = 0; index < calls; index++) {
    await pause(100 + Math.random() * 400);
    const feature = `probe-${index}`;
    const seen = page.waitForFunction(
      (text) => (document.body.textContent ?? '').includes(text),
      `${feature}x`,
      { polling: 10 },
    );
    await farthing.call(`${feature}x`);
    const answered = performance.now();
    await seen;
    delays.push(performance.now() - answered);
  }
  delays.sort((a, b) => a - b);
  const at = (share: number) => Math.round(delays[Math.floor(share * (delays.length - 1))]!);
  console.log(`${calls} calls, milliseconds from the end of the answer to the row in the browser:`);
  console.log(`p50 ${at(0.5)}  p90 ${at(0.9)}  p99 ${at(0.99)}  max ${at(1)}`);
} finally {
  await browser.close();
  await farthing.remove();
  await provider.close();
}
