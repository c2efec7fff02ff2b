/*
 * C self-pipe: the handler writes a small record to a pipe, and a reader thread consumes it. The reference of most
 * tables: a runtime with a reader thread of its own can hardly do it with less.
 *
 * All signals are blocked in the reader thread and in the handler (sa_mask is full), so records enter the pipe in the
 * order in which the kernel delivers. PEERS_NOMASK=1 leaves sa_mask empty, to show what that does to the order of a
 * pair. The pipe is blocking: a full one (5461 records) makes the handler wait for the reader, so nothing is dropped
 * here.
 */
#include "common.h"

struct record {
    int signal, code, value;
};

static int ends[2];
static const char *mode;
static int task_count;
static pthread_t *tasks;

static void on_signal(int signal_number, siginfo_t *info, void *unused) {
    (void)unused;
    int error = errno;
    struct record record = {signal_number, info->si_code, info->si_value.sival_int};
    while (write(ends[1], &record, sizeof record) < 0 && errno == EINTR) {
    }

    errno = error;
}

static void *read_records(void *unused) {
    (void)unused;
    struct record record;
    int first_letter = mode[0];
    for (;;) {
        if (read(ends[0], &record, sizeof record) != sizeof record) {
            continue;
        }

        switch (first_letter) {
        case 'l':
            put('x');
            break;
        case 'c':
            if (record.signal == SIGINT) {
                put_summary();
            } else {
                count_one(record.code, record.value);
            }

            break;
        case 'o':
            put(record.signal == SIGHUP ? 'h' : 't');
            break;
        case 's':
            if (record.signal == SIGTERM) {
                stop_tasks(tasks, task_count);
                exit(0);
            }
        }
    }
}

static void listen_to(int signal_number) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_RESTART | SA_SIGINFO;
    if (!getenv("PEERS_NOMASK")) {
        sigfillset(&action.sa_mask);
    }

    sigaction(signal_number, &action, NULL);
}

int main(int argc, char **argv) {
    if (argc < 2 || pipe(ends)) {
        return 2;
    }

    mode = argv[1];
    int argument = argc > 2 ? atoi(argv[2]) : 0;
    sigset_t set;
    sigfillset(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (*mode == 's') {
        task_count = argument;
        tasks = start_tasks(task_count);
    }

    pthread_t reader;
    pthread_create(&reader, NULL, read_records, NULL);
    switch (*mode) {
    case 'l':
        listen_to(argument);
        break;
    case 'c':
        listen_to(argument);
        listen_to(SIGINT);
        break;
    case 'o':
        listen_to(SIGHUP);
        listen_to(SIGTERM);
        break;
    case 's':
        listen_to(SIGTERM);
        break;
    default:
        return 2;
    }

    sigemptyset(&set);
    pthread_sigmask(SIG_SETMASK, &set, NULL);
    put('r');
    for (;;) {
        pause();
    }
}
