import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <div className="py-24 text-center">
      <h1 className="text-xl font-semibold">There is nothing at this address</h1>
      <p className="mt-2 text-ink-2">
        The link may be from another version.{' '}
        <Link to="/" className="text-accent-ink underline">
          Go to the overview
        </Link>
        .
      </p>
    </div>
  );
}
