import type { CacheSetting } from '@farthing/core';
import { useId, type FormEvent } from 'react';
import { useReport } from '../../api/use-report.js';
import { SelectField, TextField } from '../../controls/fields.js';
import { fetchBookedModels } from '../../prices/prices-report.js';
import { settingWords } from '../cache/setting-words.js';
import { scenarioFields, type ScenarioChoices } from './scenario.js';

/** What is to be different. It changes nothing until it is asked for; then it stands in the URL. */
export function ScenarioForm({
  chosen,
  choose,
}: {
  chosen: ScenarioChoices;
  choose: (choices: ScenarioChoices) => void;
}) {
  const models = useReport('booked models', null, fetchBookedModels).data ?? [];
  const list = useId();
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    choose(Object.fromEntries(scenarioFields.map((name) => [name, text(name)])));
  };
  const count = { inputMode: 'numeric' as const, pattern: '[0-9]*', title: 'A whole number' };
  const share = { inputMode: 'decimal' as const, pattern: '[0-9]+([.][0-9]+)?' };
  return (
    <form
      // What the URL says is what the fields hold, also after a step back.
      key={JSON.stringify(chosen)}
      onSubmit={onSubmit}
      className="grid grid-cols-2 gap-x-4 gap-y-4 px-4 sm:grid-cols-3 sm:px-6 lg:grid-cols-6"
    >
      <div className="col-span-2">
        <TextField
          label="On another model"
          name="as_model"
          list={list}
          defaultValue={chosen.as_model}
          placeholder="as it was"
          hint="An id, or provider/id"
        />
        <datalist id={list}>
          {models.map(({ provider, model }) => (
            <option key={`${provider}/${model}`} value={`${provider}/${model}`} />
          ))}
        </datalist>
      </div>
      <SelectField label="Sent" name="batch" defaultValue={chosen.batch ?? ''}>
        <option value="">as it was</option>
        <option value="true">as batches</option>
      </SelectField>
      <SelectField label="Prompt cache" name="cache" defaultValue={chosen.cache ?? ''}>
        <option value="">as it was</option>
        {(Object.keys(settingWords) as CacheSetting[]).map((setting) => (
          <option key={setting} value={setting}>
            {settingWords[setting]}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Cached share of input"
        name="hit_ratio"
        defaultValue={chosen.hit_ratio}
        placeholder="as it was"
        hint="0.6 is 60%"
        title="A share such as 0.6"
        {...share}
      />
      <TextField
        label="Answers × as long"
        name="output_factor"
        defaultValue={chosen.output_factor}
        placeholder="1"
        hint="As samples showed"
        title="A factor such as 1.3"
        {...share}
      />
      <TextField
        label="Earlier turns, at most"
        name="history_cap"
        defaultValue={chosen.history_cap}
        placeholder="all"
        hint="Tokens"
        {...count}
      />
      <TextField
        label="Answer, at most"
        name="output_cap"
        defaultValue={chosen.output_cap}
        placeholder="any length"
        hint="Tokens"
        {...count}
      />
      <div className="col-span-2 flex items-end gap-2 pb-5 sm:col-span-1 lg:col-span-4">
        <button
          type="submit"
          className="h-9 rounded-md bg-accent px-4 text-sm font-semibold text-on-accent hover:opacity-90"
        >
          Work it out
        </button>
        {Object.keys(chosen).length > 0 && (
          <button
            type="button"
            onClick={() => choose(Object.fromEntries(scenarioFields.map((name) => [name, ''])))}
            className="h-9 rounded-md px-3 text-sm text-ink-2 hover:bg-sunk hover:text-ink"
          >
            Clear
          </button>
        )}
      </div>
    </form>
  );
}
