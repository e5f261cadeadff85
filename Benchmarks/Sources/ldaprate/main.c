// Searches for one entry by its indexed name over persistent connections: ldaprate URL BASE ENTRIES CONNECTIONS SECONDS
#define LDAP_DEPRECATED 0
#include <ldap.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const char *url, *base;
static int entries;
static atomic_bool stop;
static atomic_long count, failures;

static void *work(void *argument) {
    unsigned seed = (unsigned)(size_t)argument;
    LDAP *ld;
    int version = LDAP_VERSION3;
    struct berval none = {0, NULL};
    if (ldap_initialize(&ld, url) != LDAP_SUCCESS) return NULL;
    ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
    if (ldap_sasl_bind_s(ld, NULL, LDAP_SASL_SIMPLE, &none, NULL, NULL, NULL) != LDAP_SUCCESS) return NULL;
    while (!atomic_load(&stop)) {
        char filter[64];
        LDAPMessage *found = NULL;
        snprintf(filter, sizeof filter, "(uid=user%d)", rand_r(&seed) % entries);
        int status = ldap_search_ext_s(ld, base, LDAP_SCOPE_SUBTREE, filter, NULL, 0, NULL, NULL, NULL, 2, &found);
        if (status == LDAP_SUCCESS && ldap_count_entries(ld, found) == 1) atomic_fetch_add(&count, 1);
        else atomic_fetch_add(&failures, 1);
        ldap_msgfree(found);
    }
    ldap_unbind_ext_s(ld, NULL, NULL);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 6) return 64;
    url = argv[1];
    base = argv[2];
    entries = atoi(argv[3]);
    int connections = atoi(argv[4]);
    double seconds = atof(argv[5]);
    pthread_t threads[256];
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < connections && i < 256; i++) pthread_create(&threads[i], NULL, work, (void *)(size_t)(i + 1));
    usleep((useconds_t)(seconds * 1e6));
    atomic_store(&stop, 1);
    for (int i = 0; i < connections && i < 256; i++) pthread_join(threads[i], NULL);
    clock_gettime(CLOCK_MONOTONIC, &to);
    if (failures > 0) fprintf(stderr, "%ld searches failed\n", (long)failures);
    printf("%.0f\n", count / ((to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9));
    return 0;
}
