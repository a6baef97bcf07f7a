import { basename } from 'node:path';
import type { CliContext, ImportCallsProgress } from '../context.js';
import { displayBytes, displayCount } from '../output/display.js';
import { bar } from '../output/table.js';

const barMilliseconds = 100;
const lineMilliseconds = 5000;

/** Shows how far an import is: a bar in a terminal, a plain line now and then where output is piped. */
export function importProgress(
  context: CliContext,
  quiet: boolean,
): (progress: ImportCallsProgress) => void {
  const { output } = context;
  const isBar = output.tty && !quiet;
  let shownAt = context.now().getTime();
  let waitingWith = -1;
  return (progress) => {
    const { calls, totalBytes, waiting = false } = progress;
    if (waiting) {
      if (calls === waitingWith) return;
      waitingWith = calls;
      if (isBar) output.progress('');
      output.note(`${displayCount(calls)} calls so far. Watching; Ctrl-C ends it.`);
      return;
    }
    const now = context.now().getTime();
    const isDone = progress.bytes >= totalBytes;
    if (isDone && isBar) return output.progress('');
    if (isDone || now - shownAt < (isBar ? barMilliseconds : lineMilliseconds)) return;
    shownAt = now;
    const share = totalBytes === 0 ? 1 : Math.min(1, progress.bytes / totalBytes);
    const text = `${Math.floor(share * 100)}% of ${displayBytes(totalBytes)}, ${displayCount(calls)} calls`;
    if (isBar) {
      output.progress(`${basename(progress.file)} ${bar(share, 24).padEnd(24, '░')} ${text}`);
    } else output.note(`${basename(progress.file)}: ${text}`);
  };
}
