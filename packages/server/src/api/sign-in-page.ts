import type { Context } from 'hono';

/** The one page that needs no token: it asks for it. `notice` is our own text, never the visitor's. */
export function signInPage(context: Context, notice: string): Response {
  context.header(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  context.header('cache-control', 'no-store');
  return context.html(
    `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Farthing: sign in</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { display: grid; min-height: 90vh; place-content: center; margin: 0 1rem }
  form { display: grid; gap: .75rem; max-width: 24rem }
  input, button { font: inherit; padding: .5rem .75rem; border-radius: .5rem; border: 1px solid #8888 }
  button { cursor: pointer }
</style>
<form action="/" method="get">
  <h1>Farthing</h1>
  <p>${notice} It stands in the line that <code>farthing up</code> printed, and in your configuration.</p>
  <label for="token">Token</label>
  <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
  <button>Open the dashboard</button>
</form>
</html>
`,
    401,
  );
}
