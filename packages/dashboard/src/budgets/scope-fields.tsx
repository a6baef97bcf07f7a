import { SmallButton } from '../controls/button.js';
import type { BudgetDraft } from './budget-form.js';
import { capital, scopeLabel, scopeWords } from './budget-words.js';

const dimensions = [
  'feature',
  'user',
  'tenant',
  'segment',
  'agent',
  'route',
  'template_version',
  'run',
  'session',
  'environment',
  'provider',
  'model',
  'key',
];

type Scope = BudgetDraft['scope'];

/** Whose calls: dimensions and values. */
export function ScopeFields({
  scope,
  problem,
  onChange,
}: {
  scope: Scope;
  problem: string | undefined;
  onChange: (scope: Scope) => void;
}) {
  const put = (index: number, part: Partial<Scope[number]>) =>
    onChange(scope.map((each, at) => (at === index ? { ...each, ...part } : each)));
  const box = 'h-9 rounded-md border border-line-strong bg-surface px-2.5 text-sm';
  const named = Object.fromEntries(
    scope
      .filter(({ value }) => value.trim() !== '')
      .map(({ dimension, value }) => [dimension, value.trim()]),
  );
  return (
    <fieldset className="min-w-0 text-[0.8125rem]">
      <legend className="text-ink-2">Whose calls</legend>
      <div className="mt-1 space-y-2">
        {scope.map(({ dimension, value }, index) => (
          <div key={index} className="flex gap-2">
            <select
              aria-label={`Dimension ${index + 1}`}
              value={dimension}
              onChange={(event) => put(index, { dimension: event.target.value })}
              className={`${box} w-28 sm:w-36`}
            >
              {[...new Set([...dimensions, dimension])].map((each) => (
                <option key={each} value={each}>
                  {capital(scopeLabel(each))}
                </option>
              ))}
            </select>
            <input
              aria-label={`Value of ${scopeLabel(dimension)}`}
              value={value}
              onChange={(event) => put(index, { value: event.target.value })}
              placeholder="a value, or * for each"
              autoComplete="off"
              spellCheck={false}
              className={`${box} min-w-0 flex-1`}
            />
            {scope.length > 1 && (
              <SmallButton
                quiet
                className="h-9"
                aria-label={`Leave out ${scopeLabel(dimension)}`}
                onClick={() => onChange(scope.filter((_, at) => at !== index))}
              >
                ×
              </SmallButton>
            )}
          </div>
        ))}
      </div>
      <p className={`mt-1.5 text-xs ${problem === undefined ? 'text-ink-3' : 'text-bad'}`}>
        {problem ?? `${scopeWords(named)}. `}
        <button
          type="button"
          onClick={() => onChange([...scope, { dimension: 'user', value: '' }])}
          className="font-medium text-accent-ink hover:underline"
        >
          Add a dimension
        </button>
      </p>
    </fieldset>
  );
}
