/**
 * Builds the dashboard, unless `dist` is newer than everything it is made of: `npm start` builds each
 * time, and a build that would change nothing should cost nothing. `--force` builds regardless.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'build.js', 'package.json'];

/** The latest change below a path, in milliseconds since 1970; 0 when there is nothing. */
function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found.isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const built = newest(join(root, 'dist', 'index.html'));
const changed = Math.max(
  ...sources.map((name) => newest(join(root, name))),
  newest(join(root, '..', '..', 'package-lock.json')),
);
if (built > changed && !process.argv.includes('--force'))
  process.stdout.write('dashboard: up to date\n');
else await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
