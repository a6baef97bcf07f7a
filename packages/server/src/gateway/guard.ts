import { timingSafeEqual } from 'node:crypto';
import { isLoopback, type Config } from '../config/index.js';
import type { GatewayProblem } from './error-answers.js';
import type { ReadHeaders } from './read-headers.js';

/**
 * Refuses callers that may not use the gateway, which may hold provider keys: web pages (a page in a
 * browser on this machine reaches loopback too), names that were rebound to loopback, and, where a
 * token is set, anyone without it. Null when the caller is welcome.
 */
export function refuseCaller(
  { host, origin, token, crossSite }: Pick<ReadHeaders, 'host' | 'origin' | 'token' | 'crossSite'>,
  settings: Config['gateway'],
): GatewayProblem | null {
  // Images and forms come without an origin, but browsers say that they cross sites.
  const isForeign = origin === null ? crossSite : !settings.allowed_origins.includes(origin);
  if (isForeign) {
    return {
      status: 403,
      code: 'origin_not_allowed',
      message: `Web pages of ${origin ?? 'other sites'} may not call this gateway. Add the origin to \`gateway.allowed_origins\` in farthing.yaml if they should.`,
    };
  }
  if (settings.token !== undefined) {
    return token !== null && equal(token, settings.token)
      ? null
      : {
          status: 401,
          code: 'token_required',
          message: 'This gateway needs its token in the header `x-farthing-token`.',
        };
  }
  const name = hostName(host);
  if (name === null || isLoopback(name)) return null;
  return {
    status: 403,
    code: 'host_not_allowed',
    message: `This gateway answers to loopback names only, not to "${name}". Call it as 127.0.0.1 or localhost, or set \`gateway.host\` and \`gateway.token\`.`,
  };
}

function hostName(header: string | null): string | null {
  if (header === null) return null;
  return header
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
