#ifndef ANSWERS_H
#define ANSWERS_H
#include <stdbool.h>
#include <stddef.h>

/* One prepared HTTP answer. `piece_ends[i]` is the offset in `bytes` up to which the i-th paced
   write goes; a plain completion has one piece. Pieces lie one after the other, so a stream is
   sent by moving one released offset forward. */
struct answer {
  char *bytes;
  size_t length;
  size_t *piece_ends;
  int pieces;
};

/* A chat completion of `body_bytes` bytes of JSON with a usage block, as api.openai.com sends it. */
const struct answer *completion_answer(size_t body_bytes);

/* An SSE stream of `chunks` paced writes. Each write is one chat.completion.chunk event, but for
   the last, which carries the finish chunk, the usage chunk (when asked for) and [DONE].
   Rendered once for each (chunks, usage) and then kept. NULL when chunks is out of range. */
const struct answer *stream_answer(int chunks, bool usage);

enum { MAX_CHUNKS = 10000 };
#endif
