import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  FarthingError,
  type Acknowledgement,
  type AcknowledgementBook,
  type Objection,
} from '@farthing/core';
import { writeAtomically } from '../prices/atomic-file.js';

interface Claims {
  /** The budgets that it overrules. */
  b: string[];
  /** Digest of the request. */
  f: string;
  /** Expiry, milliseconds since the epoch. */
  e: number;
  /** Makes it one of its own. */
  n: string;
}

/** How long a token may be confirmed, and a confirmation waits for its call. */
export const acknowledgeMilliseconds = 10 * 60_000;

export interface AcknowledgementsOptions {
  /** Folder of confirmations and of marks of used tokens. */
  directory: string;
  /** The data directory's secret; read when a token is made or checked, every two seconds at most. */
  secret: () => Buffer;
  now: () => number;
  /** Where gateways with directories of their own agree which tokens are used. */
  shared?: SharedMarks | undefined;
}

/** Marks that only one of several gateways can make. */
export interface SharedMarks {
  /** True for the one that makes the mark; rejects where it cannot be asked. */
  make(name: string, milliseconds: number): Promise<boolean>;
  remove(name: string): Promise<void>;
}

/** How soon a running gateway takes up another key. */
const keyMilliseconds = 2_000;

/**
 * Tokens by which a person lets a refused call pass. They are signed, bound to budgets and request, and
 * good for one call: a mark that only one process can make is set when one is used.
 */
export class Acknowledgements implements AcknowledgementBook {
  readonly #options: AcknowledgementsOptions;
  #key: { bytes: Buffer; readAt: number } | null = null;
  /** By token, for calls that are being decided: whether this gateway made the shared mark. */
  readonly #claimed = new Map<string, 'made' | 'used' | 'unknown'>();
  readonly #asking = new Map<string, Promise<void>>();
  /** Marks of this directory that are shared. */
  readonly #told = new Set<string>();

  constructor(options: AcknowledgementsOptions) {
    this.#options = options;
  }

  issue(budgets: readonly string[], fingerprint: string): Acknowledgement {
    const expires = this.#options.now() + acknowledgeMilliseconds;
    const claims: Claims = {
      b: [...budgets],
      f: fingerprint,
      e: expires,
      n: randomBytes(9).toString('base64url'),
    };
    const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return { token: `${text}.${this.#sign(text)}`, expires_at: new Date(expires).toISOString() };
  }

