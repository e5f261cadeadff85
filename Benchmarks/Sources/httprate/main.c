// An HTTP/1.1 client that measures latency, on one thread:
//
//   httprate PORT CONNECTIONS RATE SECONDS FILE [COUNT]
//
// FILE holds whole requests, each ended by a NUL; they are sent in turn. With a RATE the requests are due at fixed times
// whether or not the answers keep up, and latency counts from the time a request was due, so that a slow server does not
// slow its own measurement. RATE 0: every connection sends its next request when it has its answer. Ends after SECONDS or
// COUNT requests, whichever comes first, and never waits more than ten seconds for what is still open. Prints JSON.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { maximumConnections = 1024, bufferSize = 1 << 20, maximumSamples = 4000000 };

typedef struct {
    int socket;
    int busy;
    double due;
    size_t have, need;  // bytes read of the answer, and of its head and body together (0: not known yet)
    int status, closes;
    char *buffer;
} Connection;

typedef struct {
    int status;
    float milliseconds;
} Sample;

static Connection connections[maximumConnections];
static int idle[maximumConnections], idleCount;
static char **requests;
static size_t *lengths, requestCount;
static Sample *samples;
static size_t sampleCount, failures;
static int poller;
static struct sockaddr_in address;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void loadRequests(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) die(path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) die(path);
    fclose(file);
    size_t capacity = 0;
    for (char *at = text; at < text + size;) {
        size_t length = strnlen(at, (size_t)(text + size - at));
        if (requestCount == capacity) {
            capacity = capacity ? capacity * 2 : 64;
            requests = realloc(requests, capacity * sizeof *requests);
            lengths = realloc(lengths, capacity * sizeof *lengths);
            if (!requests || !lengths) die("memory");
        }
        requests[requestCount] = at;
        lengths[requestCount++] = length;
        at += length + 1;
    }
    if (requestCount == 0) exit(64);
}

static void open_(int index) {
    Connection *connection = &connections[index];
    int one = 1, size = 1 << 20;
    connection->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (connection->socket < 0) die("socket");
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    // A thousand questions go out in one piece.
    setsockopt(connection->socket, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    if (connect(connection->socket, (struct sockaddr *)&address, sizeof address) != 0) die("connect");
    fcntl(connection->socket, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)index};
    epoll_ctl(poller, EPOLL_CTL_ADD, connection->socket, &event);
    connection->busy = 0;
    idle[idleCount++] = index;
}

static void reopen(int index) {
    close(connections[index].socket);
    for (int i = 0; i < idleCount; i++)
        if (idle[i] == index) idle[i--] = idle[--idleCount];
    open_(index);
}

static void send_(size_t number, double due) {
    int index = idle[--idleCount];
    Connection *connection = &connections[index];
    const char *text = requests[number % requestCount];
    size_t length = lengths[number % requestCount];
    connection->busy = 1;
    connection->due = due;
    connection->have = connection->need = 0;
    // The socket's buffer holds a whole request.
    if (send(connection->socket, text, length, MSG_NOSIGNAL) != (ssize_t)length) {
        failures++;
        reopen(index);
    }
}

// Reads the head once it is whole: status, length, and whether the server will close.
static int parseHead(Connection *connection) {
    connection->buffer[connection->have] = 0;
    char *end = strstr(connection->buffer, "\r\n\r\n");
    if (!end) return 1;
    if (sscanf(connection->buffer, "HTTP/1.1 %d", &connection->status) != 1) return 0;
    size_t length = 0;
    connection->closes = 0;
    for (char *line = strstr(connection->buffer, "\r\n"); line && line < end; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, "content-length:", 15) == 0) length = strtoul(line + 17, NULL, 10);
        if (strncasecmp(line + 2, "transfer-encoding:", 18) == 0) return 0;
        if (strncasecmp(line + 2, "connection: close", 17) == 0) connection->closes = 1;
    }
    connection->need = (size_t)(end + 4 - connection->buffer) + length;
    return connection->need < bufferSize;
}

