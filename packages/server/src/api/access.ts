import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { problem } from './problem.js';
import { signInPage } from './sign-in-page.js';

const cookieName = 'farthing_session';
const openPaths = new Set(['/healthz', '/readyz']);

export interface AccessOptions {
  token?: string;
  allowedHosts?: readonly string[];
}

/**
 * Who may talk to the control plane.
 *
 * With a token: whoever presents it, as `Authorization: Bearer` or as the cookie that `/?token=…`
 * sets. Without one: whoever reaches the port, but only under a loopback name, because a web page
 * can point its own host name at 127.0.0.1 and would otherwise read the books (DNS rebinding).
 * In both cases another site's page cannot post.
 */
export function accessControl(options: AccessOptions): MiddlewareHandler {
  const { token } = options;
  return async (context, next) => {
    const { path } = context.req;
    if (openPaths.has(path)) return next();
    if (isCrossOrigin(context)) {
      return problem(
        context,
        403,
        'cross_origin',
        'Requests that change something must come from the dashboard itself or from a program, not from a page of another site.',
      );
    }
    if (token === undefined) return hostGuard(context, next, options.allowedHosts ?? []);

    const offered = context.req.query('token');
    if (path === '/' && offered !== undefined) return signIn(context, offered, token);
    if (isAuthorised(context, token)) return next();
    context.header('www-authenticate', 'Bearer realm="farthing"');
    if (context.req.header('accept')?.includes('text/html') === true) {
      return signInPage(context, 'This control plane needs its token.');
    }
    return problem(
      context,
      401,
      'unauthorized',
      'Send the control plane\'s token as "Authorization: Bearer <token>", or open /?token=<token> once in the browser.',
    );
  };
}

function isAuthorised(context: Context, token: string): boolean {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(context.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) return sameSecret(bearer, token);
  const cookie = getCookie(context, cookieName);
  return cookie !== undefined && sameSecret(cookie, sessionOf(token));
}

/** Trades the token in the URL for a cookie, and takes it out of the address bar and its history. */
function signIn(context: Context, offered: string, token: string): Response {
  if (!sameSecret(offered, token)) return signInPage(context, 'That is not the token.');
  setCookie(context, cookieName, sessionOf(token), {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    maxAge: 60 * 60 * 24 * 30,
    secure: new URL(context.req.url).protocol === 'https:',
  });
  context.header('cache-control', 'no-store');
  return context.redirect('/', 303);
}

/** What the cookie holds: derived from the token, so that a leaked cookie is not the token. */
function sessionOf(token: string): string {
  return createHmac('sha256', token).update('farthing dashboard session').digest('hex');
}

/** Compares in constant time; hashing first makes the lengths equal. */
function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function isCrossOrigin(context: Context): boolean {
  if (context.req.method === 'GET' || context.req.method === 'HEAD') return false;
  const origin = context.req.header('origin');
  if (origin === undefined) return context.req.header('sec-fetch-site') === 'cross-site';
  return !URL.canParse(origin) || new URL(origin).host !== hostOf(context);
}

function hostOf(context: Context): string {
  return context.req.header('host') ?? new URL(context.req.url).host;
}

async function hostGuard(
  context: Context,
  next: () => Promise<void>,
  allowedHosts: readonly string[],
): Promise<Response | void> {
  const host = hostOf(context).replace(/:\d+$/, '').toLowerCase();
  if (isLoopback(host) || allowedHosts.includes(host)) return next();
  return problem(
    context,
    403,
    'foreign_host',
    `Without a token this control plane answers only under localhost, 127.0.0.1 or [::1], not under "${host}". Set a token to open it to others.`,
  );
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(host)
  );
}
