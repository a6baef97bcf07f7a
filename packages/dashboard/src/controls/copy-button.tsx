import { useEffect, useState } from 'react';
import { Check, Copy } from './icons.js';

/** Copies a text and says so. Where the clipboard is closed (plain http), it selects nothing and says that. */
export function CopyButton({
  text,
  label = 'Copy',
  onDark = false,
}: {
  text: string;
  label?: string;
  onDark?: boolean;
}) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = window.setTimeout(() => setState('idle'), 2_000);
    return () => window.clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      setState('failed');
    }
  };
  return (
    <button
      type="button"
      onClick={() => void copy()}
      className={`flex h-8 items-center gap-1.5 rounded-md px-2.5 text-[0.8125rem] font-medium ${onDark ? 'text-ink-2 hover:bg-line hover:text-ink' : 'border border-line-strong bg-surface hover:bg-sunk'}`}
    >
      {state === 'copied' ? <Check size={14} /> : <Copy size={14} />}
      <span aria-live="polite">
        {state === 'copied' ? 'Copied' : state === 'failed' ? 'Select and copy by hand' : label}
      </span>
    </button>
  );
}
