// How many Argon2id verifications all cores do in a second, with the server's parameters and nothing else to do.
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char hash[crypto_pwhash_STRBYTES];
static const char password[] = "a-long-enough-pass-phrase";
static atomic_bool stop;
static atomic_long count;

static void *work(void *unused) {
    (void)unused;
    while (!atomic_load(&stop)) {
        if (crypto_pwhash_str_verify(hash, password, strlen(password)) != 0) abort();
        atomic_fetch_add(&count, 1);
    }
    return NULL;
}

int main(int argc, char **argv) {
    double seconds = argc > 1 ? atof(argv[1]) : 5;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (sodium_init() < 0 || crypto_pwhash_str(hash, password, strlen(password), 2, 19 << 20) != 0) return 1;
    pthread_t threads[256];
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (long i = 0; i < cores && i < 256; i++) pthread_create(&threads[i], NULL, work, NULL);
    usleep((useconds_t)(seconds * 1e6));
    atomic_store(&stop, 1);
    for (long i = 0; i < cores && i < 256; i++) pthread_join(threads[i], NULL);
    clock_gettime(CLOCK_MONOTONIC, &to);
    printf("%.2f\n", count / ((to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9));
    return 0;
}