static void receive(int index) {
    Connection *connection = &connections[index];
    ssize_t count = recv(connection->socket, connection->buffer + connection->have, bufferSize - 1 - connection->have, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        if (connection->busy) failures++;
        reopen(index);
        return;
    }
    connection->have += (size_t)count;
    if ((connection->need == 0 && !parseHead(connection)) || connection->have >= bufferSize - 1) {
        failures++;
        reopen(index);
        return;
    }
    if (connection->need == 0 || connection->have < connection->need) return;
    if (sampleCount < maximumSamples)
        samples[sampleCount++] = (Sample){connection->status, (float)((now() - connection->due) * 1e3)};
    if (connection->closes) {
        reopen(index);
    } else {
        connection->busy = 0;
        idle[idleCount++] = index;
    }
}

static int compare(const void *left, const void *right) {
    float a = ((const Sample *)left)->milliseconds, b = ((const Sample *)right)->milliseconds;
    return (a > b) - (a < b);
}

// `samples` are sorted; status 0 stands for all.
static void summary(const char *name, int status) {
    float *found = malloc((sampleCount + 1) * sizeof *found);
    size_t count = 0;
    for (size_t i = 0; i < sampleCount; i++)
        if (status == 0 || samples[i].status == status) found[count++] = samples[i].milliseconds;
    printf("\"%s\":{\"count\":%zu", name, count);
    if (count > 0)
        printf(
            ",\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"max\":%.3f", found[count / 2], found[count * 9 / 10],
            found[count * 99 / 100], found[count - 1]);
    printf("}");
    free(found);
}

int main(int argc, char **argv) {
    if (argc < 6) return 64;
    int port = atoi(argv[1]), count = atoi(argv[2]);
    double rate = atof(argv[3]), seconds = atof(argv[4]);
    size_t most = argc > 6 ? strtoul(argv[6], NULL, 10) : SIZE_MAX;
    if (count < 1 || count > maximumConnections || seconds <= 0 || seconds > 600) return 64;
    loadRequests(argv[5]);
    samples = malloc(maximumSamples * sizeof *samples);
    address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    poller = epoll_create1(0);
    for (int i = 0; i < count; i++) {
        connections[i].buffer = malloc(bufferSize);
        open_(i);
    }
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = UINT32_MAX};
    epoll_ctl(poller, EPOLL_CTL_ADD, timer, &event);

    double start = now(), end = start + seconds;
    size_t sent = 0;
    for (;;) {
        double time = now();
        int isDone = sent >= most || (rate > 0 ? start + sent / rate >= end : time >= end);
        while (!isDone && idleCount > 0) {
            double due = rate > 0 ? start + sent / rate : time;
            if (due > time) break;
            send_(sent++, due);
            isDone = sent >= most || (rate > 0 && start + sent / rate >= end);
        }
        if ((isDone && idleCount == count) || time >= end + 10) break;
        double wake = isDone || idleCount == 0 || rate <= 0 ? 0.05 : start + sent / rate - time;
        if (wake < 1e-6) wake = 1e-6;
        struct itimerspec alarm = {.it_value = {(time_t)wake, (long)((wake - (time_t)wake) * 1e9)}};
        timerfd_settime(timer, 0, &alarm, NULL);
        struct epoll_event events[64];
        int ready = epoll_wait(poller, events, 64, -1);
        for (int i = 0; i < ready; i++) {
            uint64_t expired;
            if (events[i].data.u32 == UINT32_MAX)
                (void)!read(timer, &expired, sizeof expired);
            else
                receive((int)events[i].data.u32);
        }
    }
    double elapsed = now() - start;
    int open = 0;
    for (int i = 0; i < count; i++) open += connections[i].busy;
    qsort(samples, sampleCount, sizeof *samples, compare);
    printf(
        "{\"seconds\":%.3f,\"sent\":%zu,\"failed\":%zu,\"unanswered\":%d,", elapsed, sent, failures, open);
    summary("all", 0);
    int seen[600] = {0};
    for (size_t i = 0; i < sampleCount; i++)
        if (samples[i].status > 0 && samples[i].status < 600) seen[samples[i].status] = 1;
    for (int status = 100; status < 600; status++) {
        char name[8];
        if (!seen[status]) continue;
        snprintf(name, sizeof name, "%d", status);
        printf(",");
        summary(name, status);
    }
    printf("}\n");
    return 0;
}
