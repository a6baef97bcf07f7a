import type { Tags } from '@farthing/core';
import { Random } from '../fake-provider/random.js';
import { features, type Feature } from './company.js';
import { drawCall, type DemoCall } from './draw-work.js';
import { placeInRun } from './run-parts.js';

const hour = 3_600_000;
const day = 24 * hour;

/** The moments of the history's stories, counted back from its end. Milliseconds since the epoch. */
export interface Stories {
  /** When `email-drafts` went from template v4 to v5, whose answers are twice as long. */
  templateChangeAt: number;
  /** When `search-answers` began to look up a third more passages for each question. */
  moreContextAt: number;
  /**
   * When the answers of `invoice-extraction` grew by more than half while its template kept its name:
   * estimates, which learn by name, go on from what such calls took before.
   */
  unnamedChangeAt: number;
  /** When one run of `research-agent`, a market report, got into a loop. */
  runawayAt: number;
}

export function storiesBefore(until: number): Stories {
  const midnight = until - (until % day);
  return {
    templateChangeAt: weekdayFrom(midnight - 4 * day) + 9 * hour,
    moreContextAt: midnight - 6 * day + 10 * hour,
    unnamedChangeAt: midnight - 2 * day + 7 * hour,
    runawayAt: weekdayFrom(midnight - 3 * day) + 18.6 * hour,
  };
}

/** The day itself, or the Friday before where it is of a weekend. Both as midnights. */
function weekdayFrom(midnight: number): number {
  const weekday = new Date(midnight).getUTCDay();
  return midnight - (weekday === 6 ? day : weekday === 0 ? 2 * day : 0);
}

/** The feature as it was at a moment, before the changes that the stories tell of. */
export function featureAt(feature: Feature, at: number, stories: Stories): Feature {
  const { name, userTokens, contextShare = 0, outputTokens } = feature;
  if (name === 'email-drafts' && at < stories.templateChangeAt) {
    return { ...feature, template: 'v4', outputTokens: outputTokens / 2 };
  }
  if (name === 'invoice-extraction' && at < stories.unnamedChangeAt) {
    return { ...feature, outputTokens: outputTokens / 1.8 };
  }
  if (name === 'search-answers' && at < stories.moreContextAt) {
    const context = (userTokens * contextShare) / 1.33;
    const all = userTokens * (1 - contextShare) + context;
    return { ...feature, userTokens: all, contextShare: context / all };
  }
  return feature;
}

const loopCalls = 180;

const researching = features.find((candidate) => candidate.agent === 'researcher') as Feature;

/** Tags of the market report that somebody has written each evening. */
function reportTags(at: number): Tags {
  const date = new Date(at).toISOString().slice(0, 10);
  return {
    feature: researching.name,
    template_version: researching.template,
    environment: 'production',
    agent: 'researcher',
    run: `market-report-${date}`,
    tenant: 'dune-travel',
    segment: 'growth',
    user: 'dune-travel-104',
    session: `market-report-${date}`,
    custom: { team: 'product' },
  };
}

/**
 * A market report that cannot be finished: it calls again and again for two hours and more, sends the whole
 * conversation each time and, because a timestamp stands at the top of its prompt, never hits the cache.
 */
export function runawayRun(seed: string, stories: Stories): DemoCall[] {
  const random = new Random(`${seed} runaway`);
  // What it sends is nearly all conversation.
  const feature: Feature = { ...researching, historyShare: 0.92, dated: true };
  const variant = {
    mount: 'anthropic',
    api: 'messages',
    model: 'claude-opus-4-8',
    weight: 1,
  } as const;
  const tags = reportTags(stories.runawayAt);
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
  return placeInRun(random, calls, { success: false, score: 0 });
}

/** The same report on the two evenings before, as it should be: what the runaway can be held against. */
export function marketReports(seed: string, stories: Stories): DemoCall[] {
  return [2, 1].flatMap((daysBefore) => {
    const random = new Random(`${seed} market report ${daysBefore}`);
    const begun = stories.runawayAt - daysBefore * day;
    const tags = reportTags(begun);
    const calls: DemoCall[] = [];
    let at = begun;
    for (let step = 0; step < 8; step++) {
      const call = drawCall(random, researching, researching.variants[0]!, tags, at, step);
      calls.push(call);
      at += call.durationMs + random.integer(2_000, 6_000);
    }
    return placeInRun(random, calls, { success: true, score: daysBefore === 1 ? 0.9 : 0.8 });
  });
}
