import type { Random } from '../fake-provider/random.js';

/** The provider API of a demo call; `provider` is the mount on the gateway. */
export interface Variant {
  mount: 'openai' | 'anthropic' | 'gemini';
  api: 'chat.completions' | 'responses' | 'embeddings' | 'messages' | 'generateContent';
  model: string;
  weight: number;
  /** Name of the A/B arm, reported as the `route` tag. */
  route?: string;
}

/** What one feature of the demo company asks of models. Tokens are medians; spreads are lognormal. */
export interface Feature {
  name: string;
  /** Share of the company's work. */
  weight: number;
  variants: Variant[];
  /** Probability that an answer is streamed. */
  streamed: number;
  /** Instructions that each call repeats; long ones are read from the provider's cache. */
  systemTokens: number;
  userTokens: number;
  /** Of the new part of a prompt: passages and documents that were looked up for it. */
  contextShare?: number;
  /** Of the new part of a prompt: earlier turns of the conversation. */
  historyShare?: number;
  outputTokens: number;
  /** Of the output: hidden reasoning. */
  reasoningShare: number;
  /** How work is spread over the day. */
  hours: 'office' | 'night' | 'always';
  /** Calls of one run, for features that work in steps. */
  steps?: { least: number; most: number };
  agent?: string;
  template: string;
  environment?: string;
  /** The feature belongs to the company itself and serves no tenant. */
  internal?: true;
  /** Searches that the provider runs, at most. */
  searches?: number;
  /** Of Anthropic, what the caller marks for the cache: its instructions (default), nothing, or all that it sends. */
  marks?: 'nothing' | 'everything';
  /** The time stands above the instructions: no two prompts begin alike. */
  dated?: true;
  /** Works for the agent in every other step, and uses the tool. */
  helper?: { agent: string; tool: string };
}

const pageReader = 'page-reader';

/** The company's own paid tools, as farthing.yaml has them: USD for a use. */
export const demoTools: Record<string, { price: string }> = { [pageReader]: { price: '0.002' } };

