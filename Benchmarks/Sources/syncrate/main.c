// How often per second a disk takes 8 KiB for good, one write after the other, in a file that has its size already:
//
//   syncrate FILE SECONDS
//
// The file is made, and removed at the end. Prints a number.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { page = 8192, pages = 2048 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

int main(int argc, char **argv) {
    if (argc != 3 || atof(argv[2]) <= 0) return 64;
    char data[page];
    memset(data, 0x5a, sizeof data);
    int file = open(argv[1], O_RDWR | O_CREAT | O_EXCL, 0600);
    if (file < 0) die(argv[1]);
    for (int i = 0; i < pages; i++)
        if (pwrite(file, data, page, (off_t)i * page) != page) die("pwrite");
    if (fsync(file) != 0) die("fsync");
    double start = now(), end = start + atof(argv[2]);
    long count = 0;
    for (; now() < end; count++) {
        memcpy(data, &count, sizeof count);
        if (pwrite(file, data, page, (off_t)(count % pages) * page) != page) die("pwrite");
        if (fdatasync(file) != 0) die("fdatasync");
    }
    printf("%.1f\n", count / (now() - start));
    unlink(argv[1]);
    return 0;
}
