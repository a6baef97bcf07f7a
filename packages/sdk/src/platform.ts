import type asyncHooks from 'node:async_hooks';
import type crypto from 'node:crypto';
import type fs from 'node:fs';
import type path from 'node:path';
import type stream from 'node:stream';

/**
 * What the runtime offers beyond the web's own APIs. Nothing here imports `node:*`, so that the main
 * entry loads in every runtime: built-in modules are asked for, and are missing where there are none.
 */

interface BuiltIns {
  'node:async_hooks': typeof asyncHooks;
  'node:crypto': typeof crypto;
  'node:fs': typeof fs;
  'node:path': typeof path;
  'node:stream': typeof stream;
}

/** A built-in module; undefined in a runtime without it (Node ≥ 20.16, Bun and Deno have them). */
export function builtIn<Name extends keyof BuiltIns>(name: Name): BuiltIns[Name] | undefined {
  const load = runtimeProcess()?.getBuiltinModule as
    | ((id: string) => BuiltIns[Name] | undefined)
    | undefined;
  return load?.(name);
}

/** `process` where the runtime has one. */
export function runtimeProcess(): NodeJS.Process | undefined {
  return (globalThis as { process?: NodeJS.Process }).process;
}

/** An environment variable that is set and not empty. */
export function environment(name: string): string | undefined {
  const value = runtimeProcess()?.env?.[name];
  return value === undefined || value === '' ? undefined : value;
}

const said = new Set<string>();

/** Tells an operator something, once per process: through Node's warnings, else on the console. */
export function sayOnce(message: string): void {
  if (said.has(message)) return;
  if (said.size > 1_000) said.clear();
  said.add(message);
  const warn = runtimeProcess()?.emitWarning;
  if (warn === undefined) globalThis.console?.warn(`farthing: ${message}`);
  else runtimeProcess()!.emitWarning(message, 'FarthingWarning');
}

/** A timer that keeps no process alive. */
export function backgroundTimer(work: () => void, milliseconds: number): { clear(): void } {
  const timer = setTimeout(work, milliseconds);
  (timer as { unref?: () => void }).unref?.();
  return { clear: () => clearTimeout(timer) };
}
