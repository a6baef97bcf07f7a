import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const module = fileURLToPath(new URL('at-exit.ts', import.meta.url));

/** Runs a program beside `atExit` until it is ready, and sends it SIGTERM. */
async function terminated(program: string): Promise<{ said: string; end: unknown }> {
  const source = `
    import { atExit } from ${JSON.stringify(module)};
    import { setTimeout as pause } from 'node:timers/promises';
    const say = (text) => process.stdout.write(text + ' ');
    const work = { flush: async () => say('flushed'), lastResort: () => say('last') };
    ${program}
    setInterval(() => {}, 60_000);
    say('ready');`;
  const app = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  app.stdout.on('data', (text: Buffer) => {
    said += text.toString();
    if (text.toString().includes('ready')) app.kill('SIGTERM');
  });
  const [code, signal] = (await once(app, 'exit')) as [number | null, string | null];
  return { said, end: signal ?? code };
}

test('an application without a handler of its own ends by the signal, with its entries sent', async () => {
  expect(await terminated('atExit(work);')).toEqual({
    said: 'ready flushed last ',
    end: 'SIGTERM',
  });
});

test.each(['once', 'on'])(
  'an application that handles the signal (%s) ends by itself, after its own work',
  async (add) => {
    const { said, end } = await terminated(`
      process.${add}('SIGTERM', async () => {
        for (let turn = 0; turn < 50; turn++) await pause(1);
        say('drained');
        process.exit(7);
      });
      atExit(work);`);
    expect(said).toContain('drained');
    expect(said.trim().endsWith('last')).toBe(true);
    expect(end).toBe(7);
  },
);
