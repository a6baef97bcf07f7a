// An application that books calls by hand and sends them to a control plane elsewhere. It says every id
// that it has booked, and ends by a kill; with no calls it only sends what an earlier one left on disk.
import { Farthing, remoteSink } from '@farthing/sdk';

const { REMOTE_URL, SPOOL, CALLS } = process.env;
const sink = remoteSink({
  url: REMOTE_URL,
  spool: SPOOL,
  memoryEntries: 200,
  batchMilliseconds: 20,
  timeoutMilliseconds: 5_000,
  flushOnExit: false,
});
const farthing = new Farthing({ sinks: [sink] });
for (let n = 0; n < Number(CALLS); n++) {
  const { id } = farthing.recordUsage({
    provider: 'openai',
    model: 'gpt-5-mini',
    tokens: { input_uncached: 1_000 + n, output: 100 },
  });
  process.stdout.write(`${id}\n`);
  if (n % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
}
if (Number(CALLS) > 0) setInterval(() => {}, 1_000);
else await farthing.close();
