import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const directory = fileURLToPath(new URL('peers/', import.meta.url));
const loader = new URL('peers/load.mjs', import.meta.url).href;

/** Installs the pinned packages from the lockfile of peers/, once, without their install scripts. */
export function installPeers(): void {
  if (existsSync(`${directory}node_modules/tokenlens`)) return;
  console.error('installing the packages to compare with (once, 110 MB)');
  // `npm run` hands the repository's engine-strict down; one of the packages asks for a newer Node.
  execFileSync(
    'npm',
    ['ci', '--ignore-scripts', '--engine-strict=false', '--no-progress', '--loglevel=error'],
    {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

/** Imports one of them. Its types are stated by the caller: the packages are not there at build time. */
export async function importPeer<Module>(specifier: string): Promise<Module> {
  const { load } = (await import(loader)) as { load: (name: string) => Promise<unknown> };
  return (await load(specifier)) as Module;
}

/** The exact version that is pinned, and installed. */
export function versionOf(name: string): string {
  const manifest = readFileSync(`${directory}package.json`, 'utf8');
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
  return dependencies[name] ?? 'unknown';
}
