import type { RunNode } from '@farthing/core';
import { Badge } from '../../controls/badge.js';
import { ChevronRight } from '../../controls/icons.js';
import { Money } from '../../controls/money.js';
import { formatCompact, formatCount, plural } from '../../figures/counts.js';
import { columnDigits } from '../../money/usd.js';
import { ShareBar } from './runs-table.js';

/** Deeper parts are closed at first. */
const openDepth = 2;

const kindNames: Readonly<Record<RunNode['kind'], string>> = {
  agent: 'agent',
  tool: 'tool',
  chain: 'chain',
  call: 'model',
  others: 'others',
};

/** A run's parts under those that made them; what is repeated is one line with its count. */
export function RunTree({ nodes }: { nodes: readonly RunNode[] }) {
  const digits = columnDigits(
    nodes.map(({ cost_usd: cost }) => cost),
    1,
  );
  return (
    <div className="border-y border-line text-[0.8125rem]">
      <Nodes nodes={nodes} depth={0} digits={digits} />
    </div>
  );
}

function Nodes({
  nodes,
  depth,
  digits,
}: {
  nodes: readonly RunNode[];
  depth: number;
  digits: number;
}) {
  return (
    <ul>
      {nodes.map((node, index) => (
        <li key={`${index} ${node.name}`}>
          {node.children.length === 0 ? (
            <div className="flex border-t border-line px-4 py-2 hover:bg-sunk sm:px-6">
              <Line node={node} depth={depth} digits={digits} />
            </div>
          ) : (
            <details className="group/node" open={depth < openDepth}>
              <summary className="flex list-none border-t border-line px-4 py-2 hover:bg-sunk sm:px-6 [&::-webkit-details-marker]:hidden">
                <Line node={node} depth={depth} digits={digits} />
              </summary>
              <Nodes nodes={node.children} depth={depth + 1} digits={digits} />
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

function Line({ node, depth, digits }: { node: RunNode; depth: number; digits: number }) {
  const { kind, name, calls, children, cost_usd: cost, tokens } = node;
  return (
    <span className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 lg:grid-cols-[minmax(0,1fr)_8rem_12rem_6rem]">
      <span
        className="flex min-w-0 items-baseline gap-1"
        style={{ paddingLeft: `${Math.min(depth, 8) * 1.1}rem` }}
      >
        <span className="w-4 shrink-0 self-center text-ink-3">
          {children.length > 0 && (
            <span className="block group-open/node:rotate-90">
              <ChevronRight size={14} />
            </span>
          )}
        </span>
        <span className="min-w-0 break-words">
          <span className="text-ink-3">{kindNames[kind]} </span>
          <span className="font-medium">{name}</span>
          {calls > 1 && (
            <span className="figure whitespace-nowrap text-ink-2"> × {formatCount(calls)}</span>
          )}
          {children.length === 0 && node.template_version !== null && (
            <span className="text-ink-3"> {node.template_version}</span>
          )}
          {node.errors > 0 && (
            <>
              {' '}
              <Badge tone="bad">{formatCount(node.errors)} failed</Badge>
            </>
          )}
          {node.retries > 0 && (
            <>
              {' '}
              <Badge tone="warn">{plural(node.retries, 'retry', 'retries')}</Badge>
            </>
          )}
          {node.unpriced_calls > 0 && (
            <>
              {' '}
              <Badge tone="warn">{formatCount(node.unpriced_calls)} unpriced</Badge>
            </>
          )}
        </span>
      </span>
      <span className="figure hidden text-right whitespace-nowrap text-ink-3 lg:block">
        {tokens.input + tokens.output === 0
          ? ''
          : `${formatCompact(tokens.input)} in, ${formatCompact(tokens.output)} out`}
      </span>
      <span className="hidden self-center lg:block">
        <ShareBar share={node.cost_share} most={1} />
      </span>
      <span className="text-right font-semibold">
        {cost === null && node.unpriced_calls === 0 ? (
          <span className="text-ink-3">–</span>
        ) : (
          <Money usd={cost} digits={digits} />
        )}
      </span>
      <span className="col-span-2 mt-1 lg:hidden" style={{ paddingLeft: '1.25rem' }}>
        <ShareBar share={node.cost_share} most={1} />
      </span>
    </span>
  );
}
