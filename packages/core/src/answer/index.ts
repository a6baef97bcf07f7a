export type { AnswerBooks } from './answer-books.js';
export { buildFrame, frameOf, shareOf, type AnswerFrame, type FrameRequest } from './frame.js';
