/*
 * relay.c by itself, with real signals: built and run once under each of the address, undefined-behaviour and thread sanitizers.
 * Includes what it tests, so that the ring can be made small; the C library's own names are kept out of the way.
 */
#define _GNU_SOURCE
#define RING_SIZE 64u
#define sigaction relay_sigaction
#define siginfo relay_siginfo
#define clock_gettime relay_clock_gettime
#define timespec relay_timespec
#define SA_SIGINFO RELAY_SA_SIGINFO
#define SA_RESTART RELAY_SA_RESTART
#define SI_QUEUE RELAY_SI_QUEUE
#define SI_TKILL RELAY_SI_TKILL
#define SIGCHLD RELAY_SIGCHLD
#define SIGCONT RELAY_SIGCONT
#define CLOCK_MONOTONIC RELAY_CLOCK_MONOTONIC
#include "../../../src/SignalStreams/Sources/Unix/Native/relay.c"
#undef sigaction
#undef siginfo
#undef clock_gettime
#undef timespec
#undef SA_SIGINFO
#undef SA_RESTART
#undef SI_QUEUE
#undef SIGCHLD
#undef SIGCONT
#undef CLOCK_MONOTONIC
#undef SI_TKILL

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What relay.c imports. Its declarations and the C library's are of the same things under other names. */
int relay_sigaction(int signal, const action *new_action, action *old_action) {
    return sigaction(signal, (const struct sigaction *)new_action, (struct sigaction *)old_action);
}

int relay_clock_gettime(int clock, relay_timespec *time) { return clock_gettime(clock, (struct timespec *)time); }

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: %s: failed\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                                \
        }                                                                           \
    } while (0)

static volatile int before_us; /* arrivals at the handler that was there first */

static void first_handler(int signal, siginfo_t *info, void *context) {
    (void)info;
    (void)context;
    before_us += signal != 0;
}

static void install_first(int signal) {
    struct sigaction first = {0};
    first.sa_sigaction = first_handler;
    first.sa_flags = SA_SIGINFO;
    CHECK(sigaction(signal, &first, NULL) == 0);
}

/* The thread sanitizer puts handlers off until a call that may block. */
static void let_handlers_run(void) {
    struct timespec none = {0};
    nanosleep(&none, NULL);
}

static void queue(int signal, int value) {
    union sigval v = {.sival_int = value};
    while (sigqueue(getpid(), signal, v) != 0) {
        CHECK(errno == EAGAIN);
        sched_yield();
    }

    let_handlers_run();
}

static void take_all(void) {
    record r;
    while (ss_take(&r)) {
    }
}

static void values_come_in_order_with_their_sender(void) {
    int signal = SIGRTMIN + 3;
    record r;
    install_first(signal);
    CHECK(ss_open(signal) == OPENED);
    for (int i = 0; i < 1000; i++) {
        queue(signal, i);
        CHECK(ss_take(&r) == 1);
        CHECK(r.signal == signal && r.value == i && r.code == SI_QUEUE && r.pid == getpid() && r.uid == getuid() && r.count == 1);
    }

    CHECK(ss_take(&r) == 0);
    CHECK(ss_close(signal) == 1);
    before_us = 0;
    queue(signal, 0);
    CHECK(before_us == 1 && ss_take(&r) == 0);
}

static void full_ring_counts_keeps_one_of_every_kind_and_recovers(void) {
    int signals[] = {SIGUSR1, SIGUSR2, SIGRTMIN + 4};
    record r;
    u64 counted[SIGNALS] = {0};
    u64 taken = 0;
    for (int i = 0; i < 3; i++) {
        install_first(signals[i]);
        CHECK(ss_open(signals[i]) == OPENED);
    }

    for (int i = 0; i < 1000; i++) {
        raise(SIGUSR1);
    }

    raise(SIGUSR2);
    queue(signals[2], 1);
    while (ss_take(&r)) {
        counted[r.signal] += r.count;
        taken++;
    }

    CHECK(counted[SIGUSR1] == 1000 && counted[SIGUSR2] == 1 && counted[signals[2]] == 1);
    CHECK(taken == RING_SIZE + 3);
    raise(SIGUSR2);
    CHECK(ss_take(&r) == 1 && r.signal == SIGUSR2 && r.count == 1);
    for (int i = 0; i < 3; i++) {
        CHECK(ss_close(signals[i]) == 1);
    }
}

