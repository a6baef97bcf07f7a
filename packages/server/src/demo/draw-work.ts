import { cacheRulesOf, type Tags } from '@farthing/core';
import type { Random } from '../fake-provider/random.js';
import { pickWeighted, tenants, type Feature, type Variant } from './company.js';
import { placeInRun, type RunPart } from './run-parts.js';

/** Tokens of one call in disjoint kinds; reasoning is part of `output`. */
export interface DemoTokens {
  input: number;
  cacheRead: number;
  cacheWrite5m: number;
  output: number;
  reasoning: number;
  searches: number;
}

/** One attempt at one call of the demo company. Times in milliseconds. */
export interface DemoCall {
  /** Milliseconds since the epoch. */
  at: number;
  feature: Feature;
  variant: Variant;
  stream: boolean;
  tags: Tags;
  attempt: number;
  /** HTTP status of the failure; null when the provider answers. */
  failure: 429 | 500 | 529 | null;
  /** The caller did not wait for the end of an answer that is billed all the same. */
  aborted?: true;
  /** Position in a run, from 0; the prompt grows with it. */
  step: number;
  /** Of calls of a run: whose step it is, what it led to. */
  part?: RunPart;
  tokens: DemoTokens;
  firstByteMs: number;
  durationMs: number;
}

const unattributedShare = 0.03;
const failureShare = 0.018;
/** What a search hands to the model, as part of its input. */
export const tokensPerSearch = 3_100;

/**
 * One piece of work of a feature beginning at `at`: a single call, a run of several, and the retry
 * after a failure.
 */
export function drawWork(random: Random, feature: Feature, at: number): DemoCall[] {
  const variant = pickWeighted(random, feature.variants);
  const tags = drawTags(random, feature, variant, at);
  const steps =
    feature.steps === undefined ? 1 : random.integer(feature.steps.least, feature.steps.most);
  const calls: DemoCall[] = [];
  let clock = at;
  for (let step = 0; step < steps; step++) {
    const call = drawCall(random, feature, variant, tags, clock, step);
    if (random.chance(failureShare)) {
      const failed = failedAttempt(random, call);
      calls.push(failed);
      // One in eight gives up after the first failure.
      if (random.chance(0.125)) break;
      const retryAt = clock + failed.durationMs + random.integer(500, 2_000);
      calls.push({ ...call, at: retryAt, attempt: 2 });
      clock = retryAt + call.durationMs + random.integer(300, 3_000);
    } else {
      calls.push(call);
      clock += call.durationMs + random.integer(300, 3_000);
    }
  }
  return tags.run === undefined ? calls : placeInRun(random, calls);
}

export function drawCall(
  random: Random,
  feature: Feature,
  variant: Variant,
  tags: Tags,
  at: number,
  step: number,
): DemoCall {
  const tokens = drawTokens(random, feature, variant, step);
  const firstByteMs = Math.round(random.lognormal(420 + tokens.input / 30, 0.35));
  return {
    at,
    feature,
    variant,
    stream: random.chance(feature.streamed),
    tags,
    attempt: 1,
    failure: null,
    step,
    tokens,
    firstByteMs,
    durationMs: firstByteMs + Math.round((tokens.output / random.lognormal(95, 0.25)) * 1_000),
  };
}

function failedAttempt(random: Random, call: DemoCall): DemoCall {
  const overloaded = call.variant.mount === 'anthropic' ? 529 : 500;
  const duration = random.integer(40, 400);
  return {
    ...call,
    failure: random.chance(0.6) ? 429 : overloaded,
    firstByteMs: duration,
    durationMs: duration,
  };
}

/**
 * A prompt is the feature's instructions, mostly warm in the provider's cache, and what is new. In
 * a run each step adds to the conversation, and what the steps before it sent is read back.
 */
function drawTokens(random: Random, feature: Feature, variant: Variant, step: number): DemoTokens {
  const fresh = Math.max(20, Math.round(random.lognormal(feature.userTokens, 0.5)));
  const output =
    feature.outputTokens === 0
      ? 0
      : Math.max(8, Math.round(random.lognormal(feature.outputTokens, 0.45)));
  const reasoning = Math.round((output * feature.reasoningShare) / 64) * 64;
  const searches =
    feature.searches !== undefined && random.chance(0.5) ? random.integer(1, feature.searches) : 0;
  const prefix = feature.systemTokens + step * Math.round(feature.userTokens * 0.8);
  const warm = step > 0 || random.chance(0.85);
  const provider = variant.mount === 'gemini' ? 'google' : variant.mount;
  const cacheable = cacheRulesOf(provider, variant.model).minimumTokens;
  const rest = { output, reasoning: Math.min(reasoning, output), searches };
  if (feature.marks === 'everything') {
    return { input: 0, cacheRead: 0, cacheWrite5m: prefix + fresh, ...rest };
  }
  const isCached = prefix >= cacheable && feature.marks !== 'nothing' && feature.dated !== true;
  if (!isCached) return { input: prefix + fresh, cacheRead: 0, cacheWrite5m: 0, ...rest };
  if (variant.mount === 'anthropic') {
    const found = searches * tokensPerSearch;
    // Within a run the conversation is worth caching; a single question is not.
    const kept = feature.steps === undefined ? 0 : fresh;
    return {
      input: fresh - kept + 60 + found,
      cacheRead: warm ? prefix : 0,
      cacheWrite5m: kept + (warm ? 0 : prefix),
      ...rest,
    };
  }
  const read = warm ? Math.floor(prefix / 128) * 128 : 0;
  return { input: prefix - read + fresh, cacheRead: read, cacheWrite5m: 0, ...rest };
}

function drawTags(random: Random, feature: Feature, variant: Variant, at: number): Tags {
  if (random.chance(unattributedShare)) return {};
  const tags: Tags = {
    feature: feature.name,
    template_version: feature.template,
    environment: feature.environment ?? (random.chance(0.06) ? 'staging' : 'production'),
  };
  if (variant.route !== undefined) tags.route = variant.route;
  if (feature.agent !== undefined) tags.agent = feature.agent;
  if (feature.steps !== undefined) tags.run = `run-${random.hex(10)}`;
  if (feature.internal === true) {
    tags.custom = { team: 'platform' };
    return tags;
  }
  const tenant = pickWeighted(random, tenants);
  tags.tenant = tenant.name;
  tags.segment = tenant.segment;
  if (feature.hours === 'office') {
    const user = Math.floor(tenant.users * random.next() ** 2);
    tags.user = `${tenant.name}-${100 + user}`;
    // Somebody's calls within the same quarter of an hour are one session.
    tags.session = `${tenant.name}-${user}-${Math.floor(at / 900_000).toString(36)}`;
  }
  tags.custom = { team: feature.hours === 'night' ? 'data' : 'product' };
  return tags;
}
