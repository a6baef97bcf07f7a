import type { Dimension } from '../report/query.js';
import type { Cause } from './causes.js';
import type { Onset } from './date-cause.js';
import type { UnitQuantity } from './unit-quantity.js';

/**
 * What happened, as a clause: "`search` started sending 2.1 × the output tokens on 14 Nov after template
 * v7". Without a full stop, so that amounts can stand around it.
 */
export function describeCause(cause: Cause, onset: Onset | null, by: Dimension): string {
  return `${happened(cause, onset, by)}${when(onset)}${after(cause)}`;
}

/** `search` in backquotes; what is not set has a name. */
export function nameGroup(group: string | null, by: Dimension): string {
  return group === null ? `what has no ${by.replaceAll('_', ' ')}` : `\`${group}\``;
}

function happened(cause: Cause, onset: Onset | null, by: Dimension): string {
  const { kind } = cause;
  const quantity = fromOnset(cause, onset);
  const who = cause.group === undefined ? 'everything' : nameGroup(cause.group, by);
  const model = cause.model?.model ?? cause.model?.provider ?? null;
  const isUp = (quantity?.after ?? 0) >= (quantity?.before ?? 0);
  const began = onset === null ? 'sends' : 'started sending';
  switch (kind) {
    case 'new':
      return `${who} is new`;
    case 'gone':
      return `${who} made no more calls`;
    case 'volume':
      if (cause.group === undefined)
        return `calls went ${isUp ? 'up' : 'down'} everywhere${times(quantity)}`;
      return `${who} made ${ratioText(quantity, 'calls')}`;
    case 'routing':
      return `${who} moved to ${model ?? 'another model'}${fromTo(quantity, 'of its calls')}`;
    case 'retries':
      return isUp
        ? `${who} had more billed retries (${plain(quantity?.before)} → ${plain(quantity?.after)} attempts a call)`
        : `${who} had fewer billed retries (${plain(quantity?.before)} → ${plain(quantity?.after)} attempts a call)`;
    case 'input':
      return `${who} ${began} ${ratioText(quantity, 'input tokens')}`;
    case 'output':
      return `${who} ${onset === null ? 'produces' : 'started producing'} ${ratioText(quantity, 'output tokens')}`;
    case 'cache':
      return cause.quantity !== null && !isUp
        ? `${who} lost cache hits${fromTo(quantity, 'of its input read from the cache')}`
        : `the cache of ${who} changed${fromTo(quantity, 'of its input read from it')}`;
    case 'price':
      return `the price per token of ${model === null ? 'its models' : `\`${model}\``} went ${isUp ? 'up' : 'down'}${times(quantity)}${cause.group === undefined ? '' : ` for ${who}`}`;
    case 'unpriced':
      return isUp
        ? `calls of ${who} that had no price have one now`
        : `calls of ${who} have no known price any more`;
    case 'other':
      return `${who} pays ${isUp ? 'more' : 'less'} for tools, images and fees`;
    case 'stated':
      return `amounts that belong to no call (credits, invoice differences) changed for ${who}`;
  }
}

function when(onset: Onset | null): string {
  if (onset === null) return '';
  if (onset.until === null) return ` on ${day(onset.at)}`;
  const last = new Date(Date.parse(onset.until) - 1).toISOString();
  const [from, until] = [day(onset.at), day(last)];
  return from === until ? ` for a while on ${from}` : ` from ${from} to ${until}`;
}

function after({ template, kind }: Cause): string {
  if (template === undefined || kind === 'new' || kind === 'gone' || kind === 'price') return '';
  if (template === null) return ', in calls without a template version';
  return ` with template ${template}`;
}

/**
 * What was so until it set in and from then on, where that is known: the means of both windows say less,
 * because a part of one may lie before the change.
 */
function fromOnset({ kind, quantity }: Cause, onset: Onset | null): UnitQuantity | null {
  const ratio = onset?.ratio ?? null;
  if (quantity === null || quantity.before === null || ratio === null) return quantity;
  if (kind !== 'input' && kind !== 'output' && kind !== 'price') return quantity;
  return { ...quantity, after: quantity.before * ratio };
}

/** `2.1 × the output tokens`, `38 % fewer calls`. */
function ratioText(quantity: UnitQuantity | null, what: string): string {
  const ratio = ratioOf(quantity);
  if (ratio === null) return `another amount of ${what}`;
  if (ratio >= 1.95)
    return `${ratio < 9.95 ? ratio.toFixed(1) : Math.round(ratio).toLocaleString('en-US')} × the ${what}`;
  const percent = Math.abs(ratio - 1) * 100;
  const shown = percent < 9.95 ? percent.toFixed(1) : String(Math.round(percent));
  return `${shown} % ${ratio >= 1 ? 'more' : 'fewer'} ${what}`;
}

function times(quantity: UnitQuantity | null): string {
  const ratio = ratioOf(quantity);
  if (ratio === null) return '';
  return ` by ${Math.abs((ratio - 1) * 100).toFixed(Math.abs(ratio - 1) < 0.0995 ? 1 : 0)} %`;
}

function fromTo(quantity: UnitQuantity | null, what: string): string {
  if (quantity === null || quantity.before === null || quantity.after === null) return '';
  return ` (${percentText(quantity.before)} → ${percentText(quantity.after)} ${what})`;
}

function percentText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function plain(value: number | null | undefined): string {
  return value == null ? '?' : value.toFixed(2);
}

function ratioOf(quantity: UnitQuantity | null): number | null {
  if (quantity === null || quantity.before === null || quantity.after === null) return null;
  return quantity.before > 0 ? quantity.after / quantity.before : null;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function day(at: string): string {
  return `${Number(at.slice(8, 10))} ${months[Number(at.slice(5, 7)) - 1]}`;
}
