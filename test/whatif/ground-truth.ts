import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildWhatIf,
  formatUsd,
  parseUsd,
  type Entry,
  type Scenario,
  type WhatIf,
} from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { Random } from '../../packages/server/src/fake-provider/random.js';
import { writeText } from '../../packages/server/src/fake-provider/words.js';
import { batchOf } from '../../packages/server/src/store/conformance/batches.js';
import { openDuckDbStore } from '../../packages/server/src/store/duckdb/index.js';
import { startGatewayUnderTest } from '../support/gateway.js';

/** A request as an application would send it, whatever the model. */
export interface WorkItem {
  feature: string;
  system: string;
  messages: { role: 'user' | 'assistant'; content: string }[];
  /** So long the answer is, where the run fixes that. */
  answerTokens: number;
}

/** Chats that grow, labels, summaries of long documents: 3 : 4 : 1. */
export function drawWork(count: number, seed = 'what-if'): WorkItem[] {
  const random = new Random(seed);
  const text = (tokens: number) => writeText(random, Math.max(1, Math.round(tokens))).join('');
  const spread = (median: number) => random.lognormal(median, 0.6);
  const instructions = { chat: text(1_400), labels: text(300), summaries: text(200) };
  return Array.from({ length: count }, (_, index): WorkItem => {
    const kind = (
      ['chat', 'labels', 'chat', 'labels', 'summaries', 'labels', 'chat', 'labels'] as const
    )[index % 8]!;
    const question = {
      role: 'user' as const,
      content: text(spread({ chat: 90, labels: 250, summaries: 5_000 }[kind])),
    };
    const turns = kind === 'chat' ? random.integer(0, 3) : 0;
    const history = Array.from({ length: turns }, () => [
      { role: 'user' as const, content: text(spread(80)) },
      { role: 'assistant' as const, content: text(spread(200)) },
    ]).flat();
    return {
      feature: kind,
      system: instructions[kind],
      messages: [...history, question],
      answerTokens: Math.round(spread({ chat: 220, labels: 8, summaries: 500 }[kind])),
    };
  });
}

export interface RunOptions {
  provider: 'openai' | 'anthropic';
  model: string;
  /** Answers are as long on every model; without it, as the model would have them. */
  fixedAnswers?: boolean;
  maxTokens?: number;
}

/** Sends the work through a real gateway to the fake provider; resolves to what was booked. */
export async function bill(work: readonly WorkItem[], options: RunOptions): Promise<Entry[]> {
  const { provider, model, fixedAnswers = false, maxTokens = 8_000 } = options;
  const gateway = await startGatewayUnderTest();
  try {
    for (const [index, item] of work.entries()) {
      const response = await fetch(`${gateway.url}/${pathOf[provider]}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: 'Bearer sk-fake-0123456789abcdef',
          'x-api-key': 'sk-ant-fake-0123456789abcdef',
          'anthropic-version': '2023-06-01',
          'x-farthing-feature': item.feature,
          'x-fake-seed': String(index),
          ...(fixedAnswers ? { 'x-fake-output-tokens': String(item.answerTokens) } : {}),
        },
        body: JSON.stringify(bodyOf(item, provider, model, maxTokens)),
      });
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    }
    return await gateway.entries();
  } finally {
    await gateway.close();
  }
}

const pathOf = {
  openai: 'openai/v1/chat/completions',
  anthropic: 'anthropic/v1/messages',
} as const;

function bodyOf(
  item: WorkItem,
  provider: RunOptions['provider'],
  model: string,
  most: number,
): object {
  const { system, messages } = item;
  return provider === 'openai'
    ? {
        model,
        max_completion_tokens: most,
        messages: [{ role: 'system', content: system }, ...messages],
      }
    : { model, max_tokens: most, system, messages };
}

/** What the books with these entries say to the scenario. */
export async function predict(entries: readonly Entry[], scenario: Scenario): Promise<WhatIf> {
  const directory = await mkdtemp(join(tmpdir(), 'farthing-what-if-'));
  const store = await openDuckDbStore({ directory });
  try {
    await store.book(batchOf(entries));
    const times = entries.map(({ started_at: time }) => Date.parse(time));
    const window = {
      from: new Date(Math.min(...times)).toISOString(),
      to: new Date(Math.max(...times) + 1).toISOString(),
    };
    return await buildWhatIf(store, defaultPriceBook(), { scenario, window, now: window.to });
  } finally {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** What was billed in all, a decimal string of USD. */
export function billed(entries: readonly Entry[]): string {
  return formatUsd(entries.reduce((sum, { cost }) => sum + parseUsd(cost.usd ?? '0'), 0n));
}

/** How far a prediction lies from what then happened: 0.05 is 5 % above. */
export function errorOf(predicted: string, actual: string): number {
  return Number(predicted) / Number(actual) - 1;
}
