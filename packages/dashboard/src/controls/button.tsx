import type { ButtonHTMLAttributes } from 'react';

/** A small button in a line of things: plain, or quiet where many stand together. */
export function SmallButton({
  quiet = false,
  className = '',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { quiet?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      className={`h-8 rounded-md px-2.5 text-[0.8125rem] font-medium whitespace-nowrap disabled:opacity-50 ${quiet ? 'text-ink-2 hover:bg-sunk hover:text-ink' : 'border border-line-strong bg-surface hover:bg-sunk'} ${className}`}
    />
  );
}
