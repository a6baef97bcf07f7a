/** The steps from mild to severe; the one in force stands out. */
export function Steps({ steps, at }: { steps: readonly string[]; at: string | null }) {
  const taken = at === null ? -1 : steps.indexOf(at);
  return (
    <ol aria-label="Steps" className="flex flex-wrap items-center gap-y-1 pt-0.5 text-xs">
      {steps.map((step, index) => (
        <li
          key={step}
          aria-current={index === taken ? 'step' : undefined}
          className="flex items-center"
        >
          {index > 0 && (
            <span aria-hidden="true" className="mx-1.5 text-ink-3">
              →
            </span>
          )}
          <span
            className={
              index === taken
                ? 'rounded bg-bad-soft px-1.5 py-0.5 font-semibold text-bad'
                : index < taken
                  ? 'text-ink-2'
                  : 'text-ink-3'
            }
          >
            {step}
          </span>
        </li>
      ))}
    </ol>
  );
}
