import { FarthingError } from '../../errors.js';

/** What is wrong with prices from outside: where it stands, and what to write instead. */
export interface Problem {
  /** `row 2 (openai/gpt-4o)`, `tools.web_lookup`; empty for the file as a whole. */
  readonly place: string;
  /** `rates_per_mtok.input`; empty for the place as a whole. */
  readonly field: string;
  /** The rest of the sentence, without its full stop: `must be a decimal string, like "2.50"`. */
  readonly message: string;
}

/** Takes one problem with a field of the place that is being read. */
export type Report = (field: string, message: string) => void;

/** As many problems are named; the rest is counted, up to a bound. */
const mostNamed = 50;
export const mostProblems = 1_000;

/** All problems of one file at once: whoever mends it should not have to find them one by one. */
export function invalidPrices(name: string, problems: readonly Problem[]): FarthingError {
  const lines = problems.slice(0, mostNamed).map(problemLine);
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`and ${more} more`);
  const least = problems.length >= mostProblems ? 'at least ' : '';
  const count = problems.length === 1 ? 'a problem' : `${least}${problems.length} problems`;
  return new FarthingError(
    'invalid_prices',
    `The prices in ${name} have ${count}:\n${lines.map((line) => `- ${line}`).join('\n')}`,
  );
}

function problemLine({ place, field, message }: Problem): string {
  return sentence([place, field].filter((part) => part !== '').join(': '), message);
}

/** Where and what, with a full stop unless it ends in a question. */
export function sentence(where: string, message: string): string {
  const text = where === '' ? message : `${where} ${message}`;
  return /[.?]$/.test(text) ? text : `${text}.`;
}
