import {
  FarthingError,
  type PriceLayer,
  type PriceRule,
  type PriceSourceStatus,
} from '@farthing/core';
import { hashOf, shortHash, type Content } from './content.js';
import type { LastGoodCopy } from './last-good-copy.js';
import { messageOf } from './problem.js';

/** Where sources tell what they do: a logger, or a command's output. */
export interface PriceLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a source's content says, as a layer of the price book. */
export interface ParsedPrices {
  layer: PriceLayer;
  notes: string[];
  /** Set where part of the content cannot be used although the rest is. */
  problem?: string;
}

export interface PriceSourceOptions {
  kind: PriceSourceStatus['kind'];
  name: string;
  /** Reads the content anew; null when it has not changed since `known`. Rejects with the problem. */
  read(known: Content | null): Promise<Content | 'unchanged' | 'absent'>;
  /** Throws with everything that is wrong with it. @param edition short hash of the text. */
  parse(text: string, edition: string): ParsedPrices;
  /** The same in a thread of its own, where the text is large; undefined where it is not worth one. */
  parseApart?(text: string, edition: string): Promise<ParsedPrices> | undefined;
  /** In use while there is no content; where it is left out, an absent content is a problem. */
  whenAbsent?: { layer: PriceLayer | null };
  /** What is suspicious about new prices; empty when nothing is. */
  guard?(before: PriceLayer, after: PriceLayer): string[];
  isAccepted?(hash: string): boolean;
  /** Keeps good content for later starts. */
  keep?(content: Content, hash: string, loadedAt: string): void;
  log: PriceLog;
  onChange(): void;
}

interface Loaded extends Partial<Pick<ParsedPrices, 'problem'>> {
  layer: PriceLayer | null;
  notes: string[];
  content: Content | null;
  hash: string | null;
  loadedAt: string | null;
}

/** A refusal that a person may lift. */
export interface Refusal {
  name: string;
  hash: string;
  findings: string[];
}

/**
 * One source of prices: reads it, refuses what is wrong with it, and holds the last good content. Bad
 * content changes nothing but the status, and is said once in the log.
 */
export class PriceSource {
  readonly #options: PriceSourceOptions;
  #good: Loaded | null;
  #problem: { message: string; since: string } | null = null;
  #refusal: Refusal | null = null;
  #checkedAt: string | null = null;
  #checking: Promise<void> | null = null;
  #again = false;

  /** @param copy its last good content, in use until it has been looked at. */
  constructor(options: PriceSourceOptions, copy: LastGoodCopy | null = null) {
    this.#options = options;
    this.#good = copy === null ? null : this.#fromCopy(copy);
  }

  /** The rows in use; null while there are none. */
  get layer(): PriceLayer | null {
    return this.#good?.layer ?? this.#options.whenAbsent?.layer ?? null;
  }

  /** What the guard has refused and a person may accept. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  get hasProblem(): boolean {
    return this.#problem !== null;
  }

  get loadedAt(): string | null {
    return this.#good?.loadedAt ?? null;
  }

  /** Looks at the source now. Never rejects; a call during a look makes a second one follow it. */
  check(): Promise<void> {
    if (this.#checking !== null) {
      this.#again = true;
      return this.#checking;
    }
    this.#checking = this.#checkUntilQuiet().finally(() => (this.#checking = null));
    return this.#checking;
  }

  status(): PriceSourceStatus {
    const { kind, name } = this.#options;
    const problem = this.#problem;
    const { layer } = this;
    return {
      kind,
      name,
      book: layer?.book ?? null,
      state: problem === null ? 'ok' : layer === null ? 'failed' : 'stale',
      rows: layer === null ? 0 : countRows(layer),
      loaded_at: this.loadedAt,
      checked_at: this.#checkedAt,
      problem: problem?.message ?? null,
      problem_since: problem?.since ?? null,
      acceptable: this.#refusal !== null,
      notes: this.#good?.notes ?? [],
    };
  }

  async #checkUntilQuiet(): Promise<void> {
    do {
      this.#again = false;
      await this.#checkOnce();
    } while (this.#again);
  }

