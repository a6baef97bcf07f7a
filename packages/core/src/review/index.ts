export { buildReview, shownActions, type Review, type ReviewRequest } from './review.js';
export type {
  CellKind,
  ReviewAction,
  ReviewChart,
  ReviewPoint,
  ReviewSection,
  ReviewSources,
  ReviewTable,
} from './section.js';
export { renderReviewMarkdown } from './page/render-markdown.js';
export { renderReviewHtml } from './page/render-html.js';
export { formatCell as formatReviewCell } from './page/format-cell.js';
