/* Holds a number of paced SSE streams open at once and counts what arrives: the load for
   "CPU per chunk". wrk is closed-loop and cannot spread the starts, and streams that tick in step
   would let a proxy serve many chunks in one wake-up, which real clients do not.

   Each connection starts at its own offset within one pacing interval, takes one stream after the
   other, and starts none after the deadline; those under way are read to their end, so that every
   chunk that was paid for is counted.

   Usage: paced PORT REQUEST_FILE CONNECTIONS SECONDS PACE_MS
   Prints {"streams","events","bytes","errors","elapsed_ms","stream_ms_p50","stream_ms_p99"}. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum body_state { HEADER, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, LAST_LINE };

struct connection {
  int fd;
  int64_t start_ns; /* when to start its first stream, then when the current one started */
  bool waiting;     /* for start_ns */
  enum body_state state;
  char header[8192];
  size_t header_length;
  size_t chunk_left;
  char previous; /* last body byte, for an event boundary that two reads share */
};

static char *request;
static size_t request_length;
static struct sockaddr_in address;
static int epoll, open_streams;
static int64_t deadline_ns;
static uint64_t streams, events, bytes, errors;
static uint32_t *durations_us;
static size_t durations_capacity;

static int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void send_request(struct connection *connection) {
  connection->start_ns = now_ns();
  connection->waiting = false;
  connection->state = HEADER;
  connection->header_length = 0;
  connection->previous = 0;
  open_streams++;
  /* A request of a few KB always fits an empty socket buffer. */
  if (send(connection->fd, request, request_length, MSG_NOSIGNAL) != (ssize_t)request_length) errors++;
}

static void connect_to_proxy(struct connection *connection) {
  connection->fd = socket(AF_INET, SOCK_STREAM, 0);
  int on = 1;
  setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(connection->fd, (struct sockaddr *)&address, sizeof address)) {
    perror("paced: connect");
    exit(1);
  }
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
  epoll_ctl(epoll, EPOLL_CTL_ADD, connection->fd, &event);
}

static void end_stream(struct connection *connection, bool good) {
  open_streams--;
  if (good) {
    if (streams == durations_capacity) {
      durations_capacity = durations_capacity ? 2 * durations_capacity : 4096;
      durations_us = realloc(durations_us, durations_capacity * sizeof *durations_us);
    }
    durations_us[streams++] = (uint32_t)((now_ns() - connection->start_ns) / 1000);
  } else {
    errors++;
    close(connection->fd);
    if (errors > 100) {
      fprintf(stderr, "paced: more than 100 broken streams\n");
      exit(1);
    }
    connect_to_proxy(connection);
  }
  if (now_ns() < deadline_ns) send_request(connection);
}

static void count_events(struct connection *connection, const char *data, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (data[i] == '\n' && connection->previous == '\n') events++;
    connection->previous = data[i];
  }
}

/* Takes the header; returns how many bytes of `data` it used, or −1 for an answer that is no stream. */
static ssize_t take_header(struct connection *connection, const char *data, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (connection->header_length == sizeof connection->header - 1) return -1;
    connection->header[connection->header_length++] = data[i];
    if (data[i] == '\n' && connection->header_length >= 4 &&
        !memcmp(connection->header + connection->header_length - 4, "\r\n\r\n", 4)) {
      connection->header[connection->header_length] = 0;
      if (strncmp(connection->header, "HTTP/1.1 200", 12) ||
          !strcasestr(connection->header, "\r\ntransfer-encoding: chunked"))
        return -1;
      connection->state = CHUNK_SIZE;
      connection->chunk_left = 0;
      return (ssize_t)i + 1;
    }
  }
  return (ssize_t)length;
}

