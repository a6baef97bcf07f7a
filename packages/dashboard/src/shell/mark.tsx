/** The wren on the reverse of a farthing, on verdigris. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 32 32" className="shrink-0">
      <circle cx="16" cy="16" r="16" fill="#0b6652" />
      <path
        d="M4.8 12.4 8.6 11c.8-2 3-3 5-2.2 1.8.7 3 2.7 5 3.7 1.4.6 2.4-.5 3.2-2.3l2-4.8 3 1.1-2 6c-.2 5.7-3.6 10-9.2 10-4.2 0-6.9-3.1-6.9-6.8 0-1-.1-1.7-.2-2.3Z"
        fill="#f0c79a"
      />
      <path
        d="m13.9 22.2-.9 4.3m4.2-4.4.6 4.4"
        stroke="#f0c79a"
        strokeWidth="1.4"
        strokeLinecap="round"
      />
      <circle cx="12" cy="11.8" r="1" fill="#0b6652" />
    </svg>
  );
}
