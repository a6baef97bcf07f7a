import type { Answer } from './answer.js';

/**
 * A body as a stream that passes chunk by chunk as the caller asks for them: nothing is read ahead,
 * and leaving early cancels the provider's stream. `source` is asked for with the first read.
 */
export function tappedStream(
  source: () => ReadableStream<Uint8Array>,
  answer: Answer,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  let listens = false;
  const open = () => {
    const opened = source().getReader();
    listens = answer.take();
    return opened;
  };

  /** What goes to the caller next; null at the end. A chunk of which nothing goes on is passed over. */
  async function next(): Promise<Uint8Array | null> {
    reader ??= open();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return null;
      const forward = listens ? answer.reader.push(value) : value;
      if (forward !== null) return forward;
    }
  }

  function finish(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const rest = listens ? answer.reader.flush() : null;
    if (rest !== null) controller.enqueue(rest);
    controller.close();
    if (listens) answer.ended();
    onEnd();
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const bytes = await next();
          if (bytes === null) finish(controller);
          else controller.enqueue(bytes);
        } catch (error) {
          if (listens) answer.broke(error);
          onEnd();
          throw error;
        }
      },
      async cancel(reason) {
        reader ??= open();
        if (listens) answer.aborted();
        onEnd();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
