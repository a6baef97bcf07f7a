import type { JournalStatus, PriceBookStatus } from '@farthing/core';
import { diagnosePrices } from './diagnose-prices.js';
import { displayBytes, displayCount } from '../output/display.js';

/** What `farthing doctor` could find out; null where there was nothing to look at. */
export interface DoctorFacts {
  node_version: string;
  version: string;
  data_directory: string;
  directory: 'missing' | 'not-a-directory' | 'not-writable' | 'ok';
  has_data: boolean;
  control: { url: string; version: string } | null;
  /** A control plane that announced itself and is gone without having said so. */
  stale_control: { pid: number; started_at: string } | null;
  /** Null when nothing runs that would know of a gateway. */
  gateway: { reachable: boolean; url: string | null } | null;
  /** Why "farthing up" would refuse the configuration; null where a control plane was named by hand. */
  config_problems: { code: string; message: string }[] | null;
  books: BooksFacts | { error: string } | null;
  /** Null where the configuration's prices could not be looked at. */
  prices: PriceBookStatus | null;
  disk: { free_bytes: number; total_bytes: number } | null;
  now: string;
}

export interface BooksFacts {
  store: { path: string; bytes: number; entries: number; last_call_at: string | null };
  journals: JournalStatus[];
  lag: { bytes: number; oldest_ms: number | null };
  stuck: string | null;
  calls: number;
  unpriced_calls: number;
  unattributed_calls: number;
  /** Models without a price, busiest first. */
  unpriced_models: { provider: string | null; model: string | null; calls: number }[];
}

export interface Finding {
  /** A `problem` makes the doctor exit with 1; a `notice` does not. */
  severity: 'problem' | 'notice';
  code: string;
  message: string;
  fix: string;
}

const leastFreeBytes = 1024 ** 3;
const mostLagMilliseconds = 60_000;

/** Judges the facts. Every finding comes with what to do about it. */
export function diagnose(facts: DoctorFacts): Finding[] {
  return [
    ...diagnoseInstallation(facts),
    ...diagnoseConfiguration(facts),
    ...diagnoseDirectory(facts),
    ...diagnoseProcesses(facts),
    ...diagnosePrices(facts),
    ...diagnoseBooks(facts),
  ];
}

function* diagnoseInstallation({ node_version }: DoctorFacts): Generator<Finding> {
  const [major = 0, minor = 0] = node_version.replace(/^v/, '').split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    yield {
      severity: 'problem',
      code: 'node_too_old',
      message: `Node ${node_version} is too old.`,
      fix: 'Install Node 20.19 or later.',
    };
  }
}

/** What runs already was started otherwise, and goes on: maybe with variables that are not set here. */
function* diagnoseConfiguration({ config_problems, control }: DoctorFacts): Generator<Finding> {
  for (const { code, message } of config_problems ?? []) {
    yield {
      severity: control === null ? 'problem' : 'notice',
      code,
      message,
      fix:
        control === null
          ? '"farthing up" does not start like this. Put it right in farthing.yaml, or set the variable where it is started.'
          : 'What runs goes on as it was started; a start with this configuration and these variables is refused.',
    };
  }
}

function* diagnoseDirectory(facts: DoctorFacts): Generator<Finding> {
  const { data_directory, disk } = facts;
  if (facts.directory === 'not-a-directory') {
    yield {
      severity: 'problem',
      code: 'data_directory_is_file',
      message: `${data_directory} is not a directory.`,
      fix: 'Name another data directory with --data, FARTHING_DATA or `data:` in farthing.yaml.',
    };
  } else if (facts.directory === 'not-writable') {
    yield {
      severity: 'problem',
      code: 'data_directory_unwritable',
      message: `${data_directory} cannot be written by this user.`,
      fix: `Give this user the right to write (chown or chmod), or name another directory with --data.`,
    };
  } else if (!facts.has_data) {
    yield {
      severity: 'notice',
      code: 'no_data',
      message: `Nothing has been recorded in ${data_directory} yet.`,
      fix: 'Run "farthing up" and send a call through the gateway, or "farthing up --demo" to look around.',
    };
  }
  if (disk !== null && disk.free_bytes < leastFreeBytes) {
    yield {
      severity: 'problem',
      code: 'disk_nearly_full',
      message: `Only ${displayBytes(disk.free_bytes)} are free on the disk that holds ${data_directory}.`,
      fix: 'Free space, or shorten journal.retention_days in farthing.yaml. When the disk is full the gateway follows gateway.on_full_disk.',
    };
  }
}

