import type { Window } from '../report/query.js';
import type { ReconciliationCauseName } from './result.js';

/** What a cause is called, and what to do about it. */
export interface CauseAdvice {
  title: string;
  next_step: string;
  command?: string;
}

export interface AdviceFacts {
  provider: string;
  window: Window;
  /** The model on which the cause weighs most. */
  model: string | null;
}

/** Advice in words; commands are ready to be pasted. */
export function adviceFor(cause: ReconciliationCauseName, facts: AdviceFacts): CauseAdvice {
  const span = `--since ${facts.window.from.slice(0, 10)} --until ${facts.window.to.slice(0, 10)}`;
  const model = facts.model ?? '<model>';
  switch (cause) {
    case 'unrecorded_calls':
      return {
        title: 'calls that never passed Farthing',
        next_step:
          'Find who calls the provider directly and point their base URL at the gateway. Keys and projects that are not meant to pass it are declared under `reconcile` in farthing.yaml.',
      };
    case 'other_traffic':
      return {
        title: 'traffic of keys or projects that are not declared as passing Farthing',
        next_step: 'Nothing, if that is meant: it is left out of the accuracy.',
      };
    case 'double_booked':
      return {
        title: 'answers that were booked twice',
        next_step:
          'The same response id stands in the ledger under two entry ids, most often an import of calls that the gateway recorded as well. Take the repeats out with an adjusting entry.',
        command: `farthing reconcile --provider ${facts.provider} ${span} --book`,
      };
    case 'interrupted_calls':
      return {
        title: 'calls that broke off, booked at an estimate',
        next_step:
          'Set `gateway.on_client_abort: drain` to have exact usage of calls that clients leave, or book the difference.',
        command: `farthing reconcile --provider ${facts.provider} ${span} --book`,
      };
    case 'missing_usage':
      return {
        title: 'answers whose usage never arrived',
        next_step:
          'The end of the stream was lost or carried no usage. Book the difference; if it comes back, look at the calls.',
        command: `farthing report --by model,cost_status ${span} --measure unpriced_calls`,
      };
    case 'estimated_usage':
      return {
        title: 'usage that was recorded as an estimate',
        next_step: 'Send these calls through the gateway or import their real usage.',
      };
    case 'errors_billed':
      return {
        title: 'failed calls that were billed all the same',
        next_step:
          'The provider billed calls that timed out or failed on its side. Ask it for a credit, or book the difference.',
      };
    case 'price':
      return {
        title: 'another price for the same tokens',
        next_step:
          'Compare both rates below with the provider’s price list. If the ledger’s is wrong, set the right one and reprice; booked entries stay, the difference is booked as adjusting entries.',
        command: `farthing prices show ${model} && farthing reprice ${span} --dry-run`,
      };
    case 'service_tier':
      return {
        title: 'another service tier than recorded',
        next_step:
          'The answers’ tier did not reach the ledger. Check what strips `service_tier` from answers, and book the difference.',
        command: `farthing reconcile --provider ${facts.provider} ${span} --book`,
      };
    case 'batch':
      return {
        title: 'batch discount that the ledger did not apply',
        next_step:
          'These calls ran in the batch API. Import its output with the batch marked (context.batch), or book the difference.',
        command: `farthing reconcile --provider ${facts.provider} ${span} --book`,
      };
    case 'cache_split':
      return {
        title: 'input split otherwise between cached and uncached',
        next_step:
          'The recorded usage lacks the cache details. Prefer the provider’s raw usage over a framework’s totals, and book the difference.',
        command: `farthing reconcile --provider ${facts.provider} ${span} --book`,
      };
    case 'time_edge':
      return {
        title: 'the same tokens in another hour or day',
        next_step:
          'Nothing to book: the sums agree. If it is a whole hour or more, check the clock and time zone of the machine that records.',
      };
    case 'unpriced':
      return {
        title: 'calls without a price in the ledger',
        next_step: 'Add the missing prices, then reprice: the waiting calls get their cost.',
        command: `farthing prices missing && farthing reprice ${span}`,
      };
    case 'late_data':
      return {
        title: 'figures of the provider that are not final',
        next_step: 'Run it again when the provider has closed these days.',
        command: `farthing reconcile --provider ${facts.provider} ${span}`,
      };
    case 'rounding':
      return {
        title: 'rounding of the provider’s amounts',
        next_step: 'Nothing: Farthing counts more finely than the provider states.',
      };
    case 'discount':
      return {
        title: 'one factor over all prices',
        next_step:
          'A contract discount, spread credits or a tax. If it is a contract, declare it as a `discount` under `prices` in farthing.yaml and reprice.',
        command: `farthing reprice ${span} --dry-run`,
      };
    case 'tool_fees':
      return {
        title: 'fees for searches and other tools',
        next_step: 'Compare the counts below; book the difference where the provider’s is right.',
      };
    case 'other_services':
      return {
        title: 'services that are no calls',
        next_step:
          'Storage, training and the like are not metered per call. Book them if they belong in these books.',
      };
    case 'credits':
      return {
        title: 'credits on the provider’s bill',
        next_step: 'Book them as an adjusting entry if reports should show what was paid.',
      };
    case 'manual_adjustments':
      return {
        title: 'adjusting entries already booked by hand',
        next_step: 'Nothing: they answer for differences named above.',
      };
  }
}
