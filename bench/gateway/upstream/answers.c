#define _GNU_SOURCE
#include "answers.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODEL "gpt-4o-mini-2024-07-18"

/* The header names a real answer carries; a proxy pays for each of them. */
#define COMMON_HEADERS                                                                          \
  "Date: Mon, 01 Jun 2026 12:00:00 GMT\r\n"                                                     \
  "openai-organization: bench\r\n"                                                              \
  "openai-processing-ms: 412\r\n"                                                               \
  "openai-version: 2020-10-01\r\n"                                                              \
  "x-ratelimit-limit-requests: 10000\r\n"                                                       \
  "x-ratelimit-limit-tokens: 2000000\r\n"                                                       \
  "x-ratelimit-remaining-requests: 9999\r\n"                                                    \
  "x-ratelimit-remaining-tokens: 1999500\r\n"                                                   \
  "x-request-id: req_5b3c7b0d6f3f4d0e9a1b2c3d4e5f6a7b\r\n"

#define USAGE_JSON                                                                              \
  "{\"prompt_tokens\":482,\"completion_tokens\":%d,\"total_tokens\":%d,"                        \
  "\"prompt_tokens_details\":{\"cached_tokens\":128,\"audio_tokens\":0},"                       \
  "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0,"                   \
  "\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}"

#define CHUNK_JSON(choices, usage)                                                              \
  "{\"id\":\"chatcmpl-BenchGateway0000000000000001\",\"object\":\"chat.completion.chunk\","     \
  "\"created\":1780315200,\"model\":\"" MODEL "\",\"service_tier\":\"default\","                \
  "\"system_fingerprint\":\"fp_34a54ae93c\",\"choices\":" choices usage "}"

static const char WORDS[] = " the ledger books every farthing that a call has cost, once and only once,";

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void *must(void *pointer) {
  if (!pointer) fail("out of memory");
  return pointer;
}

const struct answer *completion_answer(size_t body_bytes) {
  static struct answer answer;
  if (answer.bytes) return &answer;
  char usage[512];
  snprintf(usage, sizeof usage, USAGE_JSON, 300, 782);
  char *front, *back;
  if (asprintf(&front,
               "{\"id\":\"chatcmpl-BenchGateway0000000000000001\",\"object\":\"chat.completion\","
               "\"created\":1780315200,\"model\":\"" MODEL "\",\"choices\":[{\"index\":0,"
               "\"message\":{\"role\":\"assistant\",\"content\":\"") < 0)
    fail("asprintf");
  if (asprintf(&back,
               "\",\"refusal\":null,\"annotations\":[]},\"logprobs\":null,"
               "\"finish_reason\":\"stop\"}],\"usage\":%s,\"service_tier\":\"default\","
               "\"system_fingerprint\":\"fp_34a54ae93c\"}",
               usage) < 0)
    fail("asprintf");
  size_t fixed = strlen(front) + strlen(back);
  size_t text = body_bytes > fixed ? body_bytes - fixed : 0;
  answer.bytes = must(malloc(2048 + fixed + text));
  int head = sprintf(answer.bytes,
                     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" COMMON_HEADERS
                     "Content-Length: %zu\r\n\r\n",
                     fixed + text);
  char *at = answer.bytes + head;
  at = stpcpy(at, front);
  for (size_t i = 0; i < text; i++) *at++ = WORDS[i % (sizeof WORDS - 1)];
  at = stpcpy(at, back);
  answer.length = (size_t)(at - answer.bytes);
  answer.piece_ends = must(malloc(sizeof(size_t)));
  answer.piece_ends[0] = answer.length;
  answer.pieces = 1;
  free(front);
  free(back);
  return &answer;
}

/* Appends one SSE event as one HTTP chunk, the way the provider flushes it. */
static char *put_event(char *at, const char *data) {
  return at + sprintf(at, "%zx\r\ndata: %s\n\n\r\n", strlen(data) + 8, data);
}

const struct answer *stream_answer(int chunks, bool usage) {
  static struct answer kept[2][MAX_CHUNKS + 1];
  if (chunks < 1 || chunks > MAX_CHUNKS) return NULL;
  struct answer *answer = &kept[usage][chunks];
  if (answer->bytes) return answer;
  answer->bytes = must(malloc(4096 + (size_t)chunks * 512));
  answer->piece_ends = must(malloc((size_t)chunks * sizeof(size_t)));
  answer->pieces = chunks;
  /* With include_usage every chunk but the usage chunk carries "usage":null. */
  const char *null_usage = usage ? ",\"usage\":null" : "";
  char data[2048], counts[512];
  char *at = stpcpy(answer->bytes,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                    "Cache-Control: no-cache\r\n" COMMON_HEADERS
                    "Transfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < chunks - 1; i++) {
    snprintf(data, sizeof data,
             CHUNK_JSON("[{\"index\":0,\"delta\":{%s\"content\":\" farthing%d\"},"
                        "\"logprobs\":null,\"finish_reason\":null}]",
                        "%s"),
             i == 0 ? "\"role\":\"assistant\",\"refusal\":null," : "", i, null_usage);
    at = put_event(at, data);
    answer->piece_ends[i] = (size_t)(at - answer->bytes);
  }
  snprintf(data, sizeof data,
           CHUNK_JSON("[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]",
                      "%s"),
           null_usage);
  at = put_event(at, data);
  if (usage) {
    snprintf(counts, sizeof counts, ",\"usage\":" USAGE_JSON, chunks, 482 + chunks);
    snprintf(data, sizeof data, CHUNK_JSON("[]", "%s"), counts);
    at = put_event(at, data);
  }
  at = put_event(at, "[DONE]");
  at = stpcpy(at, "0\r\n\r\n");
  answer->length = (size_t)(at - answer->bytes);
  answer->piece_ends[chunks - 1] = answer->length;
  return answer;
}
