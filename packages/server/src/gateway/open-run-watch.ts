import { readFileSync } from 'node:fs';
import { setImmediate as laterOn } from 'node:timers/promises';
import { durationOf, runCeilings, type RunGuardSettings } from '../config/index.js';
import { replaceFile } from '../files/replace-file.js';
import {
  RunWatch,
  type RunWatchMemory,
  type RunWatchParts,
  type RunWatchSettings,
} from './run-watch.js';

export interface OpenRunWatchOptions extends Omit<RunWatchParts, 'settings' | 'now'> {
  settings: RunGuardSettings;
  /** Where what was learned of runs is kept. */
  path: string;
  /** What goes wrong beside the calls; it harms none of them. */
  onProblem: (error: Error) => void;
  now?: () => number;
}

export interface OpenedRunWatch {
  watch: RunWatch;
  /** Writes what was learned, and ends. */
  close(): Promise<void>;
}

const writeMilliseconds = 60_000;

/** Watches runs as the configuration says; null where no run is to be watched at all. */
export function openRunWatch(options: OpenRunWatchOptions): OpenedRunWatch | null {
  const { path, onProblem, now = Date.now } = options;
  const settings = watchSettings(options.settings);
  if (settings === null) return null;
  const watch = new RunWatch({ ...options, settings, now });
  const memory = readMemory(path);
  if (memory !== null) watch.recall(memory);
  let writing = Promise.resolve();
  const write = () => {
    if (watch.takeChanged()) {
      writing = writing.then(() => writeMemory(path, watch)).catch(onProblem);
    }
    return writing;
  };
  const timer = setInterval(() => void write(), writeMilliseconds);
  timer.unref();
  return {
    watch,
    close() {
      clearInterval(timer);
      return write();
    },
  };
}

function watchSettings({
  mode,
  for: time,
  limits,
  features,
}: RunGuardSettings): RunWatchSettings | null {
  const own = Object.entries(features);
  if (mode === 'off' && own.every(([, { mode: other = mode }]) => other === 'off')) return null;
  return {
    mode,
    milliseconds: durationOf(time),
    ceilings: runCeilings(limits),
    features: new Map(
      own.map(([feature, { mode: other, limits: others }]) => [
        feature,
        {
          ...(other === undefined ? {} : { mode: other }),
          ...(others === undefined ? {} : { ceilings: runCeilings(others) }),
        },
      ]),
    ),
  };
}

/** Null where there is none, or one that cannot be relied on: what is usual is then learned anew. */
function readMemory(path: string): RunWatchMemory | null {
  try {
    const { version, ...memory } = JSON.parse(readFileSync(path, 'utf8')) as RunWatchMemory & {
      version: number;
    };
    return version === memoryVersion && Array.isArray(memory.groups) && Array.isArray(memory.runs)
      ? memory
      : null;
  } catch {
    return null;
  }
}

const memoryVersion = 1;

/** A group at a time, so that calls need not wait for a long text. */
async function writeMemory(path: string, watch: RunWatch): Promise<void> {
  const texts: string[] = [];
  for (const group of watch.groupMemories()) {
    texts.push(JSON.stringify(group()));
    await laterOn();
  }
  const list = JSON.stringify(watch.runMemories());
  await replaceFile(
    path,
    `{"version":${memoryVersion},"groups":[${texts.join(',\n')}],"runs":${list}}\n`,
  );
}
