export interface Watcher<Part> {
  part(part: Part): void;
  ended(): void;
  /** The reader left before the end. */
  left(): void;
  broke(error: unknown): void;
}

/** The stream, part by part as its reader asks for them, with somebody watching. */
export function watchStream<Part>(
  stream: ReadableStream<Part>,
  watcher: Watcher<Part>,
): ReadableStream<Part> {
  const reader = stream.getReader();
  return new ReadableStream<Part>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            watcher.ended();
            controller.close();
          } else {
            watcher.part(value);
            controller.enqueue(value);
          }
        } catch (error) {
          watcher.broke(error);
          throw error;
        }
      },
      async cancel(reason) {
        watcher.left();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
