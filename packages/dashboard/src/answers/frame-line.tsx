import type { AnswerFrame } from '@farthing/core';
import { Money } from '../controls/money.js';
import { formatShare, plural } from '../figures/counts.js';

/** Below every answer: how many calls it is about, what of it is estimated, and what it leaves out. */
export function FrameLine({ frame }: { frame: AnswerFrame }) {
  const { calls, unpriced, unattributed, estimated, notes } = frame;
  return (
    <div className="border-t border-line px-4 pt-3 text-[0.8125rem] text-ink-3 sm:px-6">
      <p>
        {plural(calls, 'call')}
        {frame.cost_usd !== null && (
          <>
            , <Money usd={frame.cost_usd} />
          </>
        )}
        {unpriced.calls > 0 && (
          <span className="text-warn">
            {' '}
            · {plural(unpriced.calls, 'call')} without a price ({formatShare(unpriced.share)}), in
            no sum here
          </span>
        )}
        {unattributed.calls > 0 && (
          <> · {formatShare(unattributed.share)} of the cost has no feature</>
        )}
      </p>
      {notes.map((note) => (
        <p key={note} className="mt-1 text-ink-2">
          {note}
        </p>
      ))}
      {estimated.length > 0 && (
        <details className="mt-1">
          <summary className="w-fit underline decoration-dotted underline-offset-2">
            What is estimated
          </summary>
          <ul className="mt-1 max-w-[56rem] list-disc space-y-0.5 pl-5">
            {estimated.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
