import type { Tags } from '@farthing/core';
import type { AsyncLocalStorage } from 'node:async_hooks';
import { builtIn, sayOnce } from '../platform.js';
import { mergeTags } from './merge-tags.js';
import { readTags, type TagsInput } from './read-tags.js';
import type { OpenRun } from './runs.js';

/**
 * What holds for the code that runs now.
 * @internal
 */
export interface Scope {
  /** Tags from outside the run, and the run's own. */
  readonly outer: Tags;
  readonly run: OpenRun | null;
  /** Tags set within the run; they win over its annotations. */
  readonly inner: Tags;
}

const none: Scope = { outer: {}, run: null, inner: {} };

interface ScopeStorage {
  getStore(): Scope | undefined;
  run<Result>(scope: Scope, work: () => Result): Result;
}

/** Without AsyncLocalStorage a scope holds until its function returns, not beyond its first `await`. */
class SynchronousStorage implements ScopeStorage {
  #current: Scope | undefined;

  getStore(): Scope | undefined {
    return this.#current;
  }

  run<Result>(scope: Scope, work: () => Result): Result {
    sayOnce(
      'this runtime has no AsyncLocalStorage: tags hold until the first await of a function. Give tags to meter(client, tags) instead.',
    );
    const before = this.#current;
    this.#current = scope;
    try {
      return work();
    } finally {
      this.#current = before;
    }
  }
}

function openStorage(): ScopeStorage {
  const global = globalThis as { AsyncLocalStorage?: typeof AsyncLocalStorage };
  const Storage = builtIn('node:async_hooks')?.AsyncLocalStorage ?? global.AsyncLocalStorage;
  return Storage === undefined ? new SynchronousStorage() : new Storage<Scope>();
}

// One for all copies of this package in a process: two of them must not lose each other's tags.
const key = Symbol.for('farthing.sdk.scope.1');
const shared = globalThis as { [key]?: ScopeStorage };
const storage: ScopeStorage = (shared[key] ??= openStorage());

/**
 * The scope of the code that runs now.
 * @internal
 */
export function currentScope(): Scope {
  return storage.getStore() ?? none;
}

/**
 * Runs `work` in a scope; it holds for everything that `work` starts and awaits.
 * @internal
 */
export function inScope<Result>(scope: Scope, work: () => Result): Result {
  return storage.run(scope, work);
}

/**
 * Runs `work` as code outside of every scope.
 * @internal
 */
export function outOfScope(work: () => void): void {
  if (storage.getStore() === undefined) work();
  else storage.run(none, work);
}

/**
 * The tags of a scope: the run's annotations stand above its own tags and below those set within it.
 * @internal
 */
export function tagsOfScope({ outer, run, inner }: Scope): Tags {
  if (run === null) return inner === none.inner ? outer : mergeTags(outer, inner);
  return mergeTags(mergeTags(outer, run.annotations), inner);
}

/**
 * Runs `work` with these tags on every call that it makes, directly or in whatever it awaits. Scopes
 * nest: inner tags win over outer ones, tag by tag; concurrent scopes do not see each other.
 * Unknown names become custom tags; values are cut at the limits that core's tags have.
 */
export function withTags<Result>(tags: TagsInput, work: () => Result): Result {
  const scope = currentScope();
  const own = readTags(tags);
  return inScope(
    scope.run === null
      ? { ...scope, outer: mergeTags(scope.outer, own) }
      : { ...scope, inner: mergeTags(scope.inner, own) },
    work,
  );
}