  async #checkOnce(): Promise<void> {
    let problem: string | null;
    try {
      problem = await this.#take(await this.#options.read(this.#good?.content ?? null));
    } catch (error) {
      problem = messageOf(error);
    }
    this.#checkedAt = new Date().toISOString();
    this.#tell(problem);
  }

  /** Puts what was read into use. Resolves or rejects with what is wrong with it. */
  async #take(read: Content | 'unchanged' | 'absent'): Promise<string | null> {
    if (read === 'unchanged') {
      this.#refusal = null;
      return null;
    }
    if (read === 'absent') return this.#takeAbsence();
    const hash = hashOf(read.text);
    if (hash === this.#good?.hash) {
      this.#good.content = read;
      this.#refusal = null;
      return this.#good.problem ?? null;
    }
    this.#refusal = null;
    const parsed = await this.#parse(read.text, shortHash(hash));
    const findings = this.#findings(parsed.layer, hash);
    if (findings.length > 0) {
      this.#refusal = { name: this.#options.name, hash, findings };
      return `its new content is held back: ${findings.join('; ')}. If that is right, accept it with: farthing prices refresh --files --accept`;
    }
    this.#adopt({ ...parsed, content: read, hash, loadedAt: new Date().toISOString() });
    return parsed.problem ?? null;
  }

  async #parse(text: string, edition: string): Promise<ParsedPrices> {
    const { log, name } = this.#options;
    try {
      const apart = await this.#options.parseApart?.(text, edition);
      if (apart !== undefined) return apart;
    } catch (error) {
      if (FarthingError.isInstance(error)) throw error;
      log.warn({ source: name, reason: messageOf(error) }, 'prices: no thread to read them in');
    }
    return this.#options.parse(text, edition);
  }

  #takeAbsence(): string | null {
    if (this.#options.whenAbsent === undefined) return 'there is no such file';
    if (this.#good !== null) {
      this.#good = null;
      this.#options.onChange();
    }
    return null;
  }

  #findings(layer: PriceLayer, hash: string): string[] {
    const before = this.#good?.layer;
    if (before == null || this.#options.isAccepted?.(hash) === true) return [];
    return this.#options.guard?.(before, layer) ?? [];
  }

  #adopt(loaded: Loaded & { content: Content; hash: string; loadedAt: string }): void {
    const { layer, content, hash, loadedAt } = loaded;
    const first = this.#good === null;
    this.#good = loaded;
    try {
      this.#options.keep?.(content, hash, loadedAt);
    } catch (error) {
      // The prices hold all the same; only a start on a day without the source would miss them.
      this.#options.log.warn(
        { source: this.#options.name, reason: messageOf(error) },
        'the last good prices cannot be kept for later starts',
      );
    }
    if (!first) {
      this.#options.log.info({ source: this.#options.name, book: layer?.book }, 'prices changed');
    }
    this.#options.onChange();
  }

  #fromCopy(copy: LastGoodCopy): Loaded | null {
    const { hash, loadedAt } = copy;
    try {
      return { ...this.#options.parse(copy.text, shortHash(hash)), content: copy, hash, loadedAt };
    } catch {
      // Kept by an earlier version that read more than this one does.
      return null;
    }
  }

  #tell(problem: string | null): void {
    const { log, name } = this.#options;
    if (problem === null) {
      if (this.#problem !== null) log.info({ source: name }, 'prices are read again');
      this.#problem = null;
      return;
    }
    if (this.#problem?.message === problem) return;
    const since = this.#problem?.since ?? new Date().toISOString();
    this.#problem = { message: problem, since };
    const using =
      this.layer === null ? 'nothing of it is in use' : 'the last good prices stay in use';
    log.error({ source: name, problem, in_use: this.layer?.book ?? null }, `prices: ${using}`);
  }
}

const rows = new WeakMap<PriceLayer, number>();

export function countRows(layer: PriceLayer): number {
  const known = rows.get(layer);
  if (known !== undefined) return known;
  const count = rulesOf(layer).length + (layer.tools?.length ?? 0);
  rows.set(layer, count);
  return count;
}

/** Every rule of a layer, whatever its provider. */
export function rulesOf(layer: PriceLayer): PriceRule[] {
  return (layer.providers?.() ?? []).flatMap((provider) => layer.rules(provider));
}
