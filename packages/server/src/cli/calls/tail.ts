import { FarthingError, readFilter, type CallRow, type LiveEvent } from '@farthing/core';
import { Command } from 'commander';
import { createParser } from 'eventsource-parser';
import type { CliContext } from '../context.js';
import { findControlPlane, type ControlPlane } from '../books/control-plane.js';
import { displayCount } from '../output/display.js';
import { jsonOption, repeatable, timezoneOption, wholeNumber } from '../options.js';
import { renderCallLine } from './render-call-line.js';

interface TailOptions {
  filter: string[];
  last: number;
  json?: boolean;
  timezone: string;
}

const firstPauseMilliseconds = 500;
const longestPauseMilliseconds = 10_000;

/** `farthing tail`: calls as they are booked, until Ctrl-C. */
export function tailCommand(context: CliContext): Command {
  return new Command('tail')
    .description('Watch calls as they are booked (needs a running control plane)')
    .option('--filter <dimension=value>', 'repeatable; e.g. feature=search', repeatable, [])
    .option('--last <calls>', 'begin with the latest calls', wholeNumber('last', 0, 1000), 10)
    .addOption(jsonOption())
    .addOption(timezoneOption())
    .action(async (options: TailOptions) => {
      for (const text of options.filter) readFilter(text);
      const control = await findControlPlane(context);
      if (control === null) {
        throw new FarthingError(
          'not_running',
          `No control plane runs for ${context.dataDirectory}, so there is nothing to watch. Start it with "farthing up".`,
        );
      }
      context.output.note(`Watching ${control.url}; Ctrl-C ends.`);
      await follow(context, control, options);
    });
}

async function follow(
  context: CliContext,
  control: ControlPlane,
  options: TailOptions,
): Promise<void> {
  const { signal, output } = context;
  const print = (call: CallRow) =>
    output.write(
      options.json === true
        ? `${JSON.stringify(call)}\n`
        : renderCallLine(call, output, options.timezone, context.driftThreshold),
    );
  const filters = options.filter.map((filter) => `filter=${encodeURIComponent(filter)}`);
  let pause = firstPauseMilliseconds;
  let isFirst = true;
  while (!signal.aborted) {
    try {
      const response = await control.fetch(`/api/v1/events?${filters.join('&')}`, { signal });
      // Subscribed first, so that no call falls between the latest calls and the live ones.
      const seen = isFirst ? await printLatest(control, filters, options.last, print) : new Set();
      if (!isFirst) output.note('Connected again. Calls booked meanwhile are not shown here.');
      isFirst = false;
      pause = firstPauseMilliseconds;
      await readEvents(response, (event) => {
        if (event.type !== 'calls') return;
        for (const call of event.calls) if (!seen.delete(call.id)) print(call);
        if (event.omitted > 0) {
          output.note(`… and ${displayCount(event.omitted)} more calls in the same moment.`);
        }
      });
      if (!signal.aborted) output.note('The control plane ended the stream.');
    } catch (error) {
      if (signal.aborted) return;
      if (isFirst || isPermanent(error)) throw error;
      output.note(`${error instanceof Error ? error.message : String(error)} Trying again.`);
    }
    await sleep(pause, signal);
    pause = Math.min(pause * 2, longestPauseMilliseconds);
  }
}

async function printLatest(
  control: ControlPlane,
  filters: string[],
  last: number,
  print: (call: CallRow) => void,
): Promise<Set<unknown>> {
  if (last === 0) return new Set();
  const query = [`limit=${last}`, ...filters].join('&');
  const page = (await control.get(`/api/v1/calls?${query}`)) as { calls: CallRow[] };
  for (const call of page.calls.toReversed()) print(call);
  return new Set(page.calls.map((call) => call.id));
}

async function readEvents(response: Response, take: (event: LiveEvent) => void): Promise<void> {
  const parser = createParser({
    onEvent: ({ data }) => take(JSON.parse(data) as LiveEvent),
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
  }
}

/** A refusal of the request itself will not change by asking again. */
function isPermanent(error: unknown): boolean {
  return (
    FarthingError.isInstance(error) &&
    !['control_plane_unreachable', 'too_many_subscribers'].includes(error.code)
  );
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
