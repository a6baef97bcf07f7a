import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Breakers, BreakersMemory, BreakerStatus } from '@farthing/core';
import { replaceFile } from '../files/replace-file.js';

/** How the breakers of a gateway are, kept beside the calls: one that tripped stays so when it starts anew. */
export class BreakersFile {
  readonly #path: string;
  readonly #breakers: Breakers;
  #written = '';

  constructor(path: string, breakers: Breakers) {
    this.#path = path;
    this.#breakers = breakers;
  }

  /** Takes up what the last gateway wrote. A file that cannot be read leaves all breakers closed. */
  recall(): void {
    const memory = read(this.#path);
    if (memory !== null) this.#breakers.recall(memory);
  }

  /** Writes what has changed. Now and then, and at the end. */
  async write(): Promise<void> {
    if (this.#breakers.isEmpty) return;
    const text = `${JSON.stringify(this.#breakers.memory())}\n`;
    if (text === this.#written) return;
    await replaceFile(this.#path, text);
    this.#written = text;
  }
}

/** Breakers that are not closed, of all gateways of a data directory: of each the one that tripped last. */
export function readBreakers(directory: string): BreakerStatus[] {
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => /^breakers(-[\w-]+)?\.json$/.test(name));
  } catch {
    return [];
  }
  const latest = new Map<string, BreakerStatus>();
  for (const one of names.flatMap((name) => read(join(directory, name))?.breakers ?? [])) {
    const known = latest.get(one.key);
    if (known === undefined || (one.since ?? 0) > (known.since ?? 0)) latest.set(one.key, one);
  }
  return [...latest.values()];
}

function read(path: string): BreakersMemory | null {
  try {
    const { breakers, carriedOut } = JSON.parse(readFileSync(path, 'utf8')) as BreakersMemory;
    return Array.isArray(breakers) && Array.isArray(carriedOut) ? { breakers, carriedOut } : null;
  } catch {
    return null;
  }
}
