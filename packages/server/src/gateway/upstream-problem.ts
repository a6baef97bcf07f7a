import type { GatewayProblem } from './error-answers.js';
import type { Provider } from './providers.js';

const explanations: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name could not be looked up',
  ECONNRESET: 'it closed the connection before answering',
  UND_ERR_SOCKET: 'it closed the connection before answering',
  UND_ERR_CONNECT_TIMEOUT: 'it did not accept the connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'its answer stalled',
};

/** A failed connection to the provider, as the caller is told: with a code, a reason and a fix. */
export function upstreamProblem(
  error: Error & { code?: string },
  provider: Provider,
): GatewayProblem {
  const code = error.code ?? 'unknown';
  if (code === 'UND_ERR_INVALID_ARG') {
    return {
      status: 400,
      code: 'malformed_request',
      message: `This request cannot be passed on to ${provider.name}: ${error.message}.`,
    };
  }
  const timedOut = code.includes('TIMEOUT');
  const reason = explanations[code] ?? `the connection failed (${code})`;
  return {
    status: timedOut ? 504 : 502,
    code: timedOut ? 'provider_timeout' : 'provider_unreachable',
    message: `Farthing could not get an answer from ${provider.name} at ${provider.origin}: ${reason}. Check the network, or \`base_url\` of this provider in farthing.yaml.`,
  };
}