  /**
   * Asks the other gateways whether a token is used, before `use`; undefined where there are none to
   * ask. To be followed by `finish`.
   */
  prepare(token: string): Promise<void> | undefined {
    const { shared, now } = this.#options;
    const claims = shared === undefined ? 'alone' : this.#read(token);
    if (shared === undefined || typeof claims === 'string') return undefined;
    // Of two calls with one token that run at the same time here, the first one has it.
    const asking = this.#asking.get(claims.n);
    if (asking !== undefined) return asking;
    if (this.#claimed.has(claims.n)) return Promise.resolve();
    this.#claimed.set(claims.n, 'unknown');
    const asked = shared
      .make(claims.n, claims.e - now())
      .then(
        (made) => void this.#claimed.set(claims.n, made ? 'made' : 'used'),
        () => {},
      )
      .finally(() => this.#asking.delete(claims.n));
    this.#asking.set(claims.n, asked);
    return asked;
  }

  /** Ends what `prepare` began: a token that was not needed may be used later. */
  finish(token: string): void {
    const claims = this.#read(token);
    if (typeof claims === 'string') return;
    if (this.#claimed.get(claims.n) === 'made') this.#release(claims.n);
    this.#claimed.delete(claims.n);
  }

  /** Tells the other gateways which tokens were used or confirmed here. About every two seconds. */
  async shareMarks(): Promise<void> {
    const { shared, directory } = this.#options;
    if (shared === undefined) return;
    for (const name of namesIn(directory)) {
      if (!name.endsWith('.used') || this.#told.has(name)) continue;
      await shared.make(name.slice(0, -'.used'.length), acknowledgeMilliseconds);
      this.#told.add(name);
    }
  }

  /**
   * Uses a token that came with a call. Returns the budgets that it overrules and how to give it back,
   * should the call be refused for another reason; or why it does not count.
   */
  use(token: string, fingerprint: string): { budgets: string[]; giveBack(): void } | Objection {
    const claims = this.#read(token);
    if (typeof claims === 'string') return claims;
    if (claims.f !== fingerprint) return 'it was given for another request';
    if (this.#options.shared !== undefined) {
      const claimed = this.#claimed.get(claims.n) ?? 'unknown';
      if (claimed === 'used') return 'it has been used already';
      if (claimed === 'unknown') return 'Redis cannot be asked whether it has been used';
      this.#claimed.set(claims.n, 'used');
    }
    const mark = this.#mark(claims);
    if (!makeOnce(mark)) return 'it has been used already';
    return {
      budgets: claims.b,
      giveBack: () => {
        rmSync(mark, { force: true });
        this.#release(claims.n);
      },
    };
  }

  /**
   * Confirms a token by hand: the same request then passes once, without a header.
   * Throws `acknowledgement_refused` with the reason.
   */
  confirm(token: string, by: string): { budgets: string[]; expires_at: string } {
    const claims = this.#read(token);
    const objection =
      typeof claims === 'string'
        ? claims
        : makeOnce(this.#mark(claims))
          ? null
          : 'it has been used already';
    if (typeof claims === 'string' || objection !== null) {
      throw new FarthingError(
        'acknowledgement_refused',
        `The token does not count: ${objection}. Send the call again to get a new one.`,
      );
    }
    const expires = this.#options.now() + acknowledgeMilliseconds;
    const confirmation = { budgets: claims.b, fingerprint: claims.f, expires, by };
    writeAtomically(this.#confirmation(claims.f), `${JSON.stringify(confirmation)}\n`);
    return { budgets: claims.b, expires_at: new Date(expires).toISOString() };
  }

  /** Takes the confirmation that waits for this request; null when there is none. */
  take(fingerprint: string): { budgets: string[]; giveBack(): void } | null {
    const path = this.#confirmation(fingerprint);
    try {
      const text = readFileSync(path, 'utf8');
      // Of several gateways only one succeeds in removing it.
      unlinkSync(path);
      const { budgets, expires } = JSON.parse(text) as { budgets: string[]; expires: number };
      if (!Array.isArray(budgets) || !(expires > this.#options.now())) return null;
      return { budgets, giveBack: () => writeAtomically(path, text) };
    } catch {
      return null;
    }
  }

  /** Removes marks and confirmations whose time is over. Now and then. */
  tidy(): void {
    const { directory, now } = this.#options;
    for (const name of namesIn(directory)) {
      const path = join(directory, name);
      try {
        if (statSync(path).mtimeMs >= now() - 2 * acknowledgeMilliseconds) continue;
        this.#told.delete(name);
        unlinkSync(path);
      } catch {
        // Another process was quicker.
      }
    }
  }

  #read(token: string): Claims | Objection {
    const [text = '', signature = ''] = token.trim().split('.');
    if (!sameText(signature, this.#sign(text))) return 'it was not given by this Farthing';
    const claims = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Claims;
    return claims.e > this.#options.now() ? claims : 'its time is over';
  }

  #release(name: string): void {
    this.#told.delete(`${name}.used`);
    // It ends by itself where Redis cannot be reached.
    void this.#options.shared?.remove(name).catch(() => {});
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#keyNow())
      .update(text)
      .digest()
      .subarray(0, 18)
      .toString('base64url');
  }

  /** Read anew as time goes by: `farthing rotate-key` voids what was given out, here too. */
  #keyNow(): Buffer {
    const now = this.#options.now();
    if (this.#key === null || Math.abs(now - this.#key.readAt) >= keyMilliseconds) {
      const bytes = createHmac('sha256', this.#options.secret()).update('acknowledge').digest();
      this.#key = { bytes, readAt: now };
    }
    return this.#key.bytes;
  }

  #mark({ n }: Claims): string {
    return join(this.#options.directory, `${n}.used`);
  }

  #confirmation(fingerprint: string): string {
    const name = createHash('sha256').update(fingerprint).digest('hex').slice(0, 40);
    return join(this.#options.directory, `${name}.json`);
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** True for the one that makes the file. */
function makeOnce(path: string): boolean {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
