import { canonicalProvider } from '../usage/providers.js';

export interface AnsweredModel {
  provider: string;
  /** The model the request asked for; a deployment or router name counts too. */
  requested: string | null;
  /** The model the answer names, where it names one. */
  answered: string | null | undefined;
}

/**
 * Which of the two names a call is priced by: the model that answered, since aliases, routers, Azure
 * deployments and fallbacks ask for something else. On Bedrock the requested id is kept, because its
 * prefix (`global.`, `us.`, none) decides the price and the answer leaves it out.
 */
export function pricedModel({ provider, requested, answered }: AnsweredModel): string | null {
  if (canonicalProvider(provider) === 'aws-bedrock') {
    const opaque = requested === null || requested.includes('application-inference-profile');
    return opaque ? (answered ?? requested) : requested;
  }
  return answered ?? requested;
}
