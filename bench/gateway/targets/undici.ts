import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort, startPinned, untilListening } from '../processes.js';
import { Unavailable, type Target } from './target.js';

/** node:http + undici `dispatch` and nothing else (floor/proxy.js): what Node makes possible. */
export const undici: Target = {
  name: 'undici',
  title: 'node:http + undici dispatch',
  start: async ({ root, upstream, proxyCore }) => {
    let manifest: string;
    try {
      manifest = createRequire(join(root, 'package.json')).resolve('undici/package.json');
    } catch {
      throw new Unavailable('undici is not installed: run npm ci');
    }
    const port = await freePort();
    const program = join(root, 'bench/gateway/floor/proxy.js');
    const server = startPinned(proxyCore, process.execPath, [program, String(port), upstream]);
    await untilListening(port, server, 'the undici proxy');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { port, headers: {}, version: `undici ${version}`, process: server };
  },
};
