import { CopyButton } from '../controls/copy-button.js';

/** A command that looks closer, to be copied. It scrolls within where it is long. */
export function CommandLine({ command }: { command: string }) {
  return (
    <div className="flex max-w-full min-w-0 items-center rounded-md border border-line bg-sunk print:border-0 print:bg-transparent">
      <code
        tabIndex={0}
        aria-label="Command"
        className="min-w-0 flex-1 overflow-x-auto px-3 py-1.5 text-[0.8125rem] whitespace-nowrap"
      >
        {command}
      </code>
      <span className="shrink-0 print:hidden">
        <CopyButton text={command} onDark />
      </span>
    </div>
  );
}
