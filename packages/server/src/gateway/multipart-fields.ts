import { Transform, type TransformCallback } from 'node:stream';

/** Fields longer than this are no names or sizes: they pass unread. */
const longestValue = 1_024;
const longestHead = 8 * 1_024;
const headEnd = Buffer.from('\r\n\r\n');

/**
 * Reads the short text fields of a `multipart/form-data` body while it passes: every byte goes on
 * unchanged and at once, files are searched for the boundary and nothing else. RFC 7578.
 */
export class MultipartFields extends Transform {
  /** What was read so far. The last wins where a name is repeated. */
  readonly fields = new Map<string, string>();
  readonly #delimiter: Buffer;
  readonly #wanted: ReadonlySet<string>;
  /** Bytes that may be the beginning of something. The first delimiter has no line break before it. */
  #carry: Buffer = Buffer.from('\r\n');
  #state: 'skip' | 'head' | 'value' = 'skip';
  #name = '';

  constructor(boundary: string, wanted: ReadonlySet<string>) {
    super();
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
    this.#wanted = wanted;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#read(this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]));
    done(null, chunk);
  }

  #read(bytes: Buffer): void {
    let at = 0;
    for (;;) {
      const sought = this.#state === 'head' ? headEnd : this.#delimiter;
      const found = bytes.indexOf(sought, at);
      if (found < 0) break;
      if (this.#state === 'head') this.#readHead(bytes.toString('utf8', at, found));
      else {
        if (this.#state === 'value' && found - at <= longestValue) {
          this.fields.set(this.#name, bytes.toString('utf8', at, found));
        }
        this.#state = 'head';
      }
      at = found + sought.length;
    }
    this.#carry = Buffer.from(bytes.subarray(this.#keepFrom(bytes.length, at)));
  }

  /** Where what must be kept begins, when nothing more was found at or after `at`. */
  #keepFrom(length: number, at: number): number {
    if (this.#state === 'head' && length - at > longestHead) this.#state = 'skip';
    if (this.#state === 'value' && length - at > longestValue + this.#delimiter.length) {
      this.#state = 'skip';
    }
    return this.#state === 'skip' ? Math.max(at, length - this.#delimiter.length + 1) : at;
  }

  #readHead(head: string): void {
    const name = /[;\s]name="([^"]{1,100})"/i.exec(head)?.[1];
    const isFile = /[;\s]filename\*?=/i.test(head);
    const isWanted = name !== undefined && !isFile && this.#wanted.has(name);
    this.#state = isWanted ? 'value' : 'skip';
    this.#name = name ?? '';
  }
}

/** The boundary of a `multipart/form-data` content type; null for any other. */
export function multipartBoundary(contentType: string | undefined): string | null {
  if (contentType === undefined || !/^multipart\/form-data\s*;/i.test(contentType)) return null;
  const match = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType);
  return match?.[1] ?? match?.[2] ?? null;
}
