import { mkdirSync } from 'node:fs';
import { composeBudgets, type ComposedBudgets, type DefinitionsInForce } from '@farthing/core';
import { watchFile } from '../prices/watch-file.js';
import { appendLineSoon } from '../files/append-line.js';
import { budgetFiles, type BudgetLog } from './budget-files.js';
import { ChangesReader, readChangesText, type BudgetChange } from './changes.js';

export interface LiveDefinitionsOptions {
  dataDirectory: string;
  /** `budgets` of farthing.yaml. */
  configured: readonly unknown[];
  log: BudgetLog;
  now: () => number;
  /** Keep looking for changes; a command that ends soon looks once. */
  watch: boolean;
}

const againMilliseconds = 1_000;

/** The budgets as they hold now: those of the configuration with what people changed since. */
export class LiveDefinitions implements DefinitionsInForce {
  readonly #options: LiveDefinitionsOptions;
  readonly #path: string;
  readonly #listeners: (() => void)[] = [];
  readonly #watcher: { stop(): void } | null;
  readonly #reader = new ChangesReader();
  #changes: readonly BudgetChange[] = [];
  /** What this process ordered and the file does not have yet. */
  readonly #unwritten = new Map<string, BudgetChange>();
  #writing: Promise<void> = Promise.resolve();
  #problems: readonly string[] = [];
  #composed: ComposedBudgets;

  constructor(options: LiveDefinitionsOptions) {
    this.#options = options;
    const { changes, directory } = budgetFiles(options.dataDirectory);
    this.#path = changes;
    // A folder that is there can be watched: what comes is then seen at once.
    if (options.watch) makeFolder(directory);
    // Watching begins before the first look: a change in between is then seen by one of them.
    this.#watcher = options.watch ? watchFile(this.#path, () => this.look()) : null;
    this.#composed = composeBudgets([], [], 0);
    this.look();
  }

  /** The budgets at this time. The same object as long as nothing changes. */
  at(time: number): ComposedBudgets {
    if (time >= this.#composed.nextChangeAt) this.#compose(time);
    return this.#composed;
  }

  get changes(): readonly BudgetChange[] {
    return this.#changes;
  }

  /** Holds from now on, and is written down soon: nobody waits for the disk. */
  record(change: BudgetChange): void {
    this.#unwritten.set(change.id, change);
    this.#changes = [...this.#changes, change];
    this.#take();
    this.#writing = this.#writing.then(() => this.#write(change));
  }

  /** Resolves when what was recorded is on the disk, or could not be written. */
  written(): Promise<void> {
    return this.#writing;
  }

  /** Everything that cannot be used: lines of the file and budgets in it. */
  get problems(): readonly string[] {
    return [...this.#problems, ...this.#composed.problems];
  }

  /** Reads the file again. What cannot be read leaves what held. */
  look(): void {
    try {
      const { changes, problems } = this.#reader.read(readChangesText(this.#path));
      for (const { id } of changes) this.#unwritten.delete(id);
      this.#changes = [...changes, ...this.#unwritten.values()];
      this.#problems = problems;
    } catch (error) {
      this.#problems = [`${this.#path} cannot be read: ${(error as Error).message}`];
    }
    this.#take();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.#watcher?.stop();
  }

  #take(): void {
    this.#compose(this.#options.now());
    for (const listener of this.#listeners) listener();
  }

  /** A disk that fails is tried again: what was ordered holds meanwhile. */
  async #write(change: BudgetChange): Promise<void> {
    try {
      await appendLineSoon(this.#path, change);
    } catch (error) {
      this.#options.log.error(
        { reason: (error as Error).message },
        'a change of budgets is in force and cannot be written down yet',
      );
      setTimeout(() => {
        this.#writing = this.#writing.then(() => this.#write(change));
      }, againMilliseconds).unref();
    }
  }

  #compose(time: number): void {
    const told = this.problems.join();
    this.#composed = composeBudgets(this.#options.configured, this.#changes, time);
    const { problems } = this;
    if (problems.length > 0 && problems.join() !== told) {
      this.#options.log.warn({ problems }, 'changes of budgets cannot be used; what held goes on');
    }
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch {
    // Who cannot write is told so when there is something to write.
  }
}
