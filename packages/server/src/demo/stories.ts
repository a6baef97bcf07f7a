import { Random } from '../fake-provider/random.js';
import { features, type Feature } from './company.js';
import { drawCall, type DemoCall } from './draw-work.js';

const hour = 3_600_000;
const day = 24 * hour;

/** The moments of the history's two stories, counted back from its end. Milliseconds since the epoch. */
export interface Stories {
  /** When `email-drafts` went from template v4 to v5, whose answers are twice as long. */
  templateChangeAt: number;
  /** When one run of `research-agent` got into a loop. */
  runawayAt: number;
}

export function storiesBefore(until: number): Stories {
  const midnight = until - (until % day);
  return {
    templateChangeAt: midnight - 11 * day + 9 * hour,
    runawayAt: midnight - 5 * day + 18.6 * hour,
  };
}

/** The feature as it was at a moment: before its change `email-drafts` used the older, terser template. */
export function featureAt(feature: Feature, at: number, stories: Stories): Feature {
  return feature.name === 'email-drafts' && at < stories.templateChangeAt
    ? { ...feature, template: 'v4', outputTokens: feature.outputTokens / 2 }
    : feature;
}

const loopCalls = 180;

/**
 * A run that cannot finish: it calls again and again for two hours and more, sends the whole conversation
 * each time and, because a timestamp stands at the top of its prompt, never hits the cache.
 */
export function runawayRun(seed: string, stories: Stories): DemoCall[] {
  const random = new Random(`${seed} runaway`);
  const feature = features.find((candidate) => candidate.agent === 'researcher') as Feature;
  const variant = {
    mount: 'anthropic',
    api: 'messages',
    model: 'claude-opus-4-8',
    weight: 1,
  } as const;
  const tags = {
    feature: feature.name,
    template_version: feature.template,
    environment: 'production',
    agent: 'researcher',
    run: `run-${random.hex(10)}`,
    tenant: 'dune-travel',
    segment: 'growth',
    user: 'dune-travel-104',
    session: 's-loop',
    custom: { team: 'product' },
  };
  const calls: DemoCall[] = [];
  let at = stories.runawayAt;
  for (let step = 0; step < loopCalls; step++) {
    const call = drawCall(random, feature, variant, tags, at, 0);
    calls.push({
      ...call,
      tokens: {
        ...call.tokens,
        input: 5_000 + step * 320,
        cacheRead: 0,
        cacheWrite5m: 0,
        searches: 0,
      },
    });
    at += call.durationMs + random.integer(30_000, 45_000);
  }
  return calls;
}
