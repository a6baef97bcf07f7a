import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fakeProviderCommand } from './fake-provider.js';

const source = fileURLToPath(new URL('fake-provider.ts', import.meta.url));

function start(...flags: string[]) {
  const script = `
    const { fakeProviderCommand } = await import(${JSON.stringify(source)});
    await fakeProviderCommand().parseAsync(${JSON.stringify(flags)}, { from: 'user' });
  `;
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'serves until %s, even with an answer under way, and exits with 0',
  async (signal) => {
    const child = start('--port', '0', '--json');
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { openai_base_url: baseUrl } = JSON.parse(line) as { openai_base_url: string };
    const response = await fetch(`${baseUrl}/models`, {
      headers: { authorization: 'Bearer sk-any' },
    });
    expect(response.status).toBe(200);
    const pending = fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-any', 'x-fake-delay-ms': '60000' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] }),
    }).catch((error: unknown) => error);
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
    await pending;
  },
);

test('says which port is in use and what to do', async () => {
  const holder = createServer();
  holder.listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const command = fakeProviderCommand().parseAsync(['--port', String(port)], { from: 'user' });
  await expect(command).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use. Choose another`);
  holder.close();
});

test('refuses a port that is none', async () => {
  const command = fakeProviderCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  await expect(command.parseAsync(['--port', '99999'], { from: 'user' })).rejects.toThrow(
    '--port takes a whole number from 0 to 65535, not "99999".',
  );
});
