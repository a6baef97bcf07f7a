import type { CliOutput } from '../context.js';

/** The process's own streams. A reader that goes away early (`| head`) ends the program quietly. */
export function processOutput(
  environment: Record<string, string | undefined> = process.env,
): CliOutput {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  const tty = process.stdout.isTTY === true;
  return {
    write: (text) => void process.stdout.write(text),
    note: (line) => void process.stderr.write(`${line}\n`),
    progress: (line) => void process.stderr.write(`\r\u001B[K${line}`),
    tty,
    columns: process.stdout.columns ?? 80,
    color: tty && (environment['NO_COLOR'] ?? '') === '',
  };
}