function* diagnoseProcesses(facts: DoctorFacts): Generator<Finding> {
  const { control, stale_control, gateway, version } = facts;
  if (control === null && stale_control !== null) {
    yield {
      severity: 'problem',
      code: 'control_plane_died',
      message: `The control plane (process ${stale_control.pid}, started ${stale_control.started_at}) is gone without having stopped in order.`,
      fix: 'Start it again with "farthing up": it goes on where it was, nothing is lost. If it dies again, look into its log.',
    };
  } else if (control === null && facts.has_data) {
    yield {
      severity: 'notice',
      code: 'control_plane_not_running',
      message:
        'No control plane is running: no dashboard, and calls are booked when it runs again.',
      fix: 'Start it with "farthing up".',
    };
  }
  if (control !== null && control.version !== version) {
    yield {
      severity: 'problem',
      code: 'version_mismatch',
      message: `The running control plane is version ${control.version}, this command is ${version}.`,
      fix: 'Restart Farthing so that all its parts are of one version.',
    };
  }
  if (gateway !== null && !gateway.reachable) {
    yield {
      severity: 'problem',
      code: 'gateway_unreachable',
      message: `The gateway${gateway.url === null ? '' : ` at ${gateway.url}`} does not answer.`,
      fix: 'Start it with "farthing up" or "farthing gateway"; clients that point at it get no answers meanwhile.',
    };
  }
}

function* diagnoseBooks({ books, now }: DoctorFacts): Generator<Finding> {
  if (books === null) return;
  if ('error' in books) {
    yield {
      severity: 'problem',
      code: 'books_unreadable',
      message: books.error,
      fix: 'Nothing is lost: calls stay in the journals until they can be booked.',
    };
    return;
  }
  if (books.stuck !== null) {
    yield {
      severity: 'problem',
      code: 'ledger_stuck',
      message: `Booking does not get on: ${books.stuck}`,
      fix: 'Calls stay in the journals and are booked once this is put right.',
    };
  }
  if ((books.lag.oldest_ms ?? 0) > mostLagMilliseconds) {
    yield {
      severity: 'problem',
      code: 'ledger_behind',
      message: `The books are ${Math.round(books.lag.oldest_ms! / 1000)} s (${displayBytes(books.lag.bytes)}) behind the journals.`,
      fix: 'Give the control plane more CPU or a faster disk; it catches up by itself once it can.',
    };
  }
  for (const journal of books.journals) {
    if (journal.unreadable_lines === 0) continue;
    yield {
      severity: 'problem',
      code: 'damaged_lines',
      message: `Journal ${journal.name} has ${displayCount(journal.unreadable_lines)} lines that cannot be read.`,
      fix: 'Their places are listed in journal-damage.jsonl in the data directory. A line torn by a crash was never answered for; other damage means a failing disk or an edited file: restore the segment from a backup.',
    };
  }
  if (books.unpriced_models.length > 0) {
    const shown = books.unpriced_models
      .slice(0, 5)
      .map(({ provider, model, calls }) => `${provider ?? '?'}/${model ?? '?'} (${calls})`);
    const rest = books.unpriced_models.length - shown.length;
    yield {
      severity: 'problem',
      code: 'unpriced_models',
      message: `${displayCount(books.unpriced_calls)} of ${displayCount(books.calls)} calls have no price: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more models` : ''}.`,
      fix: 'Their cost is unknown and missing from all sums. "farthing prices missing" says what to add for each. Or correct the model names, or name the provider whose prices hold with `price_as`.',
    };
  }
  if (books.unattributed_calls > 0) {
    yield {
      severity: 'notice',
      code: 'unattributed_calls',
      message: `${displayCount(books.unattributed_calls)} of ${displayCount(books.calls)} calls name no feature.`,
      fix: 'Send the header x-farthing-feature, or set a default under tags.defaults in farthing.yaml.',
    };
  }
  if (books.store.last_call_at !== null && books.store.last_call_at > now) {
    yield {
      severity: 'notice',
      code: 'calls_in_the_future',
      message: `The latest call is dated ${books.store.last_call_at}, which is in the future.`,
      fix: 'Set the clock of the machine that recorded it; reports over recent windows leave such calls out.',
    };
  }
}
