/** How a family of models answers. Times in milliseconds. */
export interface ModelProfile {
  /** Whether it thinks before it answers unless told otherwise, only when asked, or never. */
  reasoning: 'always' | 'on-request' | 'never';
  /** Visible output: median tokens and spread (sigma of the logarithm). */
  outputMedian: number;
  outputSigma: number;
  firstByteMedian: number;
  tokensPerSecond: number;
}

const families: [pattern: RegExp, profile: ModelProfile][] = [
  [/embedding/, profile('never', 0, 0, 90, 1000)],
  [/nano|flash-lite|luna/, profile('on-request', 160, 0.7, 280, 190)],
  [/^(?:o1|o3|o4|gpt-5|gpt-6).*-mini/, profile('always', 220, 0.7, 420, 140)],
  [/-mini/, profile('never', 190, 0.7, 360, 120)],
  [/^gpt-5\.[1-9]/, profile('on-request', 340, 0.8, 620, 85)],
  [/^(?:o1|o3|o4|gpt-5|gpt-6)/, profile('always', 320, 0.8, 700, 90)],
  [/gemini-3.*pro|gemini-2\.5-pro/, profile('always', 420, 0.8, 900, 110)],
  [/gemini.*flash/, profile('always', 260, 0.8, 420, 190)],
  [/haiku/, profile('on-request', 230, 0.7, 450, 150)],
  [/opus|fable/, profile('on-request', 460, 0.8, 1100, 60)],
  [/claude/, profile('on-request', 380, 0.8, 800, 75)],
];

export function profileOf(model: string): ModelProfile {
  const found = families.find(([pattern]) => pattern.test(model));
  return found === undefined ? profile('never', 260, 0.8, 550, 90) : found[1];
}

function profile(
  reasoning: ModelProfile['reasoning'],
  outputMedian: number,
  outputSigma: number,
  firstByteMedian: number,
  tokensPerSecond: number,
): ModelProfile {
  return { reasoning, outputMedian, outputSigma, firstByteMedian, tokensPerSecond };
}
