/* Shared by the C peers: output, the counters of mode `count`, and the tasks of mode `shutdown`. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static inline long now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

static inline void put(char c) {
    while (write(1, &c, 1) < 0 && errno == EINTR) {
    }
}

static inline void put_text(const char *text) {
    size_t left = strlen(text);
    while (left) {
        ssize_t length = write(1, text, left);
        if (length > 0) {
            text += length;
            left -= length;
        } else if (errno != EINTR) {
            return;
        }
    }
}

/* Mode `count`. */
static long counted, misordered, last_ns;
static int value_seen, highest_value = -1;

static inline void count_one(int code, int value) {
    counted++;
    last_ns = now_ns();
    if (code == SI_QUEUE) {
        value_seen = 1;
        if (value < highest_value) {
            misordered++;
        } else {
            highest_value = value;
        }
    }
}

static inline void put_summary(void) {
    char line[160];
    if (value_seen) {
        snprintf(line, sizeof line, "count=%ld misordered=%ld last_ns=%ld\n", counted, misordered, last_ns);
    } else {
        snprintf(line, sizeof line, "count=%ld misordered=na last_ns=%ld\n", counted, last_ns);
    }

    counted = misordered = last_ns = 0;
    value_seen = 0;
    highest_value = -1;
    put_text(line);
}

/* Mode `shutdown`: a task is a thread that waits for a condition variable. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int cancelled, waiting, stopped;

static void *wait_for_cancellation(void *unused) {
    (void)unused;
    pthread_mutex_lock(&lock);
    waiting++;
    while (!cancelled) {
        pthread_cond_wait(&changed, &lock);
    }

    stopped++;
    pthread_mutex_unlock(&lock);
    return NULL;
}

static pthread_t *start_tasks(int count) {
    pthread_t *tasks = calloc(count, sizeof *tasks);
    for (int i = 0; i < count; i++) {
        pthread_create(&tasks[i], NULL, wait_for_cancellation, NULL);
    }

    for (;;) {
        pthread_mutex_lock(&lock);
        int ready = waiting == count;
        pthread_mutex_unlock(&lock);
        if (ready) {
            return tasks;
        }

        usleep(200);
    }
}

static void stop_tasks(pthread_t *tasks, int count) {
    pthread_mutex_lock(&lock);
    cancelled = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < count; i++) {
        pthread_join(tasks[i], NULL);
    }

    char line[64];
    snprintf(line, sizeof line, "stopped=%d\n", stopped);
    put_text(line);
}
