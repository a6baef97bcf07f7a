import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Decision, DecisionRecorder, RecordedDecision } from '@farthing/core';
import type { BudgetLog } from './budget-files.js';

export type { RecordedDecision } from '@farthing/core';

/** What stands in decisions.jsonl: a decision, or calls that the same one was made about. */
export type DecisionLine = RecordedDecision | RepeatedDecision;

/** Refusals within a second by the same account: the first is recorded whole, the others by their ids. */
export interface RepeatedDecision {
  same_as: string;
  at: string;
  count: number;
  /** The first thousand. */
  calls: string[];
}

export interface DecisionLogOptions {
  path: string;
  log: BudgetLog;
  /** Size at which the file is put aside; one earlier file is kept. Default 16 MB. */
  fileBytes?: number;
  flushMilliseconds?: number;
}

interface Repetition {
  first: string;
  until: number;
  at: string;
  count: number;
  calls: string[];
}

const repetitionMilliseconds = 1_000;
const mostIds = 1_000;
/** What waits for a disk that is stuck is bounded; what exceeds it is counted. */
const mostWaiting = 20_000;

/** Writes decisions down in batches, beside the calls. Bounded in memory and on disk; never throws. */
export class DecisionLog implements DecisionRecorder {
  readonly #options: Required<DecisionLogOptions>;
  readonly #repetitions = new Map<string, Repetition>();
  #waiting: string[] = [];
  #lost = 0;
  #size: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #failing = false;

  constructor(options: DecisionLogOptions) {
    this.#options = { fileBytes: 16 * 1024 * 1024, flushMilliseconds: 250, ...options };
  }

  add(decision: RecordedDecision, at: number, likeness = likenessOf(decision)): void {
    if (decision.outcome === 'refused') {
      if (this.repeats(likeness, decision.call, at)) return;
      this.#begin(likeness, decision, at);
    }
    this.#push(decision);
  }

  repeats(likeness: string, call: string, at: number): boolean {
    this.#endRepetitions(at);
    const known = this.#repetitions.get(likeness);
    if (known === undefined) return false;
    known.count += 1;
    if (known.calls.length < mostIds) known.calls.push(call);
    return true;
  }

  /** Resolves when everything is written that was added before. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#endRepetitions(Number.POSITIVE_INFINITY);
    this.#writing = this.#writing.then(() => this.#write());
    await this.#writing;
  }

  #begin(likeness: string, { call, at: time }: Decision, at: number): void {
    const until = at + repetitionMilliseconds;
    const repetition = { first: call, until, at: time, count: 0, calls: [] };
    this.#repetitions.set(likeness, repetition);
    // Also when no further call comes to end it.
    setTimeout(() => this.#endRepetition(likeness, repetition), repetitionMilliseconds).unref();
  }

  #endRepetitions(now: number): void {
    // In the order of their beginning, and all equally long.
    for (const [key, repetition] of this.#repetitions) {
      if (repetition.until > now) break;
      this.#endRepetition(key, repetition);
    }
  }

  #endRepetition(key: string, repetition: Repetition): void {
    if (this.#repetitions.get(key) !== repetition) return;
    this.#repetitions.delete(key);
    const { first, at, count, calls } = repetition;
    if (count > 0) this.#push({ same_as: first, at, count, calls });
  }

  #push(line: DecisionLine): void {
    if (this.#waiting.length >= mostWaiting) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(`${JSON.stringify(line)}\n`);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#writing = this.#writing.then(() => this.#write());
    }, this.#options.flushMilliseconds).unref();
  }

  async #write(): Promise<void> {
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    const text = lines.join('');
    const { path, log, fileBytes } = this.#options;
    try {
      this.#size ??= await sizeOf(path);
      if (this.#size > 0 && this.#size + text.length > fileBytes) {
        await rename(path, earlierDecisions(path));
        this.#size = 0;
      }
      await appendFile(path, text, { mode: 0o600 });
      this.#size += Buffer.byteLength(text);
      this.#failing = false;
    } catch (error) {
      this.#size = null;
      this.#waiting = [...lines, ...this.#waiting].slice(0, mostWaiting);
      if (!this.#failing) {
        log.error(
          { reason: (error as Error).message, lost: this.#lost },
          'decisions of budgets cannot be written down',
        );
      }
      this.#failing = true;
    }
  }
}

/** Of refusals that did not come at first asking: the account that said no, and what was tried. */
function likenessOf({ refusal, accounts, steps }: Decision): string {
  const denying = accounts.find(({ said }) => said === 'no');
  const scope = denying === undefined ? '' : JSON.stringify(denying.scope);
  const done = steps.map((step) => step.do).join();
  return `${refusal?.budget} ${refusal?.action} ${denying?.measure} ${scope} ${done}`;
}

export function earlierDecisions(path: string): string {
  return path.replace(/\.jsonl$/, '.1.jsonl');
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return 0;
  }
}
