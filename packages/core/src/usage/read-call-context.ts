import { FarthingError } from '../errors.js';
import type { CallContext, RequestFacts } from './call-context.js';
import { isFields, type Fields } from './fields.js';

/**
 * Checks a call's context from outside. Fields that are not known are ignored: they may be facts that
 * another version reads. Throws `invalid_context` with the field and what it must be.
 */
export function readCallContext(value: unknown): CallContext | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isFields(value)) throw invalid('context', 'an object');
  const context: CallContext = {};
  if (value['batch'] !== undefined) {
    if (typeof value['batch'] !== 'boolean') throw invalid('context.batch', 'true or false');
    context.batch = value['batch'];
  }
  for (const name of ['endpoint', 'location', 'deployment_type'] as const) {
    const text = textAt(value, name, 'context');
    if (text !== undefined) context[name] = text;
  }
  for (const name of ['audio_seconds', 'gpu_seconds'] as const) {
    const amount = amountAt(value, name, 'context');
    if (amount !== undefined) context[name] = amount;
  }
  const betas = value['anthropic_beta'];
  if (betas !== undefined) {
    if (!Array.isArray(betas) || !betas.every((beta) => typeof beta === 'string')) {
      throw invalid('context.anthropic_beta', 'a list of names');
    }
    context.anthropic_beta = betas;
  }
  const request = value['request'];
  if (request !== undefined) {
    if (!isFields(request)) throw invalid('context.request', 'an object');
    context.request = readRequest(request);
  }
  return context;
}

function readRequest(fields: Fields): RequestFacts {
  const facts: RequestFacts = {};
  for (const name of ['service_tier', 'size', 'quality'] as const) {
    const text = textAt(fields, name, 'context.request');
    if (text !== undefined) facts[name] = text;
  }
  for (const name of ['n', 'input_characters'] as const) {
    const count = amountAt(fields, name, 'context.request');
    if (count === undefined) continue;
    if (!Number.isSafeInteger(count)) throw invalid(`context.request.${name}`, 'a whole number');
    facts[name] = count;
  }
  return facts;
}

function textAt(fields: Fields, name: string, where: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > 256) {
    throw invalid(`${where}.${name}`, 'a text of at most 256 characters');
  }
  return value;
}

function amountAt(fields: Fields, name: string, where: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !(value >= 0) || value > Number.MAX_SAFE_INTEGER) {
    throw invalid(`${where}.${name}`, 'a number of 0 or more');
  }
  return value;
}

function invalid(where: string, what: string): FarthingError {
  return new FarthingError('invalid_context', `"${where}" must be ${what}.`);
}
