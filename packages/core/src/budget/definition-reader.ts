import { decimalFromNumber, parseUsd } from '../money.js';
import { didYouMean } from '../suggest.js';
import { tagNames } from '../tags.js';
import { isFields, type Fields } from '../usage/fields.js';

/** Dimensions of a scope beside the tags; `tag:<key>` names a custom tag. */
export const scopeDimensions: readonly string[] = [...tagNames, 'provider', 'model', 'key'];

/** What is wrong with a definition, and where it stands: index in the list, then the field. */
export interface BudgetProblem {
  path: (string | number)[];
  message: string;
}

/**
 * Reads a list of named definitions, each by a reader of its own, and finds names that stand twice.
 * What is right comes out beside the problems of the rest.
 */
export function examineList<Definition extends { name: string }>(
  value: unknown,
  noun: string,
  readerOf: (item: unknown, index: number) => DefinitionReader<Definition>,
): { definitions: Definition[]; problems: BudgetProblem[] } {
  if (!Array.isArray(value)) {
    return { definitions: [], problems: [{ path: [], message: `\`${noun}s\` must be a list.` }] };
  }
  const problems: BudgetProblem[] = [];
  const names = new Set<string>();
  const definitions = value.flatMap((item: unknown, index) => {
    const reader = readerOf(item, index);
    const definition = reader.read();
    problems.push(...reader.problems);
    if (definition === null) return [];
    if (names.has(definition.name)) {
      const message = `two ${noun}s are named "${definition.name}": give each its own name`;
      problems.push({ path: [index, 'name'], message });
    }
    names.add(definition.name);
    return [definition];
  });
  return { definitions, problems };
}

/** What budgets and breakers are read alike by: every problem is noted with its field, none ends the reading. */
export abstract class DefinitionReader<Definition> {
  readonly problems: BudgetProblem[] = [];
  protected readonly fields: Fields;
  readonly #index: number;
  readonly #where: string;

  constructor(item: unknown, index: number, noun: string, shape = '`name`, `limit` and `window`') {
    this.fields = isFields(item) ? item : {};
    this.#index = index;
    const name = this.fields['name'];
    this.#where =
      typeof name === 'string' && name !== '' ? `${noun} "${name}"` : `${noun}s[${index}]`;
    if (!isFields(item)) this.problem('', `must be an object with ${shape}`);
  }

  /** Null when there are problems. */
  abstract read(): Definition | null;

  protected refuseUnknown(keys: readonly string[]): void {
    for (const key of Object.keys(this.fields)) {
      if (!keys.includes(key)) this.problem(key, `is not known.${didYouMean(key, keys)}`);
    }
  }

  protected name(): string {
    const name = this.fields['name'];
    if (typeof name === 'string' && /^[\w][\w .:/-]{0,63}$/.test(name)) return name;
    this.problem('name', 'must be 1 to 64 letters, digits, blanks and _ . : / -');
    return '';
  }

  protected scope(stated: unknown, example: string, hint = ''): Record<string, string> {
    if (!isFields(stated)) {
      this.problem('scope', `must name dimensions, like ${example}`);
      return {};
    }
    const read: Record<string, string> = {};
    for (const [dimension, wanted] of Object.entries(stated)) {
      if (!scopeDimensions.includes(dimension) && !/^tag:.+/.test(dimension)) {
        const near = didYouMean(dimension, scopeDimensions);
        this.problem(`scope.${dimension}`, `is no dimension.${near}${hint}`);
      } else if (typeof wanted !== 'string' || wanted === '') {
        this.problem(`scope.${dimension}`, 'must be a value, or "*" for each of its own');
      } else read[dimension] = wanted;
    }
    return read;
  }

  /** Model → the next cheaper one. Null, with the problem noted, for what is no list of models. */
  protected chain(stated: unknown, circle: string): Map<string, string> | null {
    const next = new Map<string, string>();
    if (
      !Array.isArray(stated) ||
      !stated.every((model) => typeof model === 'string' && model !== '')
    ) {
      this.problem('downgrade', 'must be a list of models, the dearest first');
      return null;
    }
    if (new Set(stated).size < stated.length) this.problem('downgrade', circle);
    stated.slice(1).forEach((model: string, index) => next.set(stated[index] as string, model));
    return next;
  }

  protected problem(field: string, message: string): void {
    this.problems.push({
      path: [this.#index, ...(field === '' ? [] : field.split('.'))],
      message: `${this.#where}: ${field === '' ? '' : `\`${field}\` `}${message}`,
    });
  }
}

/** An amount in USD above 0, in picodollars; undefined when it is none. */
export function positiveUsd(value: unknown): bigint | undefined {
  try {
    // A YAML number such as 15.00 is read back exactly as it was written.
    const amount = parseUsd(typeof value === 'number' ? decimalFromNumber(value) : String(value));
    return amount > 0n ? amount : undefined;
  } catch {
    return undefined;
  }
}
