import type { PromptSource } from '@farthing/core';
import { formatCount, formatShare } from '../figures/counts.js';

/** A source keeps its colour wherever it is shown. */
const colours: Record<PromptSource, string> = {
  system: 'var(--series-1)',
  tools: 'var(--series-2)',
  context: 'var(--series-3)',
  history: 'var(--series-4)',
  user: 'var(--series-5)',
  files: 'var(--series-6)',
};

export const sourceLabels: Record<PromptSource, string> = {
  system: 'Instructions',
  tools: 'Tool schemas',
  context: 'Retrieved context',
  history: 'History',
  user: 'User',
  files: 'Images and files',
};

export interface SourcePart {
  source: PromptSource;
  tokens: number;
  share: number;
}

/** Where input tokens come from, as one bar and its legend. */
export function SourceBar({
  parts,
  legend = true,
  label = 'Input by source',
}: {
  parts: readonly SourcePart[];
  legend?: boolean;
  label?: string;
}) {
  const spoken = parts
    .map(({ source, share }) => `${sourceLabels[source]} ${formatShare(share)}`)
    .join(', ');
  return (
    <div>
      <div
        role="img"
        aria-label={`${label}: ${spoken}`}
        className="flex h-3 w-full gap-px overflow-hidden rounded-full bg-line"
      >
        {parts.map(({ source, share, tokens }) => (
          <span
            key={source}
            title={`${sourceLabels[source]}: ${formatCount(tokens)} tokens, ${formatShare(share)}`}
            style={{ width: `${share * 100}%`, background: colours[source] }}
            className="min-w-[2px]"
          />
        ))}
      </div>
      {legend && (
        <ul aria-hidden="true" className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-[0.8125rem]">
          {parts.map(({ source, share, tokens }) => (
            <li key={source} className="flex items-center gap-1.5">
              <span
                aria-hidden="true"
                className="size-2.5 rounded-[3px]"
                style={{ background: colours[source] }}
              />
              <span>{sourceLabels[source]}</span>
              <span className="figure text-ink-2" title={`${formatCount(tokens)} tokens`}>
                {formatShare(share)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
