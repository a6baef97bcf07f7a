export { postJson, type PostAnswer, type Posting } from './post-json.js';
export { sign, signatureHeader } from './sign.js';
