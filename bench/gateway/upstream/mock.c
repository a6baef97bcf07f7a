/* The provider of the gateway bench: a single-threaded epoll server that answers
   POST /v1/chat/completions as fast as loopback allows, so that what is measured is the proxy.

   What to answer is told by the request body, because headers do not survive every proxy:
     "user":"bench-plain"        a 2 KB completion
     "user":"bench-stream-N"     an SSE stream of N chunks, all at once
     "user":"bench-paced-N-MS"   an SSE stream of N chunks, one every MS milliseconds
   The usage chunk is sent when the body says "include_usage":true.

   GET /__stats      counters as JSON
   POST /__capture   from now on keep each request body (for the equality check); again: stop
   GET /__captured   the last body kept

   Prints "listening PORT" once ready. Usage: mock [port] */
#define _GNU_SOURCE
#include "answers.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { COMPLETION_BYTES = 2048, MAX_REQUEST = 8 << 20, HEAD_WINDOW = 1024, TAIL_WINDOW = 4096 };

struct connection {
  int fd;
  bool wants_write;
  char *in;
  size_t in_length, in_capacity;
  size_t header_end;              /* 0 until the header is complete */
  size_t content_length;
  bool chunked;                   /* request body in HTTP chunks, decoded in place: */
  size_t chunk_read, chunk_write; /* next byte to decode, end of what is decoded */
  const struct answer *answer;
  char *own_bytes; /* of an answer made for this request alone */
  struct answer own;
  size_t written, released;
  int pieces_released;
  int64_t pace_ns, due_ns;
  int heap_at; /* index in the pacing heap, −1 when not in it */
};

static int epoll, timer;
static bool capturing;
static char *captured;
static size_t captured_length;
static struct {
  uint64_t connections, requests, responses, streams, chunks, abandoned, malformed;
} stats;

static int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* The paced streams, ordered by when their next chunk is due. */
static struct connection **heap;
static int heap_length, heap_capacity;

static void heap_put(int at, struct connection *connection) {
  heap[at] = connection;
  connection->heap_at = at;
}

static void heap_up(int at) {
  struct connection *moving = heap[at];
  for (; at > 0 && heap[(at - 1) / 2]->due_ns > moving->due_ns; at = (at - 1) / 2)
    heap_put(at, heap[(at - 1) / 2]);
  heap_put(at, moving);
}

static void heap_down(int at) {
  struct connection *moving = heap[at];
  for (;;) {
    int child = 2 * at + 1;
    if (child >= heap_length) break;
    if (child + 1 < heap_length && heap[child + 1]->due_ns < heap[child]->due_ns) child++;
    if (heap[child]->due_ns >= moving->due_ns) break;
    heap_put(at, heap[child]);
    at = child;
  }
  heap_put(at, moving);
}

static void heap_add(struct connection *connection) {
  if (heap_length == heap_capacity) {
    heap_capacity = heap_capacity ? 2 * heap_capacity : 256;
    heap = realloc(heap, (size_t)heap_capacity * sizeof *heap);
  }
  heap_put(heap_length++, connection);
  heap_up(heap_length - 1);
}

static void heap_remove(struct connection *connection) {
  int at = connection->heap_at;
  if (at < 0) return;
  connection->heap_at = -1;
  struct connection *last = heap[--heap_length];
  if (last == connection) return;
  heap_put(at, last);
  heap_up(at);
  heap_down(last->heap_at);
}

static void arm_timer(void) {
  static int64_t armed_ns;
  int64_t due_ns = heap_length ? heap[0]->due_ns : 0;
  if (due_ns == armed_ns) return;
  armed_ns = due_ns;
  struct itimerspec when = {
      .it_value = {.tv_sec = due_ns / 1000000000, .tv_nsec = due_ns % 1000000000}};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void close_connection(struct connection *connection) {
  if (connection->answer) stats.abandoned++;
  heap_remove(connection);
  close(connection->fd);
  free(connection->in);
  free(connection->own_bytes);
  free(connection);
}

static void watch(struct connection *connection, bool write) {
  if (connection->wants_write == write) return;
  connection->wants_write = write;
  struct epoll_event event = {.events = EPOLLIN | (write ? EPOLLOUT : 0), .data.ptr = connection};
  epoll_ctl(epoll, EPOLL_CTL_MOD, connection->fd, &event);
}

/* Writes what is released. False when the connection is gone. */
static bool flush(struct connection *connection) {
  const struct answer *answer = connection->answer;
  while (connection->written < connection->released) {
    ssize_t sent = send(connection->fd, answer->bytes + connection->written,
                        connection->released - connection->written, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EAGAIN) {
        watch(connection, true);
        return true;
      }
      close_connection(connection);
      return false;
    }
    connection->written += (size_t)sent;
  }
  watch(connection, false);
  if (connection->written == answer->length) {
    stats.responses += answer != &connection->own;
    stats.streams += answer->pieces > 1;
    connection->answer = NULL;
  }
  return true;
}

