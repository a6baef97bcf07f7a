// How fast logs are read and priced, and in how much memory: `npx tsx bench/import/run.ts [megabytes]`.
// Nothing is booked (`--dry-run`): booking is measured by `npm run bench:ledger`.
import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../packages/server/dist/main.js', import.meta.url));
const megabytes = Number(process.argv[2] ?? 1024);

interface Scenario {
  name: string;
  words: string[];
  /** The lines of one piece of work; `number` makes them different. */
  lines(number: number): string[];
}

const at = (number: number, milliseconds = 0) =>
  new Date(Date.parse('2026-01-05T00:00:00Z') + number * 2000 + milliseconds).toISOString();
const words = 'The quick brown fox jumps over the lazy dog and counts each farthing of it. ';

const claudeLine = (number: number, output: number, ended: boolean) =>
  JSON.stringify({
    type: 'assistant',
    sessionId: `session-${Math.floor(number / 200)}`,
    cwd: '/home/ada/work/shop',
    timestamp: at(number, output),
    requestId: `req_${number}`,
    isSidechain: false,
    message: {
      id: `msg_01${String(number).padStart(22, '0')}`,
      role: 'assistant',
      model: number % 5 === 0 ? 'claude-opus-4-5-20251101' : 'claude-sonnet-4-5-20250929',
      content: [{ type: 'text', text: words.repeat(8) }],
      stop_reason: ended ? 'tool_use' : null,
      usage: {
        input_tokens: 12,
        cache_creation_input_tokens: 900 + (number % 1000),
        cache_read_input_tokens: 40_000 + number,
        cache_creation: {
          ephemeral_5m_input_tokens: 900 + (number % 1000),
          ephemeral_1h_input_tokens: 0,
        },
        output_tokens: output,
        service_tier: 'standard',
      },
    },
  });

const scenarios: Scenario[] = [
  {
    name: 'Claude Code: a prompt or tool result of 4 kB, two snapshots of the answer',
    words: ['claude-code'],
    lines: (number) => [
      JSON.stringify({
        type: 'user',
        sessionId: `session-${Math.floor(number / 200)}`,
        timestamp: at(number),
        message: { role: 'user', content: words.repeat(52) },
      }),
      claudeLine(number, 3, false),
      claudeLine(number, 300 + (number % 700), true),
    ],
  },
  {
    name: 'JSON lines of 1 kB by a mapping',
    words: [
      '--map',
      'id=id,started_at=at,model=model,input_tokens=usage.input,output_tokens=usage.output,team=team',
    ],
    lines: (number) => [
      JSON.stringify({
        id: `call-${number}`,
        at: at(number),
        model: number % 3 === 0 ? 'gpt-4o-mini' : 'gpt-5.5',
        team: `team-${number % 20}`,
        usage: { input: 1000 + (number % 5000), output: 100 + (number % 900) },
        answer: words.repeat(11),
      }),
    ],
  },
];

async function generate(path: string, scenario: Scenario, bytes: number): Promise<number> {
  const file = createWriteStream(path);
  let written = 0;
  let lines = 0;
  for (let number = 0; written < bytes; number += 100) {
    let text = '';
    for (let index = 0; index < 100; index++) {
      const added = scenario.lines(number + index);
      lines += added.length;
      text += `${added.join('\n')}\n`;
    }
    written += Buffer.byteLength(text);
    if (!file.write(text))
      await new Promise<void>((resolve) => file.once('drain', () => resolve()));
  }
  await new Promise<void>((resolve) => file.end(() => resolve()));
  return lines;
}

async function measure(path: string, scenario: Scenario, directory: string) {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      program,
      '--data',
      directory,
      'import',
      ...(scenario.words[0]!.startsWith('-')
        ? [path, ...scenario.words]
        : [...scenario.words, path]),
      '--dry-run',
      '--json',
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let stdout = '';
  let peak = 0;
  let cpu = 0;
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      // A process that has just ended states none.
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      cpu = (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      // It has ended.
    }
  }, 50);
  await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(timer);
  const { calls, lines } = JSON.parse(stdout) as { calls: number; lines: number };
  return { calls, lines, seconds: (performance.now() - started) / 1000, cpu, peak };
}

const directory = await mkdtemp(join(tmpdir(), 'farthing-bench-import-'));
try {
  for (const scenario of scenarios) {
    process.stdout.write(`\n${scenario.name}\n`);
    for (const size of [megabytes / 8, megabytes]) {
      const path = join(directory, 'log.jsonl');
      await generate(path, scenario, size * 1024 * 1024);
      const { calls, lines, seconds, cpu, peak } = await measure(
        path,
        scenario,
        join(directory, 'data'),
      );
      const real = statSync(path).size / 1024 / 1024;
      process.stdout.write(
        `${Math.round(real)} MB, ${lines.toLocaleString('en')} lines, ${calls.toLocaleString('en')} calls: ` +
          `${seconds.toFixed(1)} s (${cpu.toFixed(1)} s of processor), ${Math.round(lines / cpu).toLocaleString('en')} lines and ` +
          `${Math.round(real / cpu)} MB a processor second; peak ${Math.round(peak)} MB of memory\n`,
      );
      await rm(path);
    }
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
