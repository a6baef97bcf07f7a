import { composeBudgets, type ComposedBudgets, type DefinitionsInForce } from '@farthing/core';
import { watchFile } from '../prices/watch-file.js';
import { budgetFiles, type BudgetLog } from './budget-files.js';
import { parseChanges, readChangesText, type BudgetChange } from './changes.js';

export interface LiveDefinitionsOptions {
  dataDirectory: string;
  /** `budgets` of farthing.yaml. */
  configured: readonly unknown[];
  log: BudgetLog;
  now: () => number;
  /** Keep looking for changes; a command that ends soon looks once. */
  watch: boolean;
}

/** The budgets as they hold now: those of the configuration with what people changed since. */
export class LiveDefinitions implements DefinitionsInForce {
  readonly #options: LiveDefinitionsOptions;
  readonly #path: string;
  readonly #listeners: (() => void)[] = [];
  readonly #watcher: { stop(): void } | null;
  #changes: readonly BudgetChange[] = [];
  #problems: readonly string[] = [];
  #composed: ComposedBudgets;

  constructor(options: LiveDefinitionsOptions) {
    this.#options = options;
    this.#path = budgetFiles(options.dataDirectory).changes;
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

  /** Everything that cannot be used: lines of the file and budgets in it. */
  get problems(): readonly string[] {
    return [...this.#problems, ...this.#composed.problems];
  }

  /** Reads the file again. What cannot be read leaves what held. */
  look(): void {
    try {
      const { changes, problems } = parseChanges(readChangesText(this.#path));
      this.#changes = changes;
      this.#problems = problems;
    } catch (error) {
      this.#problems = [`${this.#path} cannot be read: ${(error as Error).message}`];
    }
    this.#compose(this.#options.now());
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.#watcher?.stop();
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
