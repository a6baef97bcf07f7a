import { Fragment } from 'react';

/** A sentence of an answer; what it sets in backticks is a name, and is set off as one. */
export function Sentence({ text }: { text: string }) {
  return together(text)
    .split('`')
    .map((part, index) => {
      const key = `${index} ${part}`;
      return index % 2 === 0 ? (
        <Fragment key={key}>{part}</Fragment>
      ) : (
        <span key={key} className="font-semibold">
          {part}
        </span>
      );
    });
}

/** A figure and its unit stay on one line. */
const together = (text: string): string => text.replaceAll(/(\d) (?=[%×])/g, '$1\u00a0');
