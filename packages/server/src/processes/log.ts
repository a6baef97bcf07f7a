import { pino, type Logger } from 'pino';

/** Logs JSON lines to standard error, or readable lines where a person is looking. Never bodies, keys or tags. */
export function createLog(level: string, terminal: boolean = process.stderr.isTTY): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (!terminal) return pino(options, pino.destination(2));
  return pino(options, { write: (line: string) => void process.stderr.write(readable(line)) });
}

function readable(line: string): string {
  const { level, time, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const name = pino.levels.labels[Number(level)] ?? 'info';
  const fields = Object.entries(rest).map(([key, value]) => `${key}=${String(value)}`);
  return `${String(time).slice(11, 19)} ${name.padEnd(5)} ${[String(msg), ...fields].join('  ')}\n`;
}