static void start_answer(struct connection *connection, const struct answer *answer, int64_t pace_ns) {
  connection->answer = answer;
  connection->written = 0;
  connection->pace_ns = pace_ns;
  connection->pieces_released = pace_ns ? 1 : answer->pieces;
  connection->released = answer->piece_ends[connection->pieces_released - 1];
  if (answer->pieces > 1) stats.chunks += (uint64_t)connection->pieces_released;
  if (pace_ns && connection->pieces_released < answer->pieces) {
    connection->due_ns = now_ns() + pace_ns;
    heap_add(connection);
  }
}

static void release_due_chunks(void) {
  uint64_t expirations;
  if (read(timer, &expirations, sizeof expirations) < 0 && errno != EAGAIN) return;
  int64_t now = now_ns();
  while (heap_length && heap[0]->due_ns <= now) {
    struct connection *connection = heap[0];
    connection->released = connection->answer->piece_ends[connection->pieces_released++];
    stats.chunks++;
    if (connection->pieces_released == connection->answer->pieces) {
      heap_remove(connection);
    } else {
      connection->due_ns += connection->pace_ns;
      heap_down(0);
    }
    flush(connection);
  }
}

static void answer_text(struct connection *connection, const char *status, const char *body, size_t length) {
  free(connection->own_bytes);
  connection->own_bytes = malloc(256 + length);
  int head = sprintf(connection->own_bytes,
                     "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                     status, length);
  memcpy(connection->own_bytes + head, body, length);
  connection->own = (struct answer){.bytes = connection->own_bytes, .length = (size_t)head + length, .pieces = 1};
  connection->own.piece_ends = &connection->own.length;
  start_answer(connection, &connection->own, 0);
}

/* Looks near both ends of the body: a proxy may re-order the fields, and a search through the
   whole of 100 KB would cost the load generator's core more than answering does. */
static const char *find_in_body(const char *body, size_t length, const char *needle) {
  size_t head = length < HEAD_WINDOW ? length : HEAD_WINDOW;
  const char *found = memmem(body, head, needle, strlen(needle));
  if (found || head == length) return found;
  size_t tail = length < TAIL_WINDOW ? length : TAIL_WINDOW;
  return memmem(body + length - tail, tail, needle, strlen(needle));
}

static bool asks_for_usage(const char *body, size_t length) {
  const char *at = find_in_body(body, length, "\"include_usage\"");
  if (!at) return false;
  const char *end = body + length;
  at += strlen("\"include_usage\"");
  while (at < end && (*at == ' ' || *at == ':' || *at == '\n')) at++;
  return end - at >= 4 && !memcmp(at, "true", 4);
}

static void answer_completion(struct connection *connection, const char *body, size_t length) {
  stats.requests++;
  if (capturing) {
    captured = realloc(captured, length + 1);
    memcpy(captured, body, length);
    captured_length = length;
  }
  const char *marker = find_in_body(body, length, "\"bench-");
  int chunks, pace_ms = 0;
  if (marker && !strncmp(marker, "\"bench-plain\"", 13)) {
    start_answer(connection, completion_answer(COMPLETION_BYTES), 0);
    return;
  }
  if (marker && (sscanf(marker, "\"bench-stream-%d\"", &chunks) == 1 ||
                 sscanf(marker, "\"bench-paced-%d-%d\"", &chunks, &pace_ms) == 2)) {
    const struct answer *answer = stream_answer(chunks, asks_for_usage(body, length));
    if (answer) {
      start_answer(connection, answer, (int64_t)pace_ms * 1000000);
      return;
    }
  }
  stats.malformed++;
  static const char message[] = "{\"error\":{\"message\":\"no bench marker in the request body\"}}";
  answer_text(connection, "400 Bad Request", message, sizeof message - 1);
}

static void route(struct connection *connection, const char *body, size_t length) {
  const char *head = connection->in;
  if (!strncmp(head, "POST /v1/chat/completions ", 26)) {
    answer_completion(connection, body, length);
  } else if (!strncmp(head, "GET /__stats ", 13)) {
    char text[512];
    int size = sprintf(text,
                       "{\"connections\":%lu,\"requests\":%lu,\"responses\":%lu,\"streams\":%lu,"
                       "\"chunks\":%lu,\"abandoned\":%lu,\"malformed\":%lu}",
                       stats.connections, stats.requests, stats.responses, stats.streams,
                       stats.chunks, stats.abandoned, stats.malformed);
    answer_text(connection, "200 OK", text, (size_t)size);
  } else if (!strncmp(head, "POST /__capture ", 16)) {
    capturing = !capturing;
    answer_text(connection, "200 OK", capturing ? "true" : "false", capturing ? 4 : 5);
  } else if (!strncmp(head, "GET /__captured ", 16)) {
    answer_text(connection, "200 OK", captured ? captured : "", captured_length);
  } else {
    stats.malformed++;
    static const char message[] = "{\"error\":{\"message\":\"unknown path\"}}";
    answer_text(connection, "404 Not Found", message, sizeof message - 1);
  }
}

static bool read_header(struct connection *connection) {
  char *end = memmem(connection->in, connection->in_length, "\r\n\r\n", 4);
  if (!end) return false;
  connection->header_end = (size_t)(end + 4 - connection->in);
  connection->content_length = 0;
  connection->chunked = false;
  *end = 0; /* ends the string that strcasestr looks through */
  char *length = strcasestr(connection->in, "\r\ncontent-length:");
  char *encoding = strcasestr(connection->in, "\r\ntransfer-encoding: chunked");
  if (length) connection->content_length = strtoul(length + 17, NULL, 10);
  if (encoding) {
    connection->chunked = true;
    connection->chunk_read = connection->chunk_write = connection->header_end;
  }
  *end = '\r';
  return true;
}

/* Decodes what has arrived of a chunked body. True when it is whole; chunk_read is then its end. */
static bool decode_chunks(struct connection *connection) {
  for (;;) {
    char *at = connection->in + connection->chunk_read;
    size_t left = connection->in_length - connection->chunk_read;
    char *line_end = memmem(at, left, "\r\n", 2);
    if (!line_end) return false;
    size_t size = strtoul(at, NULL, 16);
    size_t line = (size_t)(line_end + 2 - at);
    if (left < line + size + 2) return false;
    memmove(connection->in + connection->chunk_write, at + line, size);
    connection->chunk_write += size;
    connection->chunk_read += line + size + 2;
    if (size == 0) return true;
  }
}

/* Answers each whole request that has arrived. False when the connection is gone. */
static bool serve(struct connection *connection) {
  while (!connection->answer && connection->in_length) {
    if (!connection->header_end && !read_header(connection)) break;
    size_t body_end, request_end;
    if (connection->chunked) {
      if (!decode_chunks(connection)) break;
      body_end = connection->chunk_write;
      request_end = connection->chunk_read;
    } else {
      body_end = request_end = connection->header_end + connection->content_length;
      if (connection->in_length < request_end) break;
    }
    route(connection, connection->in + connection->header_end, body_end - connection->header_end);
    connection->in_length -= request_end;
    memmove(connection->in, connection->in + request_end, connection->in_length);
    connection->header_end = 0;
    if (!flush(connection)) return false;
  }
  return true;
}

static void receive(struct connection *connection) {
  if (connection->in_capacity - connection->in_length < 16384) {
    connection->in_capacity = connection->in_capacity ? 2 * connection->in_capacity : 32768;
    if (connection->in_capacity > MAX_REQUEST) {
      close_connection(connection);
      return;
    }
    connection->in = realloc(connection->in, connection->in_capacity);
  }
  ssize_t got = recv(connection->fd, connection->in + connection->in_length,
                     connection->in_capacity - connection->in_length, 0);
  if (got > 0) {
    connection->in_length += (size_t)got;
    serve(connection);
  } else if (got == 0 || errno != EAGAIN) {
    close_connection(connection);
  }
}

static void accept_all(int listener) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct connection *connection = calloc(1, sizeof *connection);
    connection->fd = fd;
    connection->heap_at = -1;
    stats.connections++;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  }
}

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)(argc > 1 ? atoi(argv[1]) : 0)),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1024)) {
    perror("mock: listen");
    return 1;
  }
  getsockname(listener, (struct sockaddr *)&address, &size);
  epoll = epoll_create1(0);
  timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = &listener};
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  event.data.ptr = &timer;
  epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event);
  printf("listening %d\n", ntohs(address.sin_port));
  fflush(stdout);
  struct epoll_event events[256];
  for (;;) {
    int count = epoll_wait(epoll, events, 256, -1);
    bool due = false;
    for (int i = 0; i < count; i++) {
      void *source = events[i].data.ptr;
      if (source == &listener) {
        accept_all(listener);
      } else if (source == &timer) {
        due = true; /* last: it may close a connection that is still ahead in this batch */
      } else {
        struct connection *connection = source;
        if ((events[i].events & EPOLLOUT) && connection->answer) {
          if (!flush(connection) || !serve(connection)) continue;
        }
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(connection);
      }
    }
    if (due) release_due_chunks();
    arm_timer();
  }
}
