import { useState } from 'react';
import { setBudget, type Budget } from '../api/budgets-contract.js';
import { RequestError } from '../api/http.js';
import { SmallButton } from '../controls/button.js';
import { ChangeDialog } from '../controls/dialog.js';
import { SelectField, TextField } from '../controls/fields.js';
import { SnippetBox } from '../controls/snippet-box.js';
import {
  definitionOf,
  emptyDraft,
  problemsByField,
  yamlOf,
  type BudgetDraft,
} from './budget-form.js';
import { capital, deedWords } from './budget-words.js';
import { ScopeFields } from './scope-fields.js';

const units = ['minute', 'hour', 'day', 'week', 'month', 'total'];
const lasts = ['block', 'throttle', 'acknowledge', 'warn'];

/** A budget from a form. The control plane checks it; what it says stands beside the field it is about. */
export function NewBudget({
  open,
  onClose,
  budgets,
}: {
  open: boolean;
  onClose: () => void;
  budgets: readonly Budget[];
}) {
  const [draft, setDraft] = useState<BudgetDraft>(emptyDraft);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const put = (part: Partial<BudgetDraft>) => setDraft((old) => ({ ...old, ...part }));
  const text = (key: keyof BudgetDraft) => ({
    name: key,
    value: draft[key] as string,
    onChange: (event: { target: { value: string } }) => put({ [key]: event.target.value }),
  });
  const definition = definitionOf(draft);
  const replaces = budgets.some(({ name }) => name === draft.name.trim());
  return (
    <ChangeDialog
      title="New budget"
      open={open}
      onClose={() => {
        setProblems({});
        onClose();
      }}
      confirm={replaces ? 'Replace it' : 'Set budget'}
      wide
      work={async () => {
        setProblems({});
        try {
          await setBudget(definition);
        } catch (error) {
          if (error instanceof RequestError && error.code === 'invalid_budgets')
            setProblems(problemsByField(error.message));
          throw error;
        }
        setDraft(emptyDraft);
      }}
      explains={(error) => {
        if (!(error instanceof RequestError) || error.code !== 'invalid_budgets') return error;
        const rest = problemsByField(error.message)[''];
        return rest === undefined ? null : new Error(rest);
      }}
    >
      <TextField
        label="Name"
        {...text('name')}
        placeholder="each user of search"
        problem={problems['name']}
        hint={
          replaces
            ? 'There is a budget of this name: it is replaced.'
            : 'Callers see it in refusals; amounts they never see.'
        }
      />
      <ScopeFields
        scope={draft.scope}
        problem={problems['scope']}
        onChange={(scope) => put({ scope })}
      />
      <div className="grid gap-3 sm:grid-cols-3">
        <TextField
          label="Limit in USD"
          {...text('usd')}
          inputMode="decimal"
          placeholder="15.00"
          problem={problems['limit']}
        />
        <TextField
          label="and in tokens"
          {...text('tokens')}
          inputMode="numeric"
          problem={problems['tokens']}
        />
        <TextField
          label="and in calls"
          {...text('calls')}
          inputMode="numeric"
          problem={problems['calls']}
        />
      </div>
      <div className="grid gap-3 sm:grid-cols-3">
        <SelectField label="In each" {...text('window')} problem={problems['window']}>
          {units.map((unit) => (
            <option key={unit} value={unit}>
              {unit === 'total' ? 'in total, for ever' : unit}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Counted"
          value={draft.rolling ? 'rolling' : 'calendar'}
          onChange={(event) => put({ rolling: event.target.value === 'rolling' })}
          disabled={draft.window === 'total'}
        >
          <option value="calendar">by the calendar, UTC</option>
          <option value="rolling">rolling, looking back</option>
        </SelectField>
        <TextField
          label="Warns from, in %"
          {...text('soft')}
          inputMode="numeric"
          problem={problems['soft']}
        />
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="When full, first downgrade along"
          {...text('downgrade')}
          placeholder="gpt-5.4, gpt-5.4-mini"
          problem={problems['downgrade']}
          hint="Models with commas, the dearest first; empty: none."
        />
        <SelectField label="then" {...text('last')} problem={problems['actions']}>
          {lasts.map((action) => (
            <option key={action} value={action}>
              {capital(deedWords(action))}
            </option>
          ))}
        </SelectField>
      </div>
      <label className="flex items-center gap-2 text-[0.8125rem] text-ink-2">
        <input
          type="checkbox"
          checked={draft.truncate}
          onChange={(event) => put({ truncate: event.target.checked })}
          className="size-4 accent-[var(--accent)]"
        />
        Before that, leave out the oldest history of a call that does not fit
      </label>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="A single call may cost at most, in USD"
          {...text('callMax')}
          inputMode="decimal"
          problem={problems['call']}
        />
        <TextField label="and is said to be dear from" {...text('callWarn')} inputMode="decimal" />
      </div>
      <details className="text-[0.8125rem]">
        <summary className="w-fit font-medium text-accent-ink hover:underline">
          The same in farthing.yaml
        </summary>
        <div className="mt-2">
          <SnippetBox place="farthing.yaml" code={yamlOf(definition)} />
        </div>
      </details>
    </ChangeDialog>
  );
}

/** The button that opens it. */
export function NewBudgetButton({ budgets }: { budgets: readonly Budget[] }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <SmallButton onClick={() => setOpen(true)}>New budget</SmallButton>
      <NewBudget open={open} onClose={() => setOpen(false)} budgets={budgets} />
    </>
  );
}
