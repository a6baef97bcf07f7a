import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { estimateRequest, type ModelEstimate } from '../api/estimates-contract.js';
import { useReport } from '../api/use-report.js';
import { SmallButton } from '../controls/button.js';
import { TextField } from '../controls/fields.js';
import { Refused } from '../controls/refused.js';
import { fetchBookedModels } from '../prices/prices-report.js';
import { EstimateTable } from './estimate-table.js';
import { exampleModels, exampleRequest } from './example-request.js';
import { modelsOf, readRequest } from './read-request.js';
import { SourceBar } from './source-bar.js';

const suggested = 8;

/** What a request would cost on which model. It is sent to no provider, and kept nowhere. */
export function WhatWouldItCost() {
  const [text, setText] = useState('');
  const [models, setModels] = useState('');
  const [feature, setFeature] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const body = useRef<HTMLTextAreaElement>(null);
  const { data: booked } = useReport('booked-models', [], fetchBookedModels);
  const estimate = useMutation({ mutationFn: estimateRequest });
  const chosen = modelsOf(models);
  const ask = (json: string, wanted: string[]) => {
    const read = readRequest(json);
    setProblem(read.problem);
    if (read.request === null) return body.current?.focus();
    estimate.mutate({
      request: read.request,
      ...(wanted.length === 0 ? {} : { models: wanted }),
      ...(feature.trim() === '' ? {} : { feature: feature.trim() }),
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask(text, chosen);
  };
  const takeExample = () => {
    const json = JSON.stringify(exampleRequest, null, 2);
    setText(json);
    setModels(exampleModels.join(', '));
    ask(json, exampleModels);
  };
  const add = (name: string) => setModels([...chosen, name].join(', '));
  const names = (booked ?? [])
    .map(({ model }) => model)
    .filter((name) => !chosen.includes(name))
    .slice(0, suggested);
  return (
    <section className="panel px-4 py-5 sm:px-6" aria-labelledby="what-if">
      <h2 id="what-if" className="text-base font-semibold">
        What would it cost?
      </h2>
      <p className="mt-1 max-w-[44rem] text-ink-2">
        Paste a request as it would be sent. It goes to no provider and is not kept; input is
        counted, output foreseen as such calls were before.
      </p>
      <form
        onSubmit={submit}
        className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-4 lg:grid-cols-2"
        noValidate
      >
        <div>
          <label htmlFor="request-body" className="text-[0.8125rem] text-ink-2">
            Request body, JSON
          </label>
          <textarea
            id="request-body"
            ref={body}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setProblem(null);
            }}
            rows={12}
            spellCheck={false}
            aria-invalid={problem !== null}
            aria-describedby="request-problem"
            placeholder={'{ "model": "gpt-4.1", "messages": [ … ] }'}
            className="mt-1 block h-64 w-full resize-y rounded-md border border-line-strong bg-sunk px-3 py-2 font-mono text-xs leading-relaxed aria-invalid:border-bad"
          />
          <p
            id="request-problem"
            role="alert"
            className="mt-1 text-xs break-words text-bad empty:hidden"
          >
            {problem}
          </p>
        </div>
        <div className="space-y-4">
          <div>
            <TextField
              label="Models to compare"
              value={models}
              onChange={(event) => setModels(event.target.value)}
              placeholder="gpt-4.1, gpt-4.1-mini, claude-haiku-4-5"
              hint="With commas; provider/model where a name is not unique. Empty: the request’s own."
            />
            {names.length > 0 && (
              <div
                className="mt-2 flex flex-wrap gap-1.5"
                role="group"
                aria-label="Models called here"
              >
                {names.map((name) => (
                  <button
                    key={name}
                    type="button"
                    onClick={() => add(name)}
                    className="h-7 max-w-full truncate rounded-full border border-line-strong px-2.5 text-xs text-ink-2 hover:bg-sunk hover:text-ink"
                  >
                    + {name}
                  </button>
                ))}
              </div>
            )}
          </div>
          <TextField
            label="Feature"
            value={feature}
            onChange={(event) => setFeature(event.target.value)}
            hint="Whose calls it is like: estimated as those were learned. Empty: general rules."
          />
          <div className="flex flex-wrap gap-2 pt-1">
            <button
              type="submit"
              disabled={estimate.isPending}
              className="h-9 rounded-md bg-accent px-3.5 font-semibold text-on-accent hover:opacity-90 disabled:opacity-60"
            >
              Estimate
            </button>
            <SmallButton className="h-9" onClick={takeExample}>
              Take the example
            </SmallButton>
          </div>
          <Refused error={estimate.error} />
        </div>
      </form>
      {estimate.data && (
        <div
          className={`mt-6 space-y-6 ${estimate.isPending ? 'outdated' : ''}`}
          aria-live="polite"
        >
          <EstimateTable models={estimate.data.models} />
          {notesOf(estimate.data.models).map((note) => (
            <p key={note} className="text-[0.8125rem] text-ink-3">
              {note}
            </p>
          ))}
          {estimate.data.prompt && (
            <div>
              <h3 className="mb-2 text-[0.8125rem] font-medium text-ink-2">
                Where the input comes from
              </h3>
              <SourceBar parts={estimate.data.prompt.sources} />
              {estimate.data.prompt.lever !== null && (
                <p className="mt-2 text-[0.8125rem] text-ink-2">
                  Largest lever: {estimate.data.prompt.lever.source}. To save there,{' '}
                  {estimate.data.prompt.lever.advice}.
                </p>
              )}
            </div>
          )}
        </div>
      )}
    </section>
  );
}

/** What the counts of the models rest on, each thing once. */
const notesOf = (models: readonly ModelEstimate[]): string[] => [
  ...new Set(models.flatMap(({ input }) => input.notes)),
];
