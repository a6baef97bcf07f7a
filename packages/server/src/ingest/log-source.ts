import type { Cursor, Finding, OpenSource, Step } from './finding.js';
import { LineFile, type SourceLine } from './read-lines.js';

/** Reads the lines of one file in turn. */
export interface LineParser {
  parse(line: number, text: string): Finding[];
  settle(now: Date, last: boolean): { findings: Finding[]; deferred: Finding[]; open: number };
  /** JSON; a parser made from it goes on as this one would. */
  state(): unknown;
}

export interface LogOptions {
  longest?: number;
  concerns?(bytes: Buffer): boolean;
  /** Whether a torn last line is one that is still being written, or a damaged one. */
  tornIs: 'open' | 'unreadable';
}

/** A file of lines that may grow. */
export class LogSource implements OpenSource {
  readonly #file: LineFile;
  readonly #parser: LineParser;
  readonly #options: LogOptions;
  /** A last line without its newline. */
  #torn: SourceLine | null = null;

  constructor(file: LineFile, parser: LineParser, options: LogOptions) {
    this.#file = file;
    this.#parser = parser;
    this.#options = options;
  }

  static async open(
    path: string,
    from: Cursor | undefined,
    parser: (state: unknown) => LineParser,
    options: LogOptions,
  ): Promise<LogSource> {
    const file = await LineFile.open(path, {
      ...(from === undefined ? {} : { from }),
      ...(options.longest === undefined ? {} : { longest: options.longest }),
      ...(options.concerns === undefined ? {} : { concerns: options.concerns }),
    });
    return new LogSource(file, parser(from?.state), options);
  }

  async *read(): AsyncGenerator<Step> {
    this.#torn = null;
    for await (const source of this.#file.lines()) {
      if (!source.ended) {
        this.#torn = source;
        break;
      }
      yield { line: source.line, offset: source.end, findings: this.#parse(source) };
    }
    // Lines that were passed over count as read.
    yield { line: this.#file.line, offset: this.#file.offset, findings: [] };
  }

  settle(now: Date, last: boolean) {
    const findings: Finding[] = [];
    let torn = 0;
    if (last && this.#torn !== null) {
      const line = this.#torn;
      this.#torn = null;
      const found = this.#parse(line);
      if (this.#options.tornIs === 'open' && found[0]?.kind === 'unreadable') torn = 1;
      else {
        findings.push(...found);
        this.#file.take(line);
      }
    }
    const settled = this.#parser.settle(now, last);
    return {
      findings: [...findings, ...settled.findings],
      deferred: settled.deferred,
      open: settled.open + torn,
    };
  }

  async cursor(): Promise<Cursor> {
    const { line, offset } = this.#file;
    return {
      line,
      offset,
      fingerprint: await this.#file.fingerprint(),
      state: this.#parser.state(),
    };
  }

  async isAsRead(cursor: Pick<Cursor, 'offset' | 'fingerprint'>): Promise<boolean> {
    return (await this.#file.fingerprint(cursor.offset)) === cursor.fingerprint;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #parse(source: SourceLine): Finding[] {
    const { line } = source;
    if (source.text === null) return [{ kind: 'unreadable', line, reason: source.reason }];
    return source.text.trim() === '' ? [] : this.#parser.parse(line, source.text);
  }
}
