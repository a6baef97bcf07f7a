import type { ChildProcess } from 'node:child_process';
import type { Entry } from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { Installation, pause } from '../support/farthing-process.js';

/** `FARTHING_CHAOS_ROUNDS=50 npx vitest run --project end-to-end test/chaos` for the long run. */
const rounds = Number(process.env['FARTHING_CHAOS_ROUNDS'] ?? 8);
const clients = 16;

let provider: FakeProvider;
let farthing: Installation;
let entries: Entry[];
/** Calls whose answer a client read to its end, by their probe number. */
const answered = new Set<string>();
let sent = 0;
let reopenFailures = 0;

beforeAll(
  async () => {
    provider = await startFakeProvider({ seed: 'chaos' });
    farthing = await Installation.create(provider.url);
    let gateway = await farthing.start('gateway');
    let ledger = await farthing.start('ledger');
    const load = startLoad();
    for (let round = 0; round < rounds; round++) {
      await pause(150 + Math.random() * 900);
      const victims = round % 3 === 0 ? [gateway] : round % 3 === 1 ? [ledger] : [gateway, ledger];
      await Promise.all(victims.map((victim) => farthing.kill(victim, 'SIGKILL')));
      if (victims.includes(gateway)) gateway = await reopen('gateway');
      if (victims.includes(ledger)) ledger = await reopen('ledger');
    }
    await pause(500);
    await load.stop();
    await farthing.kill(gateway, 'SIGTERM');
    await farthing.untilBooked();
    entries = await farthing.entries();
  },
  60_000 + rounds * 10_000,
);
afterAll(async () => {
  await farthing.remove();
  await provider.close();
});

async function reopen(command: 'gateway' | 'ledger'): Promise<ChildProcess> {
  try {
    return await farthing.start(command);
  } catch (error) {
    reopenFailures++;
    throw error;
  }
}

/** Clients that never stop calling; a call that fails because the gateway died is simply not answered. */
function startLoad() {
  const stopped = new AbortController();
  const client = async () => {
    while (!stopped.signal.aborted) {
      const probe = String(sent++);
      try {
        const response = await fetch(`${farthing.gatewayUrl}/openai/v1/chat/completions`, {
          method: 'POST',
          headers: {
            authorization: 'Bearer sk-chaos',
            'content-type': 'application/json',
            'x-farthing-tags': `probe=${probe}`,
          },
          body: JSON.stringify({
            model: 'gpt-5-mini',
            stream: Number(probe) % 2 === 0,
            messages: [{ role: 'user', content: `probe ${probe}` }],
          }),
        });
        await response.text();
        if (response.ok) answered.add(probe);
      } catch {
        await pause(20);
      }
    }
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  return {
    async stop() {
      stopped.abort();
      await all;
    },
  };
}

describe(`${rounds} times kill -9 of gateway, ledger or both, under load`, () => {
  const probeOf = (entry: Entry) => entry.tags.custom?.['probe'] ?? '?';

  test('every call that a client saw answered is booked', () => {
    const booked = new Set(entries.map(probeOf));
    expect([...answered].filter((probe) => !booked.has(probe))).toEqual([]);
    expect(answered.size).toBeGreaterThan(rounds * 10);
  });

  test('nothing is booked twice', () => {
    expect(new Set(entries.map((entry) => entry.id)).size).toBe(entries.length);
    expect(new Set(entries.map(probeOf)).size).toBe(entries.length);
  });

  test('calls that were cut by a kill are booked as interrupted, at an estimate', () => {
    const interrupted = entries.filter((entry) => entry.error_type === 'gateway_stopped');
    expect(interrupted.length).toBeGreaterThan(0);
    for (const entry of interrupted) {
      expect(entry).toMatchObject({
        outcome: 'interrupted',
        usage: { estimated: true },
        cost: { status: 'partial' },
      });
    }
  });

  test('the store agrees with the archive, and every reopening worked', async () => {
    const { rows } = await farthing.query({ measures: ['calls'] });
    expect(rows[0]?.['calls']).toBe(entries.length);
    expect(reopenFailures).toBe(0);
    console.log(`${sent} calls sent, ${answered.size} answered, ${entries.length} booked`);
  });
});
