import type { CallRow, Usage } from '@farthing/core';
import type { ReactNode } from 'react';
import { formatCount } from '../figures/counts.js';
import { Block, Facts } from './facts.js';
import { inputTokens, kindLabel } from './tokens.js';

const buckets = [
  'input_uncached',
  'cache_read',
  'cache_write',
  'cache_write_5m',
  'cache_write_1h',
  'output',
] as const;

/** Tokens by kind, what is billed by other units, and the provider's own numbers. */
export function TokenFacts({ call, usage }: { call: CallRow; usage: Usage | null }) {
  const { tokens } = call;
  if (tokens === null)
    return (
      <Block title="Usage">
        <p className="text-[0.8125rem] text-ink-3">The answer carried no usable usage.</p>
      </Block>
    );
  const details: [string, ReactNode][] = Object.entries(
    usage?.details ?? { reasoning: tokens.reasoning },
  )
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => [`of which ${kindLabel(kind).toLowerCase()}`, formatCount(count)]);
  const units: [string, ReactNode][] = Object.entries(usage?.units ?? {}).map(([unit, count]) => [
    kindLabel(unit),
    formatCount(count),
  ]);
  const modifiers: [string, ReactNode][] = Object.entries(usage?.modifiers ?? {}).map(
    ([name, value]) => [kindLabel(name), String(value)],
  );
  return (
    <Block title={call.usage_estimated ? 'Usage, estimated' : 'Usage'}>
      <Facts
        facts={[
          ...buckets
            .filter((kind) => tokens[kind] > 0)
            .map((kind): [string, ReactNode] => [kindLabel(kind), formatCount(tokens[kind])]),
          ['All input', formatCount(inputTokens(tokens))],
          ...details,
          ...units,
          ...modifiers,
        ]}
      />
      {usage?.notes.map((note) => (
        <p key={note} className="mt-2 text-[0.8125rem] text-warn">
          {note}
        </p>
      ))}
      {usage?.raw != null && (
        <details className="mt-2 text-[0.8125rem]">
          <summary className="w-fit text-accent-ink hover:underline">
            As the provider sent it
          </summary>
          <pre
            className="mt-2 overflow-x-auto rounded-md border border-line bg-sunk p-3 font-mono text-xs leading-relaxed"
            tabIndex={0}
          >
            {JSON.stringify(usage.raw, null, 2)}
          </pre>
        </details>
      )}
    </Block>
  );
}
