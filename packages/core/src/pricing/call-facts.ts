import type { CallContext } from '../usage/call-context.js';
import type { BilledUnits, PriceModifiers } from '../usage/usage.js';
import type { PriceConditions } from './price-rows.js';

type Writable = { -readonly [key in keyof PriceConditions]: PriceConditions[key] };

/** Other names of the tier that list prices are for. */
const standardTiers = new Set([
  '',
  'default',
  'standard',
  'auto',
  'on_demand',
  'unspecified',
  'service_tier_unspecified',
]);

const ordinary: PriceConditions = Object.freeze({});

function isEmpty(modifiers: PriceModifiers): boolean {
  for (const _ in modifiers) return false;
  return true;
}

/**
 * The facts that select price rows, out of the answer (and, where no answer carries them, the call's
 * context). Absent keys mean the ordinary case: standard tier, no region, ordinary speed.
 */
export function conditionsOf(
  provider: string,
  modifiers: PriceModifiers,
  units: BilledUnits,
  context: CallContext | undefined,
): PriceConditions {
  const images = units['images'];
  // Nearly all calls are ordinary ones.
  if (context === undefined && images === undefined && provider !== 'google-vertex') {
    if (isEmpty(modifiers)) return ordinary;
  }
  const conditions: Writable = {};
  const tier = tierOf(modifiers.service_tier, context);
  if (tier !== undefined) conditions.service_tier = tier;
  if (modifiers.speed !== undefined && modifiers.speed !== 'standard') {
    conditions.speed = modifiers.speed;
  }
  if (modifiers.inference_geo?.toLowerCase() === 'us') conditions.inference_geo = 'us';
  if (modifiers.search_context_size !== undefined) {
    conditions.search_context_size = modifiers.search_context_size;
  }
  if (modifiers.search_tool !== undefined) conditions.search_tool = modifiers.search_tool;
  if (provider === 'google-vertex' || (provider === 'google' && isVertex(context))) {
    conditions.endpoint = 'vertex';
  }
  if (images !== undefined) Object.assign(conditions, imageConditions(context));
  if (context === undefined) return conditions;
  const scope = scopeOf(provider, context);
  if (scope !== undefined) conditions.scope = scope;
  return conditions;
}

function isVertex(context: CallContext | undefined): boolean {
  return /vertex|aiplatform/i.test(context?.endpoint ?? '');
}

/** What an image costs that is billed by the piece: the request's size and quality, or the defaults. */
function imageConditions(context: CallContext | undefined): PriceConditions {
  const { size, quality } = context?.request ?? {};
  return {
    size: size === undefined || size === 'auto' ? '1024x1024' : size,
    quality: quality === undefined || quality === 'auto' ? 'standard' : quality,
  };
}

function tierOf(stated: string | undefined, context: CallContext | undefined): string | undefined {
  const deployment = context?.deployment_type;
  if (deployment !== undefined) {
    if (/provisioned|^ptu/i.test(deployment)) return 'provisioned_throughput';
    if (/batch/i.test(deployment)) return 'batch';
  }
  if (context?.batch === true) return 'batch';
  const tier = stated?.toLowerCase() ?? '';
  if (standardTiers.has(tier)) return undefined;
  return tier === 'fast' ? 'priority' : tier;
}

/** Where a call ran, for the providers that charge by it. */
function scopeOf(provider: string, context: CallContext): string | undefined {
  switch (provider) {
    case 'azure': {
      const deployment = context.deployment_type?.toLowerCase() ?? '';
      if (deployment.startsWith('datazone')) return 'data_zone';
      return deployment === 'standard' || deployment.startsWith('regional')
        ? 'regional'
        : undefined;
    }
    case 'openai':
      return /^(https?:\/\/)?[a-z]{2}\.api\.openai\.com/i.test(context.endpoint ?? '')
        ? 'regional'
        : undefined;
    case 'google':
    case 'google-vertex':
      return context.location !== undefined && context.location.toLowerCase() !== 'global'
        ? 'regional'
        : undefined;
    default:
      return undefined;
  }
}