/* Returns false when the stream was broken. */
static bool take(struct connection *connection, const char *data, size_t length) {
  while (length) {
    if (connection->state == HEADER) {
      ssize_t used = take_header(connection, data, length);
      if (used < 0) return false;
      data += used;
      length -= (size_t)used;
    } else if (connection->state == CHUNK_DATA) {
      size_t part = length < connection->chunk_left ? length : connection->chunk_left;
      count_events(connection, data, part);
      bytes += part;
      connection->chunk_left -= part;
      data += part;
      length -= part;
      if (!connection->chunk_left) connection->state = CHUNK_END;
    } else {
      char byte = *data++;
      length--;
      if (connection->state == CHUNK_END) {
        if (byte == '\n') connection->state = CHUNK_SIZE;
      } else if (connection->state == LAST_LINE) {
        if (byte == '\n') {
          end_stream(connection, true);
          return true;
        }
      } else if (byte == '\n') {
        connection->state = connection->chunk_left ? CHUNK_DATA : LAST_LINE;
      } else if (byte != '\r') {
        int digit = byte <= '9' ? byte - '0' : (byte | 32) - 'a' + 10;
        connection->chunk_left = connection->chunk_left * 16 + (size_t)digit;
      }
    }
  }
  return true;
}

static int by_value(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return (a > b) - (a < b);
}

static double percentile_ms(int percent) {
  return streams ? durations_us[(streams - 1) * (uint64_t)percent / 100] / 1000.0 : 0;
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: paced PORT REQUEST_FILE CONNECTIONS SECONDS PACE_MS\n");
    return 2;
  }
  FILE *file = fopen(argv[2], "rb");
  if (!file) {
    perror(argv[2]);
    return 1;
  }
  request = malloc(1 << 20);
  request_length = fread(request, 1, 1 << 20, file);
  int count = atoi(argv[3]);
  int64_t pace_ns = (int64_t)atoi(argv[5]) * 1000000;
  address = (struct sockaddr_in){.sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)atoi(argv[1])),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  epoll = epoll_create1(0);
  struct connection *connections = calloc((size_t)count, sizeof *connections);
  for (int i = 0; i < count; i++) connect_to_proxy(&connections[i]);
  int64_t begin = now_ns();
  deadline_ns = begin + (int64_t)atoi(argv[4]) * 1000000000;
  /* The golden ratio spreads the starts over the interval without forming groups. */
  for (int i = 0; i < count; i++) {
    double part = i * 0.6180339887498949;
    connections[i].start_ns = begin + (int64_t)((part - (double)(int64_t)part) * (double)pace_ns);
    connections[i].waiting = true;
  }
  int waiting = count;
  int64_t hard_end = deadline_ns + 20 * 1000000000LL;
  static char buffer[65536];
  struct epoll_event ready[256];
  while ((waiting || open_streams) && now_ns() < hard_end) {
    int found = epoll_wait(epoll, ready, 256, waiting ? 0 : 100);
    for (int i = 0; i < found; i++) {
      struct connection *connection = ready[i].data.ptr;
      ssize_t got = recv(connection->fd, buffer, sizeof buffer, MSG_DONTWAIT);
      if (got < 0 && errno == EAGAIN) continue;
      if (got <= 0 || !take(connection, buffer, (size_t)got)) end_stream(connection, false);
    }
    if (!waiting) continue;
    int64_t now = now_ns();
    for (int i = 0; i < count; i++) {
      if (connections[i].waiting && connections[i].start_ns <= now) {
        send_request(&connections[i]);
        waiting--;
      }
    }
  }
  errors += (uint64_t)open_streams;
  if (streams) qsort(durations_us, streams, sizeof *durations_us, by_value);
  printf("{\"streams\":%lu,\"events\":%lu,\"bytes\":%lu,\"errors\":%lu,\"elapsed_ms\":%.1f,"
         "\"stream_ms_p50\":%.2f,\"stream_ms_p99\":%.2f}\n",
         streams, events, bytes, errors, (double)(now_ns() - begin) / 1e6, percentile_ms(50),
         percentile_ms(99));
  return 0;
}
