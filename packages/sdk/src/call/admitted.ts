import type { Admission, OpenedLine } from '@farthing/core';
import type { Opening } from '../sinks/sink.js';
import type { ChangedRequest } from './change-request.js';
import type { OutgoingRequest } from './outgoing-request.js';

/** A call about which budgets were asked. */
export interface Admitted {
  outgoing: OutgoingRequest;
  admission: Admission;
  opened: OpenedLine;
  /** Null where no sink has to have it before the answer may be seen. */
  opening: Opening | null;
  /** The request as budgets changed it; null where it goes out as it came. */
  changed: ChangedRequest | null;
}
