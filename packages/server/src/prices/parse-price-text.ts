import { LineCounter, parseDocument } from 'yaml';
import { largestYaml } from './content.js';
import { sourceProblem } from './problem.js';

/** Parses YAML or JSON. Throws `price_source` with the line at fault. */
export function parsePriceText(text: string): unknown {
  if (text.trim() === '') throw sourceProblem('it is empty: write prices into it, or remove it');
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch (error) {
      // YAML's flow style begins like JSON; what is neither is told as YAML tells it, with its line.
      if (text.length > largestYaml) {
        throw sourceProblem(`it is not valid JSON: ${(error as Error).message}`, error);
      }
    }
  }
  if (text.length > largestYaml) {
    throw sourceProblem(
      `it is YAML of more than ${largestYaml / 1024} KB: write it as JSON, which is read far faster`,
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const { line } = lines.linePos(syntax.pos[0]);
    const [problem] = syntax.message.split(' at line');
    throw sourceProblem(`line ${line} is not valid YAML or JSON: ${problem}`, syntax);
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw sourceProblem(`it is not usable YAML: ${(error as Error).message}`, error);
  }
}
