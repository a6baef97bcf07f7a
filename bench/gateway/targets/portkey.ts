import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, startPinned, untilListening } from '../processes.js';
import { Unavailable, type Target } from './target.js';

/**
 * Installs from peers/portkey's lockfile. Its package.json forces the versions of Portkey's own
 * lockfile: with what its ranges resolve to today, every stream is answered with a 500. Its install
 * script (patch-package, without patches) is not run.
 */
function install(directory: string): void {
  console.error('portkey: installing its locked dependencies (once)');
  try {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-progress', '--loglevel=error'], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    const reason = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Unavailable(
      `its packages could not be installed: run npm ci --ignore-scripts in bench/gateway/peers/portkey\n${reason}`,
    );
  }
}

/** The open-source gateway as its README starts it, without its console (--headless). */
export const portkey: Target = {
  name: 'portkey',
  title: 'Portkey gateway',
  start: async ({ root, upstream, proxyCore }) => {
    const directory = join(root, 'bench/gateway/peers/portkey');
    const packageDirectory = join(directory, 'node_modules/@portkey-ai/gateway');
    if (!existsSync(join(packageDirectory, 'build/start-server.js'))) install(directory);
    const port = await freePort();
    const program = join(packageDirectory, 'build/start-server.js');
    const server = startPinned(
      proxyCore,
      process.execPath,
      [program, '--headless', `--port=${port}`],
      { NODE_ENV: 'production' },
    );
    await untilListening(port, server, 'Portkey');
    const manifest = readFileSync(join(packageDirectory, 'package.json'), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    return {
      port,
      headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream}/v1` },
      version: `@portkey-ai/gateway ${version}`,
      process: server,
    };
  },
};
