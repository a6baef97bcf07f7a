import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTool, firstLineOf, howToInstall } from '../machine.js';
import { freePort, startPinned, untilListening } from '../processes.js';
import { Unavailable, type Target } from './target.js';

/**
 * One worker, as one proxy process on one core. Responses are not buffered, as a gateway for
 * streams must not; request bodies are, in memory. With nginx's default the 100 KB body would take
 * a detour through a file, at a quarter of the throughput, which would flatter everyone else.
 * (`proxy_request_buffering off` costs the same CPU as this.)
 */
function configuration(directory: string, port: number, upstreamPort: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${join(directory, name)};`)
    .join('\n');
  return `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${join(directory, 'nginx.pid')};
error_log ${join(directory, 'error.log')} warn;
events { worker_connections 4096; }
http {
${temporary}
  access_log off;
  keepalive_requests 1000000000;
  client_body_buffer_size 256k;
  client_max_body_size 16m;
  upstream provider {
    server 127.0.0.1:${upstreamPort};
    keepalive 512;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=1024;
    location / {
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}

export const nginx: Target = {
  name: 'nginx',
  title: 'nginx, 1 worker',
  start: async ({ directory, upstreamPort, proxyCore }) => {
    const program = findTool('nginx');
    if (program === undefined) {
      throw new Unavailable(`nginx is not installed: ${howToInstall(['nginx'])}`);
    }
    mkdirSync(directory, { recursive: true });
    const port = await freePort();
    const file = join(directory, 'nginx.conf');
    writeFileSync(file, configuration(directory, port, upstreamPort));
    // Without -e nginx opens the system's error log before it has read the file.
    const early = join(directory, 'error.log');
    const server = startPinned(proxyCore, program, ['-e', early, '-p', directory, '-c', file]);
    await untilListening(port, server, 'nginx');
    return {
      port,
      headers: {},
      version: firstLineOf(program, '-v').replace(/^nginx version: /, ''),
      process: server,
    };
  },
};
