/**
 * One export of many spans into a control plane of its own: how long its answer and its booking take, what
 * memory the process takes at most, and how long other requests wait meanwhile.
 *
 *   npx tsc -b && npx tsx bench/otlp/run.ts [spans] [protobuf|json] [spans per trace]
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import {
  chat,
  jsonExport,
  protobufExport,
} from '../../packages/server/src/ingest/otlp/otlp-bytes.fixture.js';
import { Installation, pause } from '../../test/support/farthing-process.js';

const [spans = '100000', encoding = 'protobuf', perTrace = '1'] = process.argv.slice(2);
const count = Number(spans);
const farthing = await Installation.create('http://127.0.0.1:9');
const child = await farthing.start('ledger');

const megabytes = (field: 'VmHWM' | 'VmRSS') => {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)![1]) / 1024);
};
/** Processor time that the process has taken. */
const processorSeconds = () => {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const metric = async (name: string) => {
  const text = await (await fetch(`${farthing.controlUrl}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? -1);
};

const id = (n: number, length: number) => n.toString(16).padStart(length, '0');
const start = BigInt(Date.now()) * 1_000_000n;
const body = Buffer.from(
  (encoding === 'json' ? jsonExport : protobufExport)(
    Array.from({ length: count }, (_, n) => ({
      traceId: id(0x1000 + Math.floor(n / Number(perTrace)), 32),
      spanId: id(n + 1, 16),
      start: start + BigInt(n) * 1_000n,
      end: start + BigInt(n) * 1_000n + 1_000_000n,
      attributes: {
        ...chat,
        'gen_ai.response.id': `chatcmpl-${n}`,
        'gen_ai.input.messages': `a prompt ${n} `.repeat(15),
      },
    })),
    'bench',
  ) as string,
);
const packed = gzipSync(body, { level: 1 });
const before = { resident: megabytes('VmRSS'), processor: processorSeconds() };

let longestWait = 0;
const watching = new AbortController();
const watch = (async () => {
  while (!watching.signal.aborted) {
    const asked = performance.now();
    await (await fetch(`${farthing.controlUrl}/healthz`)).text();
    longestWait = Math.max(longestWait, performance.now() - asked);
    await pause(5);
  }
})();

const began = performance.now();
const response = await fetch(`${farthing.controlUrl}/v1/traces`, {
  method: 'POST',
  headers: {
    'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
    'content-encoding': 'gzip',
  },
  body: packed,
});
const answered = performance.now() - began;
await response.arrayBuffer();
const afterAnswer = { resident: megabytes('VmHWM'), processor: processorSeconds() };
while ((await metric('farthing_otlp_waiting_calls')) !== 0) await pause(50);
await farthing.untilBooked();
const booked = performance.now() - began;
watching.abort();
await watch;
const { rows } = await farthing.query({ measures: ['calls', 'cost'] });
console.log(
  JSON.stringify(
    {
      spans: count,
      encoding,
      megabytes: { sent: packed.length / 1e6, inflated: body.length / 1e6 },
      status: response.status,
      answered_seconds: answered / 1000,
      booked_seconds: booked / 1000,
      longest_wait_of_another_request_ms: longestWait,
      processor_seconds: {
        until_answer: afterAnswer.processor - before.processor,
        until_booked: processorSeconds() - before.processor,
      },
      resident_megabytes: {
        before: before.resident,
        until_answer: afterAnswer.resident,
        most: megabytes('VmHWM'),
      },
      books: rows[0],
    },
    (_, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(2)) : value),
    2,
  ),
);
await farthing.remove();
