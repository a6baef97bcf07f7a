import type { PromptSource, PromptTokens } from '@farthing/core';
import { SourceBar, type SourcePart } from '../estimates/source-bar.js';
import { plural } from '../figures/counts.js';
import { Block } from './facts.js';

const order: PromptSource[] = ['system', 'tools', 'context', 'history', 'user', 'files'];

/** The sources that a call had, in the order in which a request has them. */
export function partsOf(prompt: PromptTokens): SourcePart[] {
  const counted = order.flatMap((source) => {
    const tokens = prompt[source] ?? 0;
    return tokens > 0 ? [{ source, tokens }] : [];
  });
  const whole = counted.reduce((sum, { tokens }) => sum + tokens, 0);
  return counted.map((part) => ({ ...part, share: part.tokens / whole }));
}

/** Where the input of one call came from. */
export function PromptFacts({ prompt }: { prompt: PromptTokens }) {
  const parts = partsOf(prompt);
  if (parts.length === 0) return null;
  return (
    <Block title="Where its input came from">
      <SourceBar parts={parts} />
      {prompt.calls !== undefined && prompt.calls > 1 && (
        <p className="mt-2 text-[0.8125rem] text-ink-3">
          Stands for {plural(prompt.calls, 'call')} of its feature and size in the audit.
        </p>
      )}
    </Block>
  );
}
