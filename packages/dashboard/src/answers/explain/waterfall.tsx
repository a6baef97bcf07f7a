import type { ExplainReport, ExplainStep } from '@farthing/core';
import { ChevronRight } from '../../controls/icons.js';
import { Money } from '../../controls/money.js';
import { formatRange } from '../../figures/times.js';
import { formatPico, parseUsd } from '../../money/usd.js';
import { valueLabel } from '../../view/dimensions.js';
import { SignedBar } from '../signed-bar.js';
import { signedDigits, SignedMoney } from '../signed-money.js';
import { waterfallScale, type Span } from './waterfall-scale.js';

const columns =
  'grid flex-1 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1.5 sm:grid-cols-[minmax(0,13rem)_minmax(0,1fr)_6.5rem]';

/** From the spend before to the spend after: what each kind of change did, each opens to who did it. */
export function Waterfall({ report }: { report: ExplainReport }) {
  const { steps, before_usd: before, after_usd: after, against, window } = report;
  const scale = waterfallScale(report);
  const digits = signedDigits(steps.map((step) => step.amount_usd));
  return (
    <figure className="px-4 sm:px-6">
      <figcaption className="flex flex-wrap gap-x-5 gap-y-1 text-[0.8125rem] text-ink-3">
        <Key colour="bg-warn" text="cost more" />
        <Key colour="bg-accent" text="cost less" />
        {scale.begins > 0n && <span>The axis begins at {formatPico(scale.begins)}.</span>}
      </figcaption>
      <ol className="mt-2 border-t border-line text-[0.8125rem]">
        <Sum
          name="Before"
          note={formatRange(against.from, against.to)}
          usd={before}
          span={scale.before}
        />
        {steps.map((step, index) => (
          <StepLine
            key={step.kind}
            step={step}
            span={scale.steps[index]!}
            by={report.by}
            digits={digits}
          />
        ))}
        <Sum
          name="After"
          note={formatRange(window.from, window.to)}
          usd={after}
          span={scale.after}
        />
      </ol>
    </figure>
  );
}

function Key({ colour, text }: { colour: string; text: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden="true" className={`size-2.5 rounded-sm ${colour}`} />
      {text}
    </span>
  );
}

function Sum({ name, note, usd, span }: { name: string; note: string; usd: string; span: Span }) {
  return (
    <li className="flex border-b border-line py-2.5 pl-5 font-semibold">
      <span className={columns}>
        <span>
          {name}
          <span className="figure block text-xs font-normal text-ink-3">{note}</span>
        </span>
        <Bar span={span} colour="bg-ink-3" />
        <span className="text-right">
          <Money usd={usd} />
        </span>
      </span>
    </li>
  );
}

function StepLine({
  step,
  span,
  by,
  digits,
}: {
  step: ExplainStep;
  span: Span;
  by: ExplainReport['by'];
  digits: number;
}) {
  const { label, amount_usd: amount, groups, other_groups_usd: others } = step;
  const most = groups.reduce(
    (largest, { amount_usd: usd }) => Math.max(largest, Math.abs(Number(usd))),
    0,
  );
  return (
    <li className="border-b border-line">
      <details className="group">
        <summary className="flex list-none items-center gap-1 py-2.5 hover:bg-sunk [&::-webkit-details-marker]:hidden">
          <span className="w-4 shrink-0 text-ink-3 group-open:rotate-90">
            <ChevronRight size={14} />
          </span>
          <span className={columns}>
            <span>{label}</span>
            <Bar span={span} colour={parseUsd(amount) < 0n ? 'bg-accent' : 'bg-warn'} />
            <span className="text-right font-medium">
              <SignedMoney usd={amount} digits={digits} />
            </span>
          </span>
        </summary>
        <ul className="space-y-1 pt-1 pb-4 pl-5">
          {groups.map(({ group, amount_usd: usd }) => (
            <li key={group ?? '\0'} className={columns}>
              <span className={`min-w-0 break-words ${group === null ? 'text-ink-2 italic' : ''}`}>
                {valueLabel(by, group)}
              </span>
              <span className="hidden sm:block">
                <SignedBar share={most === 0 ? 0 : Number(usd) / most} />
              </span>
              <span className="text-right">
                <SignedMoney usd={usd} digits={digits} />
              </span>
            </li>
          ))}
          {parseUsd(others) !== 0n && (
            <li className={`${columns} text-ink-2`}>
              <span>All others</span>
              <span className="hidden sm:block" />
              <span className="text-right">
                <SignedMoney usd={others} digits={digits} />
              </span>
            </li>
          )}
        </ul>
      </details>
    </li>
  );
}

function Bar({ span: { from, to }, colour }: { span: Span; colour: string }) {
  return (
    <span
      aria-hidden="true"
      className="relative order-last col-span-2 block h-3.5 rounded bg-sunk sm:order-none sm:col-span-1"
    >
      <span
        className={`absolute inset-y-0 rounded-[3px] ${colour}`}
        style={{
          left: `min(${from * 100}%, 100% - 2px)`,
          width: `max(2px, ${(to - from) * 100}%)`,
        }}
      />
    </span>
  );
}
