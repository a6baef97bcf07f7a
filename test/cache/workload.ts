import { Random } from '../../packages/server/src/fake-provider/random.js';
import { writeText } from '../../packages/server/src/fake-provider/words.js';

/** How requests ask for caching, and in which order they have their parts. */
export type Caching = 'none' | '5m' | '1h' | '5m_second_sighting' | 'stable_first';

interface Message {
  role: 'user' | 'assistant';
  text: string;
}

/** One call of the workload, as the application knows it. */
export interface WorkloadCall {
  feature: string;
  /** Milliseconds. */
  at: number;
  tools: object[];
  /** Instructions that are always the same, and what changes and stands in front of them. */
  instructions: string;
  changing: string;
  messages: Message[];
  /** How many of the messages an earlier call of this conversation has sent. */
  sentBefore: number;
}

const start = Date.UTC(2026, 10, 2, 8);
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * What an application's features send: chats with long instructions, an agent's loops, answers from
 * retrieved documents, a job every twelve minutes, and instructions that begin with the time.
 *
 * @param scale 1 is about 700 calls over six hours.
 */
export function workload(scale: number, seed = 'workload'): WorkloadCall[] {
  const random = new Random(seed);
  const text = (tokens: number) => writeText(random, tokens).join('');
  const spread = (median: number) => random.lognormal(median, 0.6);
  const calls: WorkloadCall[] = [];
  const span = 6 * hour * Math.min(1, scale * 2);
  const times = (count: number) =>
    Array.from(
      { length: Math.max(2, Math.round(count * scale)) },
      () => start + random.next() * span,
    );

  const conversation = (
    base: Pick<WorkloadCall, 'feature' | 'tools' | 'instructions' | 'changing'>,
    from: number,
    turns: number,
    { gap, question, answer }: { gap: number; question: number; answer: number },
  ) => {
    const messages: Message[] = [];
    let at = from;
    for (let turn = 0; turn < turns; turn++) {
      // The last answer is new: it comes back for the first time.
      const sentBefore = Math.max(0, messages.length - 1);
      messages.push({ role: 'user', text: text(Math.round(spread(question))) });
      calls.push({ ...base, at: Math.round(at), messages: [...messages], sentBefore });
      messages.push({ role: 'assistant', text: text(Math.round(spread(answer))) });
      at += spread(gap);
    }
  };
  const none = { tools: [], changing: '' };

  const support = { ...none, feature: 'support', instructions: text(3_000) };
  for (const at of times(50)) {
    conversation(support, at, random.integer(2, 7), {
      gap: 90 * second,
      question: 60,
      answer: 250,
    });
  }
  const agent = {
    ...none,
    feature: 'agent',
    instructions: text(1_200),
    tools: ['search', 'read', 'write', 'run'].map((name) => ({
      name,
      description: text(300),
      input_schema: { type: 'object', properties: { input: { type: 'string' } } },
    })),
  };
  for (const at of times(12)) {
    conversation(agent, at, random.integer(6, 18), {
      gap: 12 * second,
      question: 700,
      answer: 150,
    });
  }
  const answers = { ...none, feature: 'answers', instructions: text(150) };
  for (const at of times(120)) {
    conversation(answers, at, 1, { gap: minute, question: 3_500, answer: 1 });
  }
  const job = { ...none, feature: 'job', instructions: text(4_000) };
  for (let at = start; at < start + span; at += (12 * minute * 30) / (30 * scale + 1)) {
    const own = Math.min(at + random.next() * minute, start + span);
    conversation(job, own, 1, { gap: minute, question: 200, answer: 1 });
  }
  const dated = { ...none, feature: 'dated', instructions: text(2_600) };
  for (const at of times(110)) {
    const changing = `The time is ${new Date(Math.round(at)).toISOString()}. The request has the number ${random.integer(1, 1e9)}.`;
    conversation({ ...dated, changing }, at, 1, { gap: minute, question: 150, answer: 1 });
  }
  return calls.toSorted((a, b) => a.at - b.at);
}

/** The calls' requests as an application that asks for this caching sends them, in turn. */
export function requestsOf(calls: readonly WorkloadCall[], caching: Caching): object[] {
  const seen = new Set<string>();
  return calls.map((call) => {
    const { tools, instructions, changing, messages, sentBefore } = call;
    const isSeen = seen.has(changing + instructions);
    seen.add(changing + instructions);
    const control = {
      cache_control: { type: 'ephemeral', ...(caching === '1h' ? { ttl: '1h' } : {}) },
    };
    const marks = (wanted: boolean) => (wanted && caching !== 'none' ? control : {});
    const isLate = caching === '5m_second_sighting';
    const block = (text: string, marked: boolean) => ({ type: 'text', text, ...marks(marked) });
    const parts = [changing, instructions].filter((text) => text !== '');
    const ordered = caching === 'stable_first' ? parts.toReversed() : parts;
    const marked = caching === 'stable_first' ? 0 : ordered.length - 1;
    const lastMarked = isLate ? sentBefore - 1 : messages.length - 1;
    return {
      model: 'claude-sonnet-4-5',
      max_tokens: 64,
      ...(tools.length === 0 ? {} : { tools }),
      system: ordered.map((text, index) => block(text, index === marked && (!isLate || isSeen))),
      messages: messages.map(({ role, text }, index) => ({
        role,
        content: [block(text, index === lastMarked)],
      })),
    };
  });
}
