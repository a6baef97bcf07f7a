import { caching } from './schema-caching.js';
import { estimates } from './schema-estimates.js';
import { restating } from './schema-restating.js';
import { runSteps } from './schema-run-steps.js';

/**
 * The database's schema as numbered steps. A step that has been released is never edited: a new
 * version is a new step. Version n is the schema after the first n steps.
 */
export const schemaSteps: readonly (readonly string[])[] = [
  [
    `CREATE TABLE journals (
      number USMALLINT NOT NULL,
      name VARCHAR NOT NULL,
      segment BIGINT,
      line_offset BIGINT
    )`,
    `CREATE TABLE calls (
      id UUID NOT NULL,
      started_at TIMESTAMP NOT NULL,
      adjustment BOOLEAN NOT NULL,
      source VARCHAR NOT NULL,
      provider VARCHAR NOT NULL,
      api VARCHAR NOT NULL,
      path VARCHAR,
      stream BOOLEAN NOT NULL,
      model_requested VARCHAR,
      model VARCHAR,
      outcome VARCHAR NOT NULL,
      http_status INTEGER,
      error_type VARCHAR,
      attempt INTEGER NOT NULL,
      duration_ms INTEGER NOT NULL,
      first_byte_ms INTEGER,
      tag_feature VARCHAR,
      tag_user VARCHAR,
      tag_tenant VARCHAR,
      tag_segment VARCHAR,
      tag_agent VARCHAR,
      tag_route VARCHAR,
      tag_template_version VARCHAR,
      tag_run VARCHAR,
      tag_session VARCHAR,
      tag_trace VARCHAR,
      tag_environment VARCHAR,
      custom MAP(VARCHAR, VARCHAR) NOT NULL,
      tokens_input_uncached BIGINT,
      tokens_cache_read BIGINT,
      tokens_cache_write BIGINT,
      tokens_cache_write_5m BIGINT,
      tokens_cache_write_1h BIGINT,
      tokens_output BIGINT,
      tokens_reasoning BIGINT,
      usage_estimated BOOLEAN NOT NULL,
      cost BIGINT,
      cost_status VARCHAR NOT NULL,
      cost_source VARCHAR,
      cost_unknown BOOLEAN NOT NULL,
      cost_input_uncached BIGINT,
      cost_cache_read BIGINT,
      cost_cache_write BIGINT,
      cost_output BIGINT,
      cost_other BIGINT,
      cost_reported BIGINT,
      journal USMALLINT NOT NULL,
      segment BIGINT NOT NULL,
      line_offset BIGINT NOT NULL
    )`,
    `CREATE TABLE hourly (
      "hour" TIMESTAMP NOT NULL,
      source VARCHAR NOT NULL,
      provider VARCHAR NOT NULL,
      api VARCHAR NOT NULL,
      stream BOOLEAN NOT NULL,
      model_requested VARCHAR,
      model VARCHAR,
      outcome VARCHAR NOT NULL,
      http_status INTEGER,
      attempt INTEGER NOT NULL,
      cost_status VARCHAR NOT NULL,
      cost_source VARCHAR,
      tag_feature VARCHAR,
      tag_segment VARCHAR,
      tag_agent VARCHAR,
      tag_route VARCHAR,
      tag_template_version VARCHAR,
      tag_environment VARCHAR,
      ${rollupSums()}
    )`,
    `CREATE TABLE hourly_tenant (
      "hour" TIMESTAMP NOT NULL,
      provider VARCHAR NOT NULL,
      model VARCHAR,
      tag_tenant VARCHAR,
      tag_segment VARCHAR,
      tag_environment VARCHAR,
      ${rollupSums()}
    )`,
  ],
  restating(),
  estimates(),
  runSteps(),
  caching(),
  // What says how a run ended is no call any more: the tables are as they were, the roll-ups are not.
  [],
];

export const schemaVersion = schemaSteps.length;

/** Roll-ups that an older version wrote count by other rules, and are made anew from the calls. */
export const rollupsVersion = 6;

/** Of the first step: what later ones add is not here. */
function rollupSums(): string {
  return `calls BIGINT NOT NULL,
      errors BIGINT NOT NULL,
      retries BIGINT NOT NULL,
      unpriced BIGINT NOT NULL,
      unattributed BIGINT NOT NULL,
      priced BIGINT NOT NULL,
      unknown BIGINT NOT NULL,
      reported BIGINT NOT NULL,
      priced_calls BIGINT NOT NULL,
      unattributed_priced BIGINT NOT NULL,
      unattributed_unknown BIGINT NOT NULL,
      retries_priced BIGINT NOT NULL,
      retries_unknown BIGINT NOT NULL,
      cost BIGINT NOT NULL,
      cost_of_calls BIGINT NOT NULL,
      unattributed_cost BIGINT NOT NULL,
      retries_cost BIGINT NOT NULL,
      cost_input_uncached BIGINT NOT NULL,
      cost_cache_read BIGINT NOT NULL,
      cost_cache_write BIGINT NOT NULL,
      cost_output BIGINT NOT NULL,
      cost_other BIGINT NOT NULL,
      cost_reported BIGINT NOT NULL,
      duration_ms BIGINT NOT NULL,
      tokens_input_uncached BIGINT NOT NULL,
      tokens_cache_read BIGINT NOT NULL,
      tokens_cache_write BIGINT NOT NULL,
      tokens_cache_write_5m BIGINT NOT NULL,
      tokens_cache_write_1h BIGINT NOT NULL,
      tokens_output BIGINT NOT NULL,
      tokens_reasoning BIGINT NOT NULL,
      cost_min BIGINT,
      cost_max BIGINT`;
}
