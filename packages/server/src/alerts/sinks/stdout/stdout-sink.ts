import type { Writable } from 'node:stream';
import type { IncidentSink } from '../sink.js';

/**
 * One line of JSON on the standard output for each notice, of the same shape as the webhook's body:
 * for whoever collects the logs of a container.
 */
export function openStdoutSink(output: Writable = process.stdout): IncidentSink {
  return {
    send({ what, key, at, url, incident }) {
      const line = `${JSON.stringify({ event: `incident.${what}`, key, at, url, incident })}\n`;
      return new Promise((resolve, reject) => {
        // A pipe that nobody reads any more tells so as an event too, which must not end the process.
        const lost = (error: Error) => reject(new Error(`the output is gone: ${error.message}`));
        output.once('error', lost);
        output.write(line, (error) => {
          // The event of a failed write comes after this.
          setImmediate(() => output.off('error', lost));
          if (error == null) resolve();
          else lost(error);
        });
      });
    },
    close: () => Promise.resolve(),
  };
}
