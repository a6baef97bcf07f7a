const chunkCharacters = 64 * 1024;

/** A response whose text is produced as the client takes it: pulled, not pushed. */
export function streamText(
  parts: AsyncGenerator<string>,
  { contentType, fileName }: { contentType: string; fileName: string },
): Response {
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      let text = '';
      while (text.length < chunkCharacters) {
        const { done, value } = await parts.next();
        if (done === true) {
          if (text !== '') controller.enqueue(encoder.encode(text));
          controller.close();
          return;
        }
        text += value;
      }
      controller.enqueue(encoder.encode(text));
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
  return new Response(stream, {
    headers: {
      'content-type': contentType,
      'cache-control': 'no-store',
      'content-disposition': `attachment; filename="${fileName}"`,
    },
  });
}