static void ignored_and_uncaught_signals_are_left_alone(void) {
    signal(SIGHUP, SIG_IGN);
    CHECK(ss_open(SIGHUP) == IGNORED);
    signal(SIGHUP, SIG_DFL);
    CHECK(ss_open(SIGHUP) == UNCAUGHT);
    CHECK(ss_open(0) == FAILED && ss_open(65) == FAILED && ss_open(SIGKILL) != OPENED);
    struct sigaction now;
    CHECK(sigaction(SIGHUP, NULL, &now) == 0 && now.sa_handler == SIG_DFL);
}

static void forked_child_is_silent(void) {
    install_first(SIGUSR1);
    CHECK(ss_open(SIGUSR1) == OPENED);
    int child = fork();
    if (child == 0) {
        record r;
        raise(SIGUSR1);
        _exit(ss_take(&r));
    }

    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK(ss_close(SIGUSR1) == 1);
}

static void errno_is_not_touched(void) {
    install_first(SIGUSR1);
    CHECK(ss_open(SIGUSR1) == OPENED);
    errno = 12345;
    raise(SIGUSR1);
    CHECK(errno == 12345);
    CHECK(ss_close(SIGUSR1) == 1);
    take_all();
}

static action on_top;

static void top_handler(int signal, siginfo_t *info, void *context) { on_top.handler.info(signal, (relay_siginfo *)info, context); }

static void one_on_top_of_us_keeps_us_installed_and_gets_the_others(void) {
    record r;
    install_first(SIGUSR1);
    CHECK(ss_open(SIGUSR1) == OPENED);
    struct sigaction top = {0};
    top.sa_sigaction = top_handler;
    top.sa_flags = SA_SIGINFO;
    CHECK(sigaction(SIGUSR1, &top, (struct sigaction *)&on_top) == 0);
    raise(SIGUSR1);
    CHECK(ss_take(&r) == 1);
    CHECK(ss_close(SIGUSR1) == 0);
    before_us = 0;
    raise(SIGUSR1);
    CHECK(ss_take(&r) == 0 && before_us == 1);
    CHECK(ss_open(SIGUSR1) == OPENED);
    raise(SIGUSR1);
    CHECK(ss_take(&r) == 1 && before_us == 1);
    CHECK(sigaction(SIGUSR1, (struct sigaction *)&on_top, NULL) == 0);
    CHECK(ss_close(SIGUSR1) == 1);
}

static void somebody_else_s_handler_is_left_alone(void) {
    struct sigaction theirs = {0};
    struct sigaction now;
    theirs.sa_sigaction = top_handler;
    theirs.sa_flags = SA_SIGINFO;
    CHECK(sigaction(SIGUSR2, &theirs, NULL) == 0);
    CHECK(ss_open(SIGUSR2) == FOREIGN);
    CHECK(sigaction(SIGUSR2, NULL, &now) == 0 && now.sa_sigaction == top_handler);
}

static void one_who_puts_back_what_was_there_before_us_is_noticed(void) {
    record r;
    struct sigaction before;
    install_first(SIGUSR1);
    CHECK(sigaction(SIGUSR1, NULL, &before) == 0);
    CHECK(ss_open(SIGUSR1) == OPENED);
    CHECK(sigaction(SIGUSR1, &before, NULL) == 0);
    CHECK(ss_open(SIGUSR1) == OPENED);
    raise(SIGUSR1);
    CHECK(ss_take(&r) == 1);
    CHECK(sigaction(SIGUSR1, &before, NULL) == 0);
    CHECK(ss_close(SIGUSR1) == 1);
}

