import { Random } from '../fake-provider/random.js';
import { features, type Feature } from './company.js';
import { drawCall, type DemoCall } from './draw-work.js';

const mostCalls = 60;
/** What a failing tool adds to the conversation each time. */
const addedTokens = 1_500;

/**
 * A run of the agent `reviewer` that gets stuck: the same failing tool again and again, each time with
 * the whole conversation. The breaker of the demo is there for it.
 */
export function loopingRun(seed: string, at: number): DemoCall[] {
  const random = new Random(`${seed} loop`);
  const reviewing = features.find(({ agent }) => agent === 'reviewer') as Feature;
  const [variant] = reviewing.variants;
  const feature: Feature = { ...reviewing, historyShare: 0.9, reasoningShare: 0 };
  const tags = {
    feature: feature.name,
    template_version: feature.template,
    environment: 'ci',
    agent: 'reviewer',
    run: `run-${random.hex(10)}`,
    custom: { team: 'platform' },
  };
  return Array.from({ length: mostCalls }, (_, turn) => {
    const call = drawCall(random, feature, variant!, tags, at, 0);
    const input = feature.systemTokens + 6_000 + turn * addedTokens;
    const output = random.integer(60, 140);
    return {
      ...call,
      tokens: { ...call.tokens, input, cacheRead: 0, cacheWrite5m: 0, output, reasoning: 0 },
    };
  });
}
