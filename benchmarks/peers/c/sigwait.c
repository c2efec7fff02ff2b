/* C, sigwaitinfo() on the only thread: the least that the kernel's way to a process can cost. */
#include "common.h"

static sigset_t blocked;

static void block(int signal_number) {
    sigaddset(&blocked, signal_number);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        return 2;
    }

    const char *mode = argv[1];
    int argument = argc > 2 ? atoi(argv[2]) : 0;
    siginfo_t info;
    sigemptyset(&blocked);

    if (!strcmp(mode, "latency")) {
        block(argument);
        put('r');
        for (;;) {
            if (sigwaitinfo(&blocked, &info) > 0) {
                put('x');
            }
        }
    }

    if (!strcmp(mode, "count")) {
        block(argument);
        block(SIGINT);
        put('r');
        for (;;) {
            int taken = sigwaitinfo(&blocked, &info);
            if (taken == SIGINT) {
                put_summary();
            } else if (taken == argument) {
                count_one(info.si_code, info.si_value.sival_int);
            }
        }
    }

    if (!strcmp(mode, "order")) {
        block(SIGHUP);
        block(SIGTERM);
        put('r');
        for (;;) {
            int taken = sigwaitinfo(&blocked, &info);
            if (taken == SIGHUP) {
                put('h');
            } else if (taken == SIGTERM) {
                put('t');
            }
        }
    }

    if (!strcmp(mode, "shutdown")) {
        block(SIGTERM);
        pthread_t *tasks = start_tasks(argument);
        put('r');
        while (sigwaitinfo(&blocked, &info) != SIGTERM) {
        }

        stop_tasks(tasks, argument);
        return 0;
    }

    return 2;
}
