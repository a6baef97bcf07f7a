import { CopyButton } from './copy-button.js';

/** Text to copy, with where it belongs. Long lines scroll within. */
export function SnippetBox({
  place,
  code,
  tall = false,
}: {
  place: string;
  code: string;
  /** Keeps the height of the longest neighbour, so that switching moves nothing. */
  tall?: boolean;
}) {
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-sunk">
      <div className="flex items-center justify-between border-b border-line py-1 pr-1 pl-4">
        <span className="text-[0.8125rem] text-ink-3">{place}</span>
        <CopyButton text={code} onDark />
      </div>
      <pre
        tabIndex={0}
        aria-label={`${place}, to copy`}
        className={`overflow-x-auto px-4 py-3.5 font-mono text-[0.8125rem] leading-[1.6] ${tall ? 'min-h-[17.5rem]' : ''}`}
      >
        {code}
      </pre>
    </div>
  );
}
