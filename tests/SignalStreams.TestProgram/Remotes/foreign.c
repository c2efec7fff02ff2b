/*
 * A signal handler as another library in the process would have one (a profiler, a crash reporter): it goes on top of whatever is there, tells
 * of each signal, and passes it on. Not in C#, since managed code must not run in a signal handler.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static struct {
    char line[64];
    struct sigaction previous;
} handlers[65];

static void handle(int signal, siginfo_t *info, void *context) {
    int error = errno;
    ssize_t written = write(STDOUT_FILENO, handlers[signal].line, strlen(handlers[signal].line));
    (void)written;
    errno = error;

    const struct sigaction *previous = &handlers[signal].previous;
    if ((previous->sa_flags & SA_SIGINFO) != 0) {
        previous->sa_sigaction(signal, info, context);
    } else if (previous->sa_handler != SIG_DFL && previous->sa_handler != SIG_IGN) {
        previous->sa_handler(signal);
    }
}

/* The line is what each signal prints, with its end. */
int foreign_install(int signal, const char *line) {
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_RESTART};
    strncpy(handlers[signal].line, line, sizeof handlers[signal].line - 1);

    /* Asked first: a signal may come as soon as the handler is there. */
    return sigaction(signal, NULL, &handlers[signal].previous) != 0 ? -1 : sigaction(signal, &action, NULL);
}

/* Puts back what it found, whatever is there now. */
int foreign_remove(int signal) { return sigaction(signal, &handlers[signal].previous, NULL); }
