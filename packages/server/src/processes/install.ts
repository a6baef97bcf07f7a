import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** The version of this installation. */
export function installedVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Where the built dashboard lies. */
export function dashboardDirectory(): string {
  return join(dirname(require.resolve('@farthing/dashboard/package.json')), 'dist');
}

/** The program's entry file, for starting further processes of it. */
export function programFile(): string {
  return fileURLToPath(new URL('../main.js', import.meta.url));
}