static void forwarding_calls_the_one_below(void) {
    install_first(SIGUSR1);
    CHECK(ss_open(SIGUSR1) == OPENED);
    before_us = 0;
    ss_forward(SIGUSR1);
    CHECK(before_us == 1);
    CHECK(ss_close(SIGUSR1) == 1);

    /* What was recorded before the end is forwarded after it. */
    ss_forward(SIGUSR1);
    CHECK(before_us == 2);
}

/* ---- threads ---- */

enum { SENDERS = 4, EACH = 20000 };

static pthread_mutex_t take_lock = PTHREAD_MUTEX_INITIALIZER;
static u64 seen[SIGNALS];
static int storm_is_over;

static void *reader(void *unused) {
    record r;
    sigset_t all;
    (void)unused;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    for (;;) {
        u32 before = ss_bell();
        pthread_mutex_lock(&take_lock);
        int taken = ss_take(&r);
        if (taken) {
            seen[r.signal] += r.count;
        }

        pthread_mutex_unlock(&take_lock);
        if (!taken) {
            if (__atomic_load_n(&storm_is_over, __ATOMIC_ACQUIRE)) {
                return NULL;
            }

            ss_park(before, -1);
        }
    }
}

static void *sender(void *number) {
    int signal = SIGRTMIN + 5 + (int)(long)number;
    for (int i = 0; i < EACH; i++) {
        /* To itself, at once: each is handled before the next is sent. */
        raise(signal);
    }

    return NULL;
}

static void many_threads_lose_nothing(void) {
    pthread_t senders[SENDERS];
    pthread_t readers[2];
    for (long i = 0; i < SENDERS; i++) {
        install_first(SIGRTMIN + 5 + (int)i);
        CHECK(ss_open(SIGRTMIN + 5 + (int)i) == OPENED);
    }

    for (int i = 0; i < 2; i++) {
        CHECK(pthread_create(&readers[i], NULL, reader, NULL) == 0);
    }

    for (long i = 0; i < SENDERS; i++) {
        CHECK(pthread_create(&senders[i], NULL, sender, (void *)i) == 0);
    }

    for (int i = 0; i < SENDERS; i++) {
        pthread_join(senders[i], NULL);
    }

    __atomic_store_n(&storm_is_over, 1, __ATOMIC_RELEASE);
    ss_wake(2);
    for (int i = 0; i < 2; i++) {
        pthread_join(readers[i], NULL);
    }

    for (int i = 0; i < SENDERS; i++) {
        CHECK(seen[SIGRTMIN + 5 + i] == EACH);
        CHECK(ss_close(SIGRTMIN + 5 + i) == 1);
    }
}

static void park_comes_back_in_time_and_for_a_signal(void) {
    struct timespec start;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    ss_park(ss_bell(), 30000000);
    clock_gettime(CLOCK_MONOTONIC, &end);
    CHECK((end.tv_sec - start.tv_sec) * 1000000000L + end.tv_nsec - start.tv_nsec >= 29000000L);

    /* One that has rung meanwhile does not sleep. */
    u32 before_ring = ss_bell();
    ss_wake(1);
    ss_park(before_ring, -1);

    /* The main thread sleeps, and is interrupted where it sleeps. */
    install_first(SIGALRM);
    CHECK(ss_open(SIGALRM) == OPENED);
    alarm(1);
    record r;
    for (u32 before = ss_bell(); !ss_take(&r); before = ss_bell()) {
        ss_park(before, 100000000);
        let_handlers_run();
    }

    CHECK(r.signal == SIGALRM && r.pid == 0);
    CHECK(ss_close(SIGALRM) == 1);
}

int main(void) {
    install_first(SIGCONT); /* as the runtime does */
    values_come_in_order_with_their_sender();
    full_ring_counts_keeps_one_of_every_kind_and_recovers();
    ignored_and_uncaught_signals_are_left_alone();
    forked_child_is_silent();
    errno_is_not_touched();
    one_on_top_of_us_keeps_us_installed_and_gets_the_others();
    somebody_else_s_handler_is_left_alone();
    one_who_puts_back_what_was_there_before_us_is_noticed();
    forwarding_calls_the_one_below();
    many_threads_lose_nothing();
    park_comes_back_in_time_and_for_a_signal();
    puts("ok");
    return 0;
}
