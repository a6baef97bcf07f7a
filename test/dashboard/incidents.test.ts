import type { AlertOverview, Entry, Incident, IncidentList } from '@farthing/core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatUsd } from '../../packages/dashboard/src/money/usd.js';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { describeInBrowser, startVisit } from '../support/visit.js';
import { Installation, pause } from '../support/farthing-process.js';
import { longerAnswers, usualAnswers } from './longer-answers.js';

describeInBrowser('incidents', () => {
  let provider: FakeProvider;
  let farthing: Installation;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    provider = await startFakeProvider({ seed: 'incidents' });
    farthing = await Installation.create(provider.url);
    await farthing.start('up');
    await book(usualAnswers(Date.now()));
    ({ browser, page, problems } = await startVisit(farthing.controlUrl));
  });
  afterAll(async () => {
    await browser?.close();
    await farthing?.stopAll();
    await farthing?.remove();
    await provider?.close();
  });

  async function book(entries: readonly Entry[]) {
    const response = await fetch(`${farthing.controlUrl}/api/v1/entries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(entries),
    });
    expect(response.status, await response.clone().text()).toBe(202);
    await farthing.untilBooked();
  }
  const ask = async <Answer>(path: string) =>
    (await (await fetch(`${farthing.controlUrl}/api/v1/${path}`)).json()) as Answer;
  const open = (path: string) => page.goto(farthing.controlUrl + path);
  const says = (text: string) => page.getByText(text.replaceAll('`', '')).first().waitFor();
  const theOne = async () => (await ask<IncidentList>('incidents?state=active')).incidents[0]!;
  const badge = () => page.getByRole('link', { name: /^Incidents , \d+ open pages?$/ });
  const dialog = () => page.getByRole('dialog');

  /** The incident once it is as wanted: what holds calls back is recorded a moment later. */
  async function until(wanted: (incident: Incident) => boolean): Promise<Incident> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const { incidents } = await ask<IncidentList>('incidents');
      const found = incidents.find(wanted);
      if (found !== undefined) return found;
      await pause(50);
    }
    throw new Error('no incident became as it should');
  }

  test('says that nothing is wrong, and what that rests on', async () => {
    await open('/incidents');
    await page.getByText('Nothing is wrong', { exact: false }).waitFor();
    await page.getByText('1 feature or agent is watched by', { exact: false }).first().waitFor();
    const { detectors } = await ask<AlertOverview>('alerts');
    const rows = page.getByRole('table', { name: 'Detectors' }).getByRole('row');
    // One more for the heads.
    expect(await rows.count()).toBe(detectors.length + 1);
    await page.getByText('there is no sink yet', { exact: false }).first().waitFor();
    expect(await badge().count()).toBe(0);
  });

  test('tells of one that opens while somebody looks, and leads to it', async () => {
    await open('/');
    await page.getByRole('link', { name: 'No incident is open' }).waitFor();
    await book(longerAnswers(Date.now()));
    const notice = page.getByRole('status').filter({ hasText: 'An incident has opened' });
    await notice.waitFor();
    await badge().waitFor();
    const { title, severity } = await theOne();
    expect(severity).toBe('page');
    await notice.getByText(title).waitFor();
    await notice.getByRole('link', { name: 'Look at it' }).click();
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    expect(await notice.count()).toBe(0);
    expect(await page.title()).toContain(title);
  });

  test('says what it costs, since when and why, and reads its chart out to the keyboard', async () => {
    const { summary, suggestion, size, change, id } = await theOne();
    expect(page.url()).toContain(id);
    await says(summary);
    await says(suggestion);
    expect(change).toMatchObject({ dimension: 'template_version', from: 'v6', to: 'v7' });
    await page.getByText('Template v6 → v7').waitFor();
    await page.getByText(formatUsd(size!.normal_usd_per_hour)).first().waitFor();
    const chart = page.getByRole('slider', { name: /^\w+ per call around the beginning/ });
    await chart.focus();
    await page.keyboard.press('End');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/: .+ a call, normally .+ a call$/);
    await page.keyboard.press('Home');
    expect(await chart.getAttribute('aria-valuenow')).toBe('0');
    await page.getByRole('combobox', { name: 'Chart' }).click();
    await page.getByRole('option', { name: 'spend per hour' }).click();
    await page.getByRole('slider', { name: /^Spend per hour/ }).waitFor();
  });

  test('opens a call that shows it', async () => {
    const calls = page.getByRole('region', { name: 'Calls that show it' });
    await calls.getByText('the first one').click();
    await dialog().getByText('v7', { exact: true }).first().waitFor();
    expect(page.url()).toContain(`call=${(await theOne()).first_call}`);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  test('is acknowledged with one press, which takes it off the badge', async () => {
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Acknowledged by dashboard').waitFor();
    await badge().waitFor({ state: 'detached' });
    expect((await theOne()).state).toBe('acknowledged');
  });

  test('asks before calls are held back, says what will happen, and takes it back', async () => {
    await page.getByRole('button', { name: 'Throttle …' }).click();
    await dialog().getByText('one in four passes', { exact: false }).waitFor();
    await dialog().getByLabel('For how long').selectOption('15m');
    await dialog().getByRole('button', { name: 'Throttle' }).click();
    await page.getByText('In force', { exact: true }).waitFor();
    const { actions } = await until((each) => each.actions[0]?.state === 'in_force');
    expect(actions[0]).toMatchObject({ do: 'throttle', scope: { feature: 'search' } });
    await page.getByRole('button', { name: 'Revert throttle' }).click();
    await dialog().getByRole('button', { name: 'Revert' }).click();
    await page.getByText('Reverted', { exact: true }).waitFor();
    await until((each) => each.actions[0]?.state === 'reverted');
  });

  test('is muted for a time, and heard again', async () => {
    await page.getByRole('button', { name: 'Mute …' }).click();
    await dialog().getByLabel('For how long').selectOption('8h');
    await dialog().getByRole('button', { name: 'Mute' }).click();
    await page.getByText(/^Muted until /).waitFor();
    expect(Date.parse((await theOne()).muted_until!)).toBeGreaterThan(Date.now() + 7 * 3_600_000);
    await page.getByRole('button', { name: 'Unmute' }).click();
    await page.getByRole('button', { name: 'Mute …' }).waitFor();
  });

  test('fits a phone in the dark: nothing scrolls sideways', async () => {
    const phone = await browser.newPage({
      viewport: { width: 360, height: 800 },
      colorScheme: 'dark',
    });
    const { id, title } = await theOne();
    for (const path of ['/incidents', `/incidents/${id}`]) {
      await phone.goto(farthing.controlUrl + path);
      await phone.getByText(title).first().waitFor();
      const width = await phone.evaluate('document.documentElement.scrollWidth');
      expect(width, path).toBeLessThanOrEqual(360);
    }
    await phone.close();
  });

  test('is resolved, and stands below those that are open', async () => {
    const { title } = await theOne();
    await page.getByRole('button', { name: 'Resolve …' }).click();
    await dialog()
      .getByLabel(/^What was done/)
      .fill('back to v6');
    await dialog().getByRole('button', { name: 'Resolve' }).click();
    await page.getByText('back to v6').waitFor();
    await page.getByRole('link', { name: 'All incidents' }).click();
    await page.getByText('Nothing is wrong', { exact: false }).waitFor();
    const row = page.getByRole('table', { name: 'Resolved incidents' }).getByRole('row');
    await row.getByRole('link', { name: title }).waitFor();
  });

  test('says so where there is no such incident', async () => {
    await open('/incidents/inc-none');
    await page.getByText('unknown_incident', { exact: false }).waitFor();
  });

  test('asks nobody but the control plane and raises no error', () => expect(problems).toEqual([]));
});
