import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { admit, BudgetAccounts, Escrow, examineBudgets, type Attempt } from '@farthing/core';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config/index.js';

const folder = fileURLToPath(new URL('../../../../examples/budgets/', import.meta.url));
const load = (name: string) => {
  const { budgets, breakers } = loadConfig(`${folder}${name}`, {}).config;
  return { budgets: examineBudgets(budgets).budgets, breakers };
};

test.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('%s loads', (name) => {
  const { config } = loadConfig(`${folder}${name}`, {});
  expect(config.budgets.length).toBeGreaterThan(0);
});

test('what docs/budgets.md has of farthing.yaml loads', () => {
  const page = readFileSync(new URL('../../../../docs/budgets.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, block]) => block!);
  expect(blocks.length).toBeGreaterThan(2);
  const directory = mkdtempSync(join(tmpdir(), 'farthing-docs-'));
  for (const block of blocks) {
    const file = join(directory, 'farthing.yaml');
    writeFileSync(file, block);
    expect(() => loadConfig(file, {})).not.toThrow();
  }
  rmSync(directory, { recursive: true });
});

/** A call of so many tokens that is expected to cost so much. */
const attempt = (usd: string, inputTokens = 1_000): Attempt => ({
  model: 'any',
  expectedCost: BigInt(Math.round(Number(usd) * 1e12)),
  expectedInput: inputTokens,
  demand: {
    inputTokens,
    inputCost: BigInt(Math.round(Number(usd) * 1e12)),
    outputPrice: 0n,
    likelyOutput: 100,
    mostOutput: 4_096,
    mayClamp: true,
  },
});
let calls = 0;
const ask = async (name: string, tags: object, asked: Attempt, ledger = new Escrow()) => {
  const accounts = new BudgetAccounts(load(name).budgets);
  return admit(ledger, {
    id: `call ${(calls += 1)}`,
    at: Date.parse('2026-11-20T12:00:00Z'),
    attempt: asked,
    claims: () => accounts.claims({ tags, provider: 'x', model: 'any' }),
    onModel: () => null,
    truncatedTo: (tokens) => attempt('0.001', tokens),
    acknowledged: () => false,
  });
};

describe('a hard cap of $0.05 and a warning at $0.02, for each call', () => {
  test.each([
    ['0.02', 'admitted', 0],
    ['0.021', 'admitted', 1],
    ['0.05', 'admitted', 1],
    ['0.051', 'refused', 0],
  ])('$%s is %s', async (usd, outcome, warnings) => {
    const answer = await ask('per-call-cap.yaml', {}, attempt(usd));
    expect(answer.outcome).toBe(outcome);
    expect(answer.decision?.warnings ?? []).toHaveLength(warnings);
  });
});

describe('daily budgets of agents: 15.00 blocks, 45.00 throttles, 8.00 logs only', () => {
  test.each([
    ['customer-support-v2', '15', 'block'],
    ['code-review-pipeline', '45', 'throttle'],
    ['data-extraction-worker', '8', undefined],
  ])('%s', async (agent, limit, action) => {
    const ledger = new Escrow();
    const one = await ask('daily-per-agent.yaml', { agent }, attempt(limit), ledger);
    expect(one.decision!.outcome).toBe('admitted');
    const { decision } = await ask('daily-per-agent.yaml', { agent }, attempt('0.01'), ledger);
    expect(decision!.refusal?.action).toBe(action);
    if (action === undefined) expect(decision!.warnings).toHaveLength(1);
  });
});

describe('token budgets of a call: a warning at 80 %, then the history is cut', () => {
  const chat = (tokens: number) =>
    ask('tokens-per-call.yaml', { feature: 'chat' }, attempt('0.001', tokens));

  test('6,400 tokens pass, 6,401 are warned about, 8,001 are cut to 8,000', async () => {
    expect((await chat(6_400)).decision!.warnings).toEqual([]);
    expect((await chat(6_401)).decision!.warnings).toHaveLength(1);
    const { decision, attempt: cut } = await chat(8_001);
    expect(decision!.outcome).toBe('admitted');
    expect(cut.demand.inputTokens).toBeLessThanOrEqual(8_000);
  });

  test('the answer is kept to 1,000 tokens', async () => {
    expect((await chat(100)).hold.maxOutput).toBe(1_000);
  });

  test('others are rejected, or allowed', async () => {
    const name = 'tokens-per-call.yaml';
    const rejected = await ask(name, { feature: 'extraction' }, attempt('0.001', 4_001));
    expect(rejected.decision!.outcome).toBe('refused');
    const allowed = await ask(name, { environment: 'development' }, attempt('0.001', 40_000));
    expect(allowed.decision).toMatchObject({ outcome: 'admitted', warnings: [expect.anything()] });
  });
});
