/** A difference as a bar: to the right of the middle where it cost more, to the left where less. -1 to 1. */
export function SignedBar({ share }: { share: number }) {
  return (
    <span aria-hidden="true" className="relative block h-2">
      <span className="absolute inset-y-0 left-1/2 w-px bg-line-strong" />
      <span
        className={`absolute inset-y-0 rounded-[2px] ${share < 0 ? 'right-1/2 bg-accent/70' : 'left-1/2 bg-warn/70'}`}
        style={{ width: `max(1px, ${Math.abs(share) * 50}%)` }}
      />
    </span>
  );
}
