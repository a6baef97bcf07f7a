import { Farthing, remoteSink } from '@farthing/sdk';
import { journalSink } from '@farthing/sdk/journal';

/**
 * An application that answers line by line what it has seen: started by tests, which kill it. Its
 * arguments: the sink, where that writes, the provider's address, and how many calls it makes.
 */
const [kind = '', target = '', provider = '', calls = '0'] = process.argv.slice(2);

const sink =
  kind === 'journal'
    ? await journalSink({ data: target })
    : remoteSink({ url: target, batchMilliseconds: 60_000, batchEntries: 10_000 });
const farthing = new Farthing({ sinks: [sink] });
const fetch = farthing.meterFetch({ provider: 'openai' });
const body = JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'x' }] });

let next = 0;
const worker = async () => {
  while (next++ < Number(calls)) {
    const response = await fetch(`${provider}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer sk-app',
        'content-type': 'application/json',
        'x-fake-output-tokens': '5',
      },
      body,
    });
    const { id } = (await response.json()) as { id: string };
    if (!response.ok) throw new Error(`the provider answered ${response.status}`);
    process.stdout.write(`${id}\n`);
  }
};
await Promise.all(Array.from({ length: 8 }, worker));
process.stdout.write('done\n');
