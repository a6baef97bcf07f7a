/** Stands where a figure will be, in its size, so that nothing moves when it comes. */
export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden="true" className={`skeleton inline-block align-middle ${className}`} />;
}

/** Says once, to those who cannot see the skeletons, that something is on its way. */
export function Loading({ what }: { what: string }) {
  return (
    <span role="status" className="sr-only">
      Loading {what}
    </span>
  );
}