/** A made-up company that sells customer-service software to other companies. */
export const features: readonly Feature[] = [
  {
    name: 'support-chat',
    weight: 34,
    variants: [
      { mount: 'openai', api: 'chat.completions', model: 'gpt-5-mini', weight: 7, route: 'a' },
      { mount: 'anthropic', api: 'messages', model: 'claude-haiku-4-5', weight: 3, route: 'b' },
    ],
    streamed: 0.95,
    systemTokens: 4_400,
    userTokens: 620,
    historyShare: 0.6,
    outputTokens: 260,
    reasoningShare: 0,
    hours: 'office',
    template: 'v12',
  },
  {
    name: 'search-answers',
    weight: 18,
    variants: [{ mount: 'openai', api: 'responses', model: 'gpt-5.4-mini', weight: 1 }],
    streamed: 0.8,
    systemTokens: 900,
    userTokens: 3_400,
    contextShare: 0.88,
    outputTokens: 210,
    reasoningShare: 0,
    hours: 'office',
    template: 'v7',
  },
  {
    name: 'catalogue-embeddings',
    weight: 9,
    variants: [{ mount: 'openai', api: 'embeddings', model: 'text-embedding-3-small', weight: 1 }],
    streamed: 0,
    systemTokens: 0,
    userTokens: 1_900,
    outputTokens: 0,
    reasoningShare: 0,
    hours: 'always',
    template: 'v1',
  },
  {
    name: 'invoice-extraction',
    weight: 12,
    variants: [{ mount: 'gemini', api: 'generateContent', model: 'gemini-2.5-flash', weight: 1 }],
    streamed: 0,
    systemTokens: 2_400,
    userTokens: 2_200,
    dated: true,
    contextShare: 0.9,
    outputTokens: 540,
    reasoningShare: 0.35,
    hours: 'always',
    template: 'v9',
  },
  {
    name: 'email-drafts',
    weight: 13,
    variants: [{ mount: 'openai', api: 'chat.completions', model: 'gpt-5.5', weight: 1 }],
    streamed: 0.6,
    systemTokens: 480,
    userTokens: 520,
    outputTokens: 330,
    reasoningShare: 0,
    hours: 'office',
    template: 'v5',
  },
  {
    name: 'meeting-notes',
    weight: 5,
    variants: [{ mount: 'openai', api: 'responses', model: 'gpt-5.6-sol', weight: 1 }],
    streamed: 0,
    systemTokens: 1_200,
    userTokens: 7_500,
    contextShare: 0.93,
    outputTokens: 620,
    reasoningShare: 0.2,
    hours: 'office',
    template: 'v3',
  },
  {
    name: 'code-review',
    weight: 3,
    variants: [{ mount: 'anthropic', api: 'messages', model: 'claude-opus-4-8', weight: 1 }],
    streamed: 1,
    systemTokens: 6_800,
    userTokens: 2_600,
    outputTokens: 780,
    reasoningShare: 0.3,
    hours: 'office',
    steps: { least: 2, most: 6 },
    agent: 'reviewer',
    template: 'v21',
    environment: 'ci',
    internal: true,
  },
  {
    name: 'research-agent',
    weight: 2,
    variants: [{ mount: 'anthropic', api: 'messages', model: 'claude-sonnet-5', weight: 1 }],
    streamed: 1,
    systemTokens: 3_200,
    userTokens: 1_500,
    outputTokens: 560,
    reasoningShare: 0.25,
    hours: 'office',
    steps: { least: 3, most: 9 },
    agent: 'researcher',
    template: 'v4',
    searches: 2,
    helper: { agent: 'reader', tool: pageReader },
  },
  {
    name: 'ticket-classification',
    weight: 12,
    variants: [{ mount: 'anthropic', api: 'messages', model: 'claude-opus-4-8', weight: 1 }],
    streamed: 0,
    systemTokens: 640,
    userTokens: 260,
    outputTokens: 9,
    reasoningShare: 0,
    hours: 'office',
    template: 'v6',
  },
  {
    name: 'contract-questions',
    weight: 9,
    variants: [{ mount: 'anthropic', api: 'messages', model: 'claude-sonnet-4-6', weight: 1 }],
    streamed: 0.7,
    // The contract that everybody asks about, sent in full each time and never marked for the cache.
    systemTokens: 5_200,
    userTokens: 180,
    outputTokens: 240,
    reasoningShare: 0,
    hours: 'office',
    template: 'v3',
    marks: 'nothing',
  },
  {
    name: 'proposal-summaries',
    weight: 3,
    variants: [{ mount: 'anthropic', api: 'messages', model: 'claude-sonnet-4-6', weight: 1 }],
    streamed: 0.3,
    systemTokens: 700,
    userTokens: 7_200,
    contextShare: 0.94,
    outputTokens: 380,
    reasoningShare: 0,
    hours: 'office',
    template: 'v2',
    // Each document is written to the cache and never asked about again.
    marks: 'everything',
  },
  {
    name: 'nightly-summaries',
    weight: 6,
    variants: [
      { mount: 'gemini', api: 'generateContent', model: 'gemini-2.5-pro', weight: 3 },
      { mount: 'anthropic', api: 'messages', model: 'claude-sonnet-4-6', weight: 1 },
    ],
    streamed: 0,
    systemTokens: 700,
    userTokens: 9_500,
    contextShare: 0.95,
    outputTokens: 820,
    reasoningShare: 0.2,
    hours: 'night',
    template: 'v2',
  },
  {
    name: 'ranking-lab',
    weight: 0.6,
    // No price book knows this model: its calls show up as unpriced, not as free.
    variants: [{ mount: 'openai', api: 'chat.completions', model: 'acme-ranker-1', weight: 1 }],
    streamed: 0,
    systemTokens: 300,
    userTokens: 1_400,
    outputTokens: 60,
    reasoningShare: 0,
    hours: 'office',
    template: 'v0',
    environment: 'staging',
    internal: true,
  },
];

export interface Tenant {
  name: string;
  segment: 'enterprise' | 'growth' | 'free';
  weight: number;
  users: number;
  /** USD a month. */
  pays: string;
}

export const tenants: readonly Tenant[] = [
  { name: 'alder-bank', segment: 'enterprise', weight: 24, users: 60, pays: '190' },
  { name: 'birch-retail', segment: 'enterprise', weight: 18, users: 45, pays: '150' },
  { name: 'cedar-health', segment: 'enterprise', weight: 13, users: 40, pays: '110' },
  { name: 'dune-travel', segment: 'growth', weight: 10, users: 22, pays: '49' },
  { name: 'elm-insurance', segment: 'growth', weight: 9, users: 20, pays: '49' },
  { name: 'fjord-logistics', segment: 'growth', weight: 7, users: 16, pays: '49' },
  { name: 'grove-foods', segment: 'growth', weight: 6, users: 12, pays: '49' },
  { name: 'harbor-media', segment: 'free', weight: 5, users: 9, pays: '0' },
  { name: 'iris-energy', segment: 'free', weight: 4, users: 7, pays: '0' },
  { name: 'juniper-labs', segment: 'free', weight: 4, users: 5, pays: '0' },
];

export function pickWeighted<T extends { weight: number }>(random: Random, items: readonly T[]): T {
  let left = random.next() * items.reduce((sum, item) => sum + item.weight, 0);
  for (const item of items) {
    left -= item.weight;
    if (left < 0) return item;
  }
  return items.at(-1) as T;
}
