export { tagAdvice, TagPolicy, type MissingTags, type TagRule } from './tag-policy.js';
export {
  buildUntagged,
  type UntaggedReport,
  type UntaggedSender,
  type UntaggedTag,
} from './untagged.js';
