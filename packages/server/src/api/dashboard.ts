import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { Context } from 'hono';
import { problem } from './problem.js';

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Built assets carry a hash of their content in their name, so that they never change. */
const hashedAsset = /^assets\/.+-[\w-]{8,}\.\w+$/;

/**
 * Serves the built dashboard from its directory. Paths without a file extension are the app's own
 * pages and get `index.html`; a missing file is a 404, never the page.
 */
export function serveDashboard(directory: string): (context: Context) => Promise<Response> {
  return async (context) => {
    const path = relativePath(context.req.path);
    if (path === null) return notFound(context);
    const file = path === '' || extname(path) === '' ? 'index.html' : path;
    const bytes = await readIfFile(join(directory, file));
    if (bytes === null) {
      return file === 'index.html' ? notBuilt(context, directory) : notFound(context);
    }
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`;
    context.header('etag', etag);
    context.header(
      'cache-control',
      hashedAsset.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
    );
    if (file.endsWith('.html')) {
      context.header('content-security-policy', contentSecurityPolicy(bytes.toString('utf8')));
    }
    if (context.req.header('if-none-match') === etag) return context.body(null, 304);
    context.header('content-type', contentTypes[extname(file)] ?? 'application/octet-stream');
    return context.req.method === 'HEAD'
      ? context.body(null)
      : context.body(Uint8Array.from(bytes));
  };
}

/**
 * Only the dashboard's own files may run or load. Inline scripts and styles of the built page (the
 * theme must be known before the first paint) are allowed by their hashes, never by 'unsafe-inline'.
 */
export function contentSecurityPolicy(html: string): string {
  const hashes = (element: string) =>
    [...html.matchAll(new RegExp(`<${element}(\\s[^>]*)?>([^]*?)</${element}>`, 'gi'))]
      .filter(([, attributes = '', text = '']) => !/\ssrc\s*=/i.test(attributes) && text !== '')
      .map(([, , text]) => ` 'sha256-${createHash('sha256').update(text!).digest('base64')}'`)
      .join('');
  return [
    "default-src 'none'",
    `script-src 'self'${hashes('script')}`,
    `style-src 'self'${hashes('style')}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The path below the directory; null when it would lead out of it or is not a path at all. */
function relativePath(path: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null;
  const relative = normalize(decoded).replace(/^[/\\]+/, '');
  const leadsOut = relative === '..' || relative.startsWith(`..${sep}`);
  return leadsOut || relative.split(sep).some((part) => part.startsWith('.') && part !== '.')
    ? null
    : relative.replace(/^\.$/, '');
}

async function readIfFile(path: string): Promise<Buffer | null> {
  try {
    return (await stat(path)).isFile() ? await readFile(path) : null;
  } catch {
    return null;
  }
}

function notFound(context: Context): Response {
  return problem(
    context,
    404,
    'not_found',
    `There is nothing at ${context.req.path}. The API lies under /api/v1 (described in /openapi.json), the dashboard at /.`,
  );
}

function notBuilt(context: Context, directory: string): Response {
  return problem(
    context,
    404,
    'dashboard_not_built',
    `The dashboard is not built: ${directory} has no index.html. Run "npm run build" in the repository. The API under /api/v1 works without it.`,
  );
}
