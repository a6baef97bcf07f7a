// Books through one sink and ends without waiting for it.
import { configure, recordUsage, remoteSink } from '@farthing/sdk';
import { journalSink } from '@farthing/sdk/journal';

const { NAME, CONTROL, DATA, SPOOL } = process.env;
const sink =
  DATA === undefined
    ? remoteSink({ url: CONTROL, ...(SPOOL === undefined ? {} : { spool: SPOOL }) })
    : await journalSink({ data: DATA });
configure({ sinks: [sink], tags: { environment: NAME } });
for (let call = 0; call < 150; call++) {
  const tokens = { input_uncached: 100 + call, output: 10 };
  recordUsage({ provider: 'anthropic', model: 'claude-sonnet-4-5', tokens });
}
