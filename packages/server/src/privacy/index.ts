export {
  forget,
  finishPending,
  tagDimension,
  type Forgotten,
  type ForgetRequest,
} from './forget.js';
export { rotateKey } from './key-ring.js';
export { pseudonymPattern } from './pseudonym.js';
export { loadSecret } from './secret.js';
export { storedValues, type StoredValue } from './stored-values.js';
export {
  openTagPrivacy,
  userPolicy,
  type PrivacySettings,
  type TagPrivacy,
} from './tag-privacy.js';
