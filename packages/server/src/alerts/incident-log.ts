import { open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { Incident } from '@farthing/core';
import { replaceFile } from '../files/replace-file.js';
import { replaceTexts } from './replace-texts.js';

const day = 86_400_000;
/** Resolved incidents are kept so long, and at most so many. */
const keptDays = 90;
const mostKept = 10_000;

/**
 * Incidents on disk: each version is appended as a line of `alerts/incidents.jsonl`, the last one of an id
 * holds. A line that a crash has torn is left out. While the disk is full, versions wait in memory.
 */
export class IncidentLog {
  readonly #path: string;
  readonly #incidents: Map<string, Incident>;
  #lines: number;
  /** Not on disk yet; of each incident the latest alone. */
  readonly #waiting = new Map<string, Incident>();
  #flushing: Promise<void> | null = null;
  #isTorn: boolean;
  #problem: string | null = null;

  private constructor(
    path: string,
    incidents: Map<string, Incident>,
    lines: number,
    isTorn: boolean,
  ) {
    this.#path = path;
    this.#incidents = incidents;
    this.#lines = lines;
    this.#isTorn = isTorn;
  }

  static async open(dataDirectory: string): Promise<IncidentLog> {
    const path = join(dataDirectory, 'alerts', 'incidents.jsonl');
    const incidents = new Map<string, Incident>();
    let lines = 0;
    let text = '';
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    for (const line of text.split('\n')) {
      const incident = read(line);
      if (incident === null) continue;
      lines += 1;
      incidents.set(incident.id, incident);
    }
    return new IncidentLog(path, incidents, lines, text !== '' && !text.endsWith('\n'));
  }

  /** As they were kept last, in the order in which they were first opened. */
  get all(): Iterable<Incident> {
    return this.#incidents.values();
  }

  get(id: string): Incident | undefined {
    return this.#incidents.get(id);
  }

  /** Why incidents are held in memory alone; null while they are not. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Keeps a version; it is on disk soon, and at the latest when `flush` resolves. */
  keep(incident: Incident): void {
    this.#incidents.set(incident.id, incident);
    this.#waiting.set(incident.id, incident);
    void this.flush();
  }

  /** Shows a version that differs in its figures alone, which are not worth a line. */
  show(incident: Incident): void {
    this.#incidents.set(incident.id, incident);
  }

  /** Replaces texts in what is in memory; the file's are replaced where they stand. */
  rename(from: readonly string[], to: string): void {
    for (const incidents of [this.#incidents, this.#waiting]) {
      for (const [id, incident] of incidents) {
        const text = JSON.stringify(incident);
        const renamed = replaceTexts(text, from, to);
        if (renamed !== text) incidents.set(id, JSON.parse(renamed) as Incident);
      }
    }
  }

  /** Writes what waits; what cannot be written goes on waiting. Never rejects. */
  async flush(): Promise<void> {
    while (this.#waiting.size > 0) {
      if (this.#flushing !== null) {
        await this.#flushing;
        if (this.#problem !== null) return;
        continue;
      }
      this.#flushing = this.#write().finally(() => (this.#flushing = null));
      await this.#flushing;
      if (this.#problem !== null) return;
    }
  }

  /** Forgets what was resolved long ago; the file is written anew when most of its lines are of no use. */
  async tidy(now: number): Promise<void> {
    const resolved = [...this.#incidents.values()].filter(({ state }) => state === 'resolved');
    resolved.sort((a, b) => a.resolved_at!.localeCompare(b.resolved_at!));
    const before = new Date(now - keptDays * day).toISOString();
    let tooMany = this.#incidents.size - mostKept;
    for (const { id, resolved_at: at } of resolved) {
      if (at! >= before && tooMany <= 0) break;
      this.#incidents.delete(id);
      tooMany -= 1;
    }
    if (this.#lines < 2 * this.#incidents.size + 100) return;
    await this.flush();
    const text = [...this.#incidents.values()].map((each) => `${JSON.stringify(each)}\n`).join('');
    await replaceFile(this.#path, text);
    this.#lines = this.#incidents.size;
    this.#isTorn = false;
  }

  async #write(): Promise<void> {
    const batch = [...this.#waiting.values()];
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      const file = await open(this.#path, 'a', 0o600);
      try {
        const text = batch.map((incident) => `${JSON.stringify(incident)}\n`).join('');
        // What a crash, or a full disk, has torn must not take the next line with it.
        const start = this.#isTorn ? '\n' : '';
        this.#isTorn = true;
        await file.appendFile(start + text);
        await file.datasync();
        this.#isTorn = false;
      } finally {
        await file.close();
      }
      this.#lines += batch.length;
      for (const incident of batch) {
        if (this.#waiting.get(incident.id) === incident) this.#waiting.delete(incident.id);
      }
      this.#problem = null;
    } catch (error) {
      this.#problem = `${this.#path} cannot be written: ${(error as Error).message}. Incidents are kept in memory until it can.`;
    }
  }
}

function read(line: string): Incident | null {
  try {
    const incident = JSON.parse(line) as Incident;
    if (typeof incident.id !== 'string' || !Number.isInteger(incident.version)) return null;
    // Earlier ones were kept without it.
    return { ...incident, below_least_page: incident.below_least_page ?? null };
  } catch {
    return null;
  }
}
