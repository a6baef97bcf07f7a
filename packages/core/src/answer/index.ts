export type { AnswerBooks } from './answer-books.js';
export { noteUnknownValues } from './note-unknown-values.js';
export {
  buildFrame,
  frameOf,
  shareOf,
  shareOfCost,
  type AnswerFrame,
  type FrameRequest,
  type Framed,
} from './frame.js';
