import OpenAI from 'openai';
import {
  startFakeProvider,
  type FakeProvider,
  type FakeProviderOptions,
} from '../../packages/server/src/fake-provider/index.js';
import { Installation } from './farthing-process.js';

/** A real `farthing up` with budgets, in front of a fake provider. */
export interface Budgeted {
  installation: Installation;
  provider: FakeProvider;
  /** The official client, which calls through the gateway. */
  openai(headers?: Record<string, string>): OpenAI;
  /** A chat call as plain HTTP. */
  chat(body?: object, headers?: Record<string, string>, gatewayUrl?: string): Promise<Response>;
  /** The sum of a counter or gauge at the gateway's /metrics over the series with these labels. */
  metric(name: string, labels?: Record<string, string>): Promise<number>;
  close(): Promise<void>;
}

export async function startBudgeted(
  budgets: readonly object[],
  settings: { more?: object; provider?: FakeProviderOptions } = {},
): Promise<Budgeted> {
  const provider = await startFakeProvider({ seed: 'budgets', ...settings.provider });
  const more = { budgets, ...settings.more };
  const installation = await Installation.create(provider.url, { more });
  await installation.start('up');
  return {
    installation,
    provider,
    openai: (defaultHeaders = {}) =>
      new OpenAI({
        baseURL: `${installation.gatewayUrl}/openai/v1`,
        apiKey: 'sk-test',
        defaultHeaders,
      }),
    chat: (body = {}, headers = {}, gatewayUrl = installation.gatewayUrl) =>
      fetch(`${gatewayUrl}/openai/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: 'Bearer sk-test',
          'content-type': 'application/json',
          ...headers,
        },
        body: JSON.stringify({
          model: 'gpt-5-mini',
          messages: [{ role: 'user', content: 'Say something about money.' }],
          ...body,
        }),
      }),
    async metric(name, labels = {}) {
      const text = await (await fetch(`${installation.gatewayUrl}/metrics`)).text();
      return sumOf(text, name, labels);
    },
    async close() {
      await installation.stopAll();
      await installation.remove();
      await provider.close();
    },
  };
}

function sumOf(text: string, name: string, labels: Record<string, string>): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    const [, series, list = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (series !== name) continue;
    const has = Object.entries(labels).every(([label, wanted]) =>
      list.includes(`${label}="${wanted}"`),
    );
    if (has) sum += Number(value);
  }
  return sum;
}
