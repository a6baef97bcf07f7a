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
  /** The data directory's secret; read when the first token is made or checked. */
  secret: () => Buffer;
  now: () => number;
}

/**
 * Tokens by which a person lets a refused call pass. They are signed, bound to budgets and request, and
 * good for one call: a mark that only one process can make is set when one is used.
 */
export class Acknowledgements implements AcknowledgementBook {
  readonly #options: AcknowledgementsOptions;
  #key: Buffer | null = null;

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
   * Uses a token that came with a call. Returns the budgets that it overrules and how to give it back,
   * should the call be refused for another reason; or why it does not count.
   */
  use(token: string, fingerprint: string): { budgets: string[]; giveBack(): void } | Objection {
    const claims = this.#read(token);
    if (typeof claims === 'string') return claims;
    if (claims.f !== fingerprint) return 'it was given for another request';
    const mark = this.#mark(claims);
    if (!makeOnce(mark)) return 'it has been used already';
    return { budgets: claims.b, giveBack: () => rmSync(mark, { force: true }) };
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
    let names: string[];
    try {
      names = readdirSync(directory);
    } catch {
      return;
    }
    for (const name of names) {
      const path = join(directory, name);
      try {
        if (statSync(path).mtimeMs < now() - 2 * acknowledgeMilliseconds) unlinkSync(path);
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

  #sign(text: string): string {
    this.#key ??= createHmac('sha256', this.#options.secret()).update('acknowledge').digest();
    return createHmac('sha256', this.#key)
      .update(text)
      .digest()
      .subarray(0, 18)
      .toString('base64url');
  }

  #mark({ n }: Claims): string {
    return join(this.#options.directory, `${n}.used`);
  }

  #confirmation(fingerprint: string): string {
    const name = createHash('sha256').update(fingerprint).digest('hex').slice(0, 40);
    return join(this.#options.directory, `${name}.json`);
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
