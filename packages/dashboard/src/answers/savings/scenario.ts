import type { AnswerChoice } from '../use-answer.js';

/** What a reader can ask to be different, by its name in the URL: none of them is a dimension. */
export const scenarioFields = [
  'as_model',
  'batch',
  'cache',
  'hit_ratio',
  'history_cap',
  'output_cap',
  'output_factor',
] as const;

export type ScenarioChoices = Partial<Record<(typeof scenarioFields)[number], string>>;

/** As `GET /api/v1/whatif` takes it. */
export const scenarioParameters = (chosen: ScenarioChoices): AnswerChoice => ({
  model: chosen.as_model,
  batch: chosen.batch,
  cache: chosen.cache,
  cache_hit_ratio: chosen.hit_ratio,
  history_cap: chosen.history_cap,
  output_cap: chosen.output_cap,
  output_factor: chosen.output_factor,
});
