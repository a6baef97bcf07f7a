import {
  FarthingError,
  parseWindow,
  readDimension,
  readFilter,
  readList,
  type Dimension,
  type Filter,
  type Window,
} from '@farthing/core';

/** One parameter of an answer, as the API and the command line describe it. */
export interface AnswerParameter {
  /** For people; one line. */
  description: string;
  /** What stands for its value in the command line's help, e.g. `dimensions`. Without it, it is a flag. */
  value?: string;
  /** Taken where it is not given. */
  default?: string;
  example?: string;
  /** May be given several times. */
  repeatable?: true;
  /** Stands in the path of the API, and on the command line without a name. */
  argument?: true;
}

/** A parameter that cannot be read; `field` is its name. */
export class ParameterError extends FarthingError {
  readonly field: string;

  constructor(field: string, code: string, message: string) {
    super(code, message);
    this.name = 'ParameterError';
    this.field = field;
  }
}

export type ParameterTexts = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What was asked for, as texts from a URL or a command line; errors name the parameter. */
export class AnswerParameters {
  /** Windows end here unless they say otherwise. */
  readonly now: Date;
  readonly #texts: ParameterTexts;
  readonly #declared: Readonly<Record<string, AnswerParameter>>;

  constructor(
    declared: Readonly<Record<string, AnswerParameter>>,
    texts: ParameterTexts,
    now: Date,
  ) {
    this.#declared = declared;
    this.#texts = texts;
    this.now = now;
  }

  /** These on top of others: what is not given here is taken from there. */
  over(texts: ParameterTexts): AnswerParameters {
    const given = Object.entries(this.#texts).filter(([, text]) => text?.length !== 0);
    const both = { ...texts, ...Object.fromEntries(given) };
    return new AnswerParameters(this.#declared, both, this.now);
  }

  text(name: string): string | undefined {
    const given = this.#texts[name];
    const text = typeof given === 'object' ? given.at(-1) : given;
    return text ?? this.#declared[name]?.default;
  }

  texts(name: string): readonly string[] {
    const given = this.#texts[name];
    if (given === undefined) return [];
    return typeof given === 'string' ? [given] : given;
  }

  flag(name: string): boolean {
    const text = this.text(name);
    if (text === undefined || text === 'true' || text === 'false') return text === 'true';
    throw new ParameterError(
      name,
      'invalid_parameter',
      `${name} is true or false, not ${quoted(text)}.`,
    );
  }

  /** Undefined where it was not given and has no default. */
  read<Value>(name: string, parse: (text: string) => Value): Value | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : this.naming(name, () => parse(text));
  }

  wholeNumber(name: string, least: number, most: number): number | undefined {
    return this.read(name, (text) => {
      const value = Number(text);
      if (/^\d+$/.test(text) && value >= least && value <= most) return value;
      throw invalid(`${name} takes a whole number from ${least} to ${most}, not ${quoted(text)}.`);
    });
  }

  /** A decimal number such as 0.3. */
  number(name: string, least: number, most: number): number | undefined {
    return this.read(name, (text) => {
      const value = Number(text);
      if (/^-?\d+(\.\d+)?$/.test(text) && value >= least && value <= most) return value;
      throw invalid(`${name} takes a number from ${least} to ${most}, not ${quoted(text)}.`);
    });
  }

  /** A proportion of at least 0: 0.3 is 30 %. */
  share(name: string, most = 1): number | undefined {
    return this.read(name, (text) => {
      const value = Number(text);
      if (/^\d+(\.\d+)?$/.test(text) && value <= most) return value;
      throw invalid(`${name} takes a share like 0.3 for 30 %, not ${quoted(text)}.`);
    });
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    return this.read(name, (text) => {
      if ((choices as readonly string[]).includes(text)) return text as Choice;
      throw invalid(`${name} is one of ${choices.join(', ')}, not ${quoted(text)}.`);
    });
  }

  dimensions(name = 'by'): Dimension[] {
    return this.read(name, (text) => readList(text).map((part) => readDimension(part))) ?? [];
  }

  filters(): Filter[] {
    return this.naming('filter', () => this.texts('filter').map((text) => readFilter(text)));
  }

  /** From `since` (or its default) to `until`. */
  window(): Window {
    const ends = { since: this.text('since'), until: this.text('until') };
    return this.naming(
      'since',
      () => parseWindow(ends, this.now) ?? parseWindow({ until: 'now' }, this.now)!,
    );
  }

  /** Errors from readers that do not know where a text came from get the parameter's name. */
  naming<Value>(field: string, read: () => Value): Value {
    try {
      return read();
    } catch (error) {
      if (!FarthingError.isInstance(error) || error instanceof ParameterError) throw error;
      throw new ParameterError(field, error.code, error.message);
    }
  }
}

function invalid(message: string): FarthingError {
  return new FarthingError('invalid_parameter', message);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
