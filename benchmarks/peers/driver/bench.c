/*
 * The timing driver of the peers. All clocks and all signals are here; drive.py starts it and prints tables.
 *
 *   bench PART PEERS.tsv OUT.tsv LOGDIR [key=value ...]        PART: latency, storm, rtstorm, order, shutdown or first
 *
 * PEERS.tsv has a line for each peer: its name, NAME=VALUE for its environment or "-", the command and its arguments,
 * all with tabs in between. The mode and its argument are appended to the command. OUT.tsv gets a line for each sample
 * or block; the comments that begin with a kind and <TAB> say what is in it.
 *
 * Interleaved: every peer runs in every round, in an order that is shuffled anew for each round, so that noise hits all
 * equally.
 *
 * Bounded: every wait has a limit, and so has the whole run (total_s). Only processes that were started here get a
 * signal, by their id; they die with the driver (PDEATHSIG).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_PEERS 64
#define MAX_WORDS 40
#define US 1000L
#define MS 1000000L
#define SECOND 1000000000L
#define READY_LIMIT_MS 20000

typedef struct {
    char name[64];
    char environment[96]; /* NAME=VALUE, or "-" */
    char *words[MAX_WORDS];
    int word_count;
    pid_t pid;  /* 0: not running */
    int output; /* the read end of its standard output, or -1 */
    int status; /* of wait() */
    struct rusage usage;
    bool dropped; /* out of this run */
    int failures; /* failed blocks so far */
} Peer;

static Peer peers[MAX_PEERS];
static int peer_count;
static FILE *samples;
static const char *log_folder;
static char **options;
static int option_count;
static volatile sig_atomic_t watchdog_fired, stop_all;

/* ---------------------------------------------------------------- clocks, chance, options */

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

static void sleep_ns(long ns) {
    struct timespec t = {ns / SECOND, ns % SECOND};
    while (nanosleep(&t, &t) && errno == EINTR && !stop_all) {
    }
}

static void spin_until(long time) {
    while (now() < time) {
    }
}

/* xorshift: 0 .. below-1 */
static unsigned long long random_state = 88172645463325252ULL;

static unsigned random_below(unsigned below) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return below ? (unsigned)((random_state >> 11) % below) : 0;
}

/* The gap with +-40 %, so as not to run in step with a timer. */
static void sleep_about(long gap) {
    sleep_ns(gap * 6 / 10 + random_below(gap * 8 / 10 + 1));
}

static void shuffle(int *turns) {
    for (int i = 0; i < peer_count; i++) {
        turns[i] = i;
    }

    for (int i = peer_count - 1; i > 0; i--) {
        int other = random_below(i + 1), turn = turns[i];
        turns[i] = turns[other];
        turns[other] = turn;
    }
}

static long option(const char *name, long otherwise) {
    size_t length = strlen(name);
    for (int i = 0; i < option_count; i++) {
        if (!strncmp(options[i], name, length) && options[i][length] == '=') {
            return atol(options[i] + length + 1);
        }
    }

    return otherwise;
}

static void on_alarm(int signal_number) {
    (void)signal_number;
    watchdog_fired = 1;
}

static void on_stop(int signal_number) {
    (void)signal_number;
    stop_all = 1;
}

/* Interrupts a blocking call after so many seconds, and again every 200 ms; 0 ends that. */
static void watchdog(double seconds) {
    struct itimerval timer = {{0, 0}, {0, 0}};
    watchdog_fired = 0;
    if (seconds > 0) {
        timer.it_value.tv_sec = (long)seconds;
        timer.it_value.tv_usec = (long)((seconds - (long)seconds) * 1e6);
        timer.it_interval.tv_usec = 200000;
    }

    setitimer(ITIMER_REAL, &timer, NULL);
}

/* ---------------------------------------------------------------- the peers' processes */

static void report(const char *kind, Peer *peer, const char *format, va_list arguments) {
    char why[200];
    vsnprintf(why, sizeof why, format, arguments);
    fprintf(samples, "%s\t%s\t%s\n", kind, peer->name, why);
    fprintf(stderr, "  ! %s: %s\n", peer->name, why);
}

/* Out of this run. */
static void drop(Peer *peer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    report("drop", peer, format, arguments);
    va_end(arguments);
    peer->dropped = true;
}

/* A block or a round went wrong. The caller ends the target; it is started afresh in the next round. */
static void fail(Peer *peer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    report("fail", peer, format, arguments);
    va_end(arguments);
    peer->failures++;
}

/* Ends one of our own children, and reaps it. */
static void end(Peer *peer) {
    if (peer->pid) {
        kill(peer->pid, SIGKILL);
        while (wait4(peer->pid, &peer->status, 0, &peer->usage) < 0 && errno == EINTR) {
        }

        peer->pid = 0;
    }

    if (peer->output >= 0) {
        close(peer->output);
        peer->output = -1;
    }
}

static void end_all(void) {
    for (int i = 0; i < peer_count; i++) {
        end(&peers[i]);
    }
}

/* In the child: as a program finds things when it is started from a shell, and the pipe as standard output. */
static void become(Peer *peer, char **words, pid_t parent, int input, int output, int error) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(126);
    }

    struct itimerval no_timer = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &no_timer, NULL);
    for (int s = 1; s < 65; s++) {
        if (s != 32 && s != 33) { /* glibc keeps these for itself */
            signal(s, SIG_DFL);
        }
    }

    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(input, 0);
    dup2(output, 1);
    dup2(error, 2);
    if (strcmp(peer->environment, "-")) {
        putenv(peer->environment);
    }

    execvp(words[0], words);
    dprintf(2, "exec %s: %s\n", words[0], strerror(errno));
    _exit(127);
}

static int spawn(Peer *peer, const char *mode, const char *argument, long *started) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) {
        return -1;
    }

    char log[512];
    snprintf(log, sizeof log, "%s/%s.%s.stderr", log_folder, peer->name, mode);
    int error = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);

    char *words[MAX_WORDS + 3];
    int count = 0;
    for (; count < peer->word_count; count++) {
        words[count] = peer->words[count];
    }

    words[count++] = (char *)mode;
    if (argument) {
        words[count++] = (char *)argument;
    }

    words[count] = NULL;

    pid_t self = getpid();
    if (started) {
        *started = now();
    }

    pid_t child = fork();
    if (!child) {
        become(peer, words, self, input, ends[1], error);
    }

    close(ends[1]);
    close(error);
    close(input);
    if (child < 0) {
        close(ends[0]);
        return -1;
    }

    peer->pid = child;
    peer->output = ends[0];
    return 0;
}

/* 1: a byte was read; 0: nothing came in time; -1: end of file, or an error. */
static int read_byte(Peer *peer, char *byte, int limit_ms) {
    struct pollfd poll_output = {peer->output, POLLIN, 0};
    long limit = now() + limit_ms * MS;
    for (;;) {
        long left = (limit - now()) / MS;
        int ready = poll(&poll_output, 1, left < 0 ? 0 : (int)left);
        if (ready > 0) {
            ssize_t length = read(peer->output, byte, 1);
            if (length == 1) {
                return 1;
            }

            if (length < 0 && errno == EINTR) {
                continue;
            }

            return -1;
        }

        if (ready == 0) {
            return 0;
        }

        if (errno != EINTR || stop_all) {
            return -1;
        }
    }
}

/* The length of the line, without its end; -1 when none came in time. */
static int read_line(Peer *peer, char *line, int size, int limit_ms) {
    long limit = now() + limit_ms * MS;
    for (int length = 0; length < size - 1; length++) {
        int left = (limit - now()) / MS;
        if (left < 0 || read_byte(peer, &line[length], left) != 1) {
            return -1;
        }

        if (line[length] == '\n') {
            line[length] = 0;
            return length;
        }
    }

    return -1;
}

/* How many bytes were there that nobody waits for. */
static int drain(Peer *peer) {
    char byte;
    int count = 0;
    while (count < 100000 && read_byte(peer, &byte, 0) == 1) {
        count++;
    }

    return count;
}

/* Starts the peer and waits until it is ready. A peer that does not get there is out of this run. */
static int start(Peer *peer, const char *mode, const char *argument, int limit_ms, long *started) {
    if (spawn(peer, mode, argument, started)) {
        drop(peer, "cannot start");
        return -1;
    }

    char byte = 0;
    int got = read_byte(peer, &byte, limit_ms);
    if (got == 1 && byte == 'r') {
        return 0;
    }

    end(peer);
    if (got == -1 && WIFEXITED(peer->status)) {
        drop(peer, "ended before ready (exit %d, see log)", WEXITSTATUS(peer->status));
    } else {
        drop(peer, got == 0 ? "not ready in time" : "ended before ready or wrong first byte");
    }

    return -1;
}

/* A number of /proc/PID/status, by a format of scanf; false when there is none. */
static bool read_status(pid_t pid, const char *format, unsigned long long *value) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *file = fopen(path, "re");
    if (!file) {
        return false;
    }

    bool found = false;
    while (!found && fgets(line, sizeof line, file)) {
        found = sscanf(line, format, value) == 1;
    }

    fclose(file);
    return found;
}

/* ---------------------------------------------------------------- latency */

/* From before kill() to after the blocking read() of the byte, in ns; -1 after a failure. The caller sets a watchdog: a
   poll() in between would be a system call more. */
static long time_answer(Peer *peer, int signal_number) {
    char byte = 0;
    long sent = now();
    if (kill(peer->pid, signal_number)) {
        fail(peer, "gone");
        return -1;
    }

    ssize_t length;
    while ((length = read(peer->output, &byte, 1)) < 0 && errno == EINTR && !watchdog_fired && !stop_all) {
    }

    long answered = now();
    if (length == 1 && byte == 'x') {
        return answered - sent;
    }

    if (!stop_all) {
        fail(peer,
             length == 1   ? "signal %d: wrong byte"
             : length == 0 ? "signal %d: ended during the run"
                           : "signal %d: no answer (signal lost)",
             signal_number);
    }

    return -1;
}

/* lat <TAB> peer <TAB> signal <TAB> round <TAB> ns */
static int latency_block(Peer *peer, int signal_number, int count, long gap, int warm_up, int round) {
    watchdog(5 + count * (gap * 2e-9 + 0.01));
    for (int i = -warm_up; i < count && !stop_all; i++) {
        if (gap) {
            sleep_about(gap);
        }

        long ns = time_answer(peer, signal_number);
        if (ns < 0) {
            watchdog(0);
            return -1;
        }

        if (i >= 0) {
            fprintf(samples, "lat\t%s\t%d\t%d\t%ld\n", peer->name, signal_number, round, ns);
        }
    }

    watchdog(0);
    int extra = drain(peer);
    if (extra) {
        fprintf(samples, "extra\t%s\t%d\t%d\t%d\n", peer->name, signal_number, round, extra);
    }

    return 0;
}

static void warm_up_or_end(Peer *peer, int signal_number, int count) {
    if (latency_block(peer, signal_number, 0, 1 * MS, count, -1)) {
        end(peer);
    }
}

static void measure_latency_of(int signal_number) {
    int rounds = option("rounds", 20), count = option("iters", 100), warm_up = option("warm", 200);
    long gap = option("gap_us", 500) * US;
    char argument[16];
    snprintf(argument, sizeof argument, "%d", signal_number);

    for (int i = 0; i < peer_count; i++) {
        peers[i].dropped = false;
        peers[i].failures = 0;
        start(&peers[i], "latency", argument, READY_LIMIT_MS, NULL);
    }

    for (int i = 0; i < peer_count; i++) {
        if (!peers[i].dropped) {
            warm_up_or_end(&peers[i], signal_number, warm_up); /* for those that compile just in time */
        }
    }

    sleep_ns(700 * MS);
    for (int round = 0; round < rounds && !stop_all; round++) {
        int turns[MAX_PEERS];
        shuffle(turns);
        for (int k = 0; k < peer_count && !stop_all; k++) {
            Peer *peer = &peers[turns[k]];
            if (!peer->dropped && !peer->pid) {
                if (peer->failures >= 3) {
                    drop(peer, "given up after %d failures", peer->failures);
                } else if (!start(peer, "latency", argument, READY_LIMIT_MS, NULL)) {
                    warm_up_or_end(peer, signal_number, warm_up);
                }
            }

            if (!peer->dropped && peer->pid && latency_block(peer, signal_number, count, gap, 5, round)) {
                end(peer);
            }
        }
    }

    end_all();
}

static void measure_latency(void) {
    measure_latency_of(SIGTERM);
    measure_latency_of(SIGUSR2);
}

/* ---------------------------------------------------------------- storm */

/* CPU time of the process, user and system, in ns; -1 when it is gone. */
static long cpu_of(pid_t pid) {
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t)) {
        return -1;
    }

    return t.tv_sec * SECOND + t.tv_nsec;
}

/* Is the signal pending, for the process or for its main thread? */
static bool is_pending(pid_t pid, int signal_number) {
    unsigned long long thread = 0, process = 0;
    read_status(pid, "SigPnd: %llx", &thread);
    read_status(pid, "ShdPnd: %llx", &process);
    return (thread | process) >> (signal_number - 1) & 1;
}

/* Waits until the process has used less than 1 ms of CPU in 120 ms, and nothing is pending. Returns when it last used
   more than a quarter of a CPU, seen from outside: coarse (2 ms), and later work of a JIT counts, so no more than a
   cross-check. -1: it was not quiet in time. */
static long wait_until_quiet(Peer *peer, int signal_number, double limit_s) {
    long time = now(), limit = time + (long)(limit_s * 1e9), last_busy = time, window = time;
    long cpu = cpu_of(peer->pid), window_cpu = cpu;
    for (;;) {
        sleep_ns(2 * MS);
        long next = now(), next_cpu = cpu_of(peer->pid);
        if (next_cpu < 0) {
            return last_busy;
        }

        if (next_cpu - cpu > (next - time) / 4) {
            last_busy = next;
        }

        time = next;
        cpu = next_cpu;
        if (time - window > 120 * MS) {
            if (cpu - window_cpu < 1 * MS && !is_pending(peer->pid, signal_number)) {
                return last_busy;
            }

            window = time;
            window_cpu = cpu;
        }

        if (time > limit || stop_all) {
            return -1;
        }
    }
}

/* As many signals as fast as they can be sent. A queue that is full (EAGAIN) is tried again, for 8 s in all. */
static long send_storm(pid_t pid, int signal_number, int count, bool queued, long *full) {
    long sent = 0, give_up = now() + 8 * SECOND;
    for (int i = 0; i < count; i++) {
        int error;
        if (queued) {
            union sigval value;
            value.sival_ptr = NULL;
            value.sival_int = i;
            while ((error = sigqueue(pid, signal_number, value)) && errno == EAGAIN) {
                ++*full;
                if (now() > give_up || stop_all) {
                    break;
                }

                struct timespec pause = {0, 20 * US};
                nanosleep(&pause, NULL);
            }
        } else {
            error = kill(pid, signal_number);
        }

        sent += !error;
    }

    return sent;
}

/* storm <TAB> peer <TAB> signal <TAB> round <TAB> sent <TAB> EAGAIN <TAB> counted <TAB> misordered <TAB> ns to send
   <TAB> ns to the last one counted <TAB> ns to when it was last busy <TAB> ns of CPU that the target used. Round -1 is
   not recorded. */
static int storm_round(Peer *peer, int signal_number, int count, bool queued, int round) {
    long full = 0, cpu_before = cpu_of(peer->pid), started = now();
    long sent = send_storm(peer->pid, signal_number, count, queued, &full);
    long sent_at = now(), last_busy = wait_until_quiet(peer, signal_number, 10), cpu_after = cpu_of(peer->pid);
    if (waitpid(peer->pid, &peer->status, WNOHANG) == peer->pid) {
        peer->pid = 0;
        bool killed = WIFSIGNALED(peer->status);
        fail(peer, "ended in the storm (%s %d)", killed ? "signal" : "exit",
             killed ? WTERMSIG(peer->status) : WEXITSTATUS(peer->status));
        return -1;
    }

    kill(peer->pid, SIGINT);
    char line[256], misordered[32] = "na";
    long counted = -1, last = 0;
    if (read_line(peer, line, sizeof line, 5000) < 0 ||
        sscanf(line, "count=%ld misordered=%31s last_ns=%ld", &counted, misordered, &last) < 2) {
        if (!stop_all) {
            fail(peer, "no summary after SIGINT (hung?)");
        }

        return -1;
    }

    if (round >= 0) {
        fprintf(samples, "storm\t%s\t%d\t%d\t%ld\t%ld\t%ld\t%s\t%ld\t%ld\t%ld\t%ld\n", peer->name, signal_number, round,
                sent, full, counted, misordered, sent_at - started, last > started ? last - started : 0,
                last_busy < 0 ? -1 : last_busy - started, cpu_after - cpu_before);
    }

    return 0;
}

static void measure_storm(bool queued) {
    int rounds = option("rounds", 5), count = option("n", 10000);
    int signal_number = queued ? SIGRTMIN + 5 : SIGUSR2;
    char argument[16];
    snprintf(argument, sizeof argument, "%d", signal_number);

    /* Three small storms, not recorded, warm up a target that was just started: each in round -1, and each that failed.
     */
    for (int round = -1; round < rounds && !stop_all; round++) {
        int turns[MAX_PEERS];
        shuffle(turns);
        for (int k = 0; k < peer_count && !stop_all; k++) {
            Peer *peer = &peers[turns[k]];
            if (peer->dropped) {
                continue;
            }

            if (!peer->pid) {
                if (peer->failures >= 8) {
                    drop(peer, "given up after %d failures", peer->failures);
                    continue;
                }

                if (start(peer, "count", argument, READY_LIMIT_MS, NULL)) {
                    continue;
                }

                sleep_ns(100 * MS);
                for (int i = 0; i < 3 && peer->pid; i++) {
                    if (storm_round(peer, signal_number, count / 10, queued, -1)) {
                        end(peer);
                    }
                }
            }

            if (round >= 0 && peer->pid && storm_round(peer, signal_number, count, queued, round)) {
                end(peer);
            }
        }
    }

    end_all();
}

/* ---------------------------------------------------------------- order of a pair */

typedef struct {
    int good, inverted, missing;
    int late, measured; /* repeated because the driver was held up; not repeated */
    long spacing;       /* sum, ns */
} Pairs;

/* After a lost signal, or one that comes only with the next: both sides in step again. */
static void resynchronise(Peer *peer) {
    for (int i = 0; i < 3; i++) {
        kill(peer->pid, SIGTERM);
        sleep_ns(30 * MS);
        drain(peer);
    }
}

/* The pair number `direction`: 0 is HUP,TERM, 1 is TERM,HUP. */
static Pairs send_pairs(Peer *peer, int direction, int count, int limit_late, long spacing, long gap) {
    static const int signals[2] = {SIGHUP, SIGTERM};
    static const char letters[2] = {'h', 't'};
    Pairs pairs = {0};
    for (int i = 0; i < count && pairs.late < limit_late && !stop_all; i++) {
        sleep_about(gap);
        drain(peer);
        long first_sent = now();
        kill(peer->pid, signals[direction]);
        spin_until(first_sent + spacing);
        long second_sent = now();
        kill(peer->pid, signals[!direction]);

        char first = 0, second = 0;
        int got_first = read_byte(peer, &first, 500);
        int got_second = got_first == 1 ? read_byte(peer, &second, 500) : 0;
        if (got_first < 0 || got_second < 0) {
            drop(peer, "ended during the run");
            break;
        }

        if (got_first != 1 || got_second != 1) {
            pairs.missing++;
            if (pairs.missing > 20) {
                drop(peer, "too many pairs without two events");
                break;
            }

            resynchronise(peer);
            continue;
        }

        if (second_sent - first_sent > spacing + 20 * US) {
            pairs.late++; /* the driver was held up in between: not a pair as ordered, again */
            i--;
            continue;
        }

        pairs.spacing += second_sent - first_sent;
        pairs.measured++;
        if (first == letters[direction] && second == letters[!direction]) {
            pairs.good++;
        } else if (first == letters[!direction] && second == letters[direction]) {
            pairs.inverted++;
        } else {
            pairs.missing++;
        }
    }

    return pairs;
}

/* order <TAB> peer <TAB> direction <TAB> round <TAB> good <TAB> inverted <TAB> missing <TAB> mean ns between the two
 * <TAB> repeated */
static void measure_order(void) {
    int rounds = option("rounds", 10), count = option("pairs", 50);
    long spacing = option("spacing_us", 20) * US, gap = option("gap_us", 1500) * US;

    for (int i = 0; i < peer_count; i++) {
        start(&peers[i], "order", NULL, READY_LIMIT_MS, NULL);
    }

    sleep_ns(500 * MS);
    for (int round = -1; round < rounds && !stop_all; round++) { /* round -1 warms up */
        int turns[MAX_PEERS];
        shuffle(turns);
        for (int k = 0; k < peer_count && !stop_all; k++) {
            Peer *peer = &peers[turns[k]];
            for (int direction = 0; direction < 2 && !peer->dropped; direction++) {
                Pairs pairs = send_pairs(peer, direction, round < 0 ? 20 : count, 2 * count, spacing, gap);
                if (round >= 0) {
                    fprintf(samples, "order\t%s\t%d\t%d\t%d\t%d\t%d\t%ld\t%d\n", peer->name, direction, round,
                            pairs.good, pairs.inverted, pairs.missing,
                            pairs.measured ? pairs.spacing / pairs.measured : 0, pairs.late);
                }
            }

            if (peer->dropped) {
                end(peer);
            }
        }
    }

    end_all();
}

/* ---------------------------------------------------------------- start-up and shutdown */

/* shut <TAB> peer <TAB> round <TAB> ns to ready <TAB> ns to the exit <TAB> ru_maxrss <TAB> VmHWM before <TAB> exit code
 * <TAB> stopped tasks */
static void shutdown_round(Peer *peer, const char *argument, long settle, int round) {
    long started;
    if (start(peer, "shutdown", argument, 30000, &started)) {
        return;
    }

    long ready = now();
    sleep_ns(settle);
    unsigned long long memory_before = 0;
    read_status(peer->pid, "VmHWM: %llu", &memory_before);

    watchdog(20);
    long sent = now();
    kill(peer->pid, SIGTERM);
    pid_t ended;
    while ((ended = wait4(peer->pid, &peer->status, 0, &peer->usage)) < 0 && errno == EINTR && !watchdog_fired &&
           !stop_all) {
    }

    long exited = now();
    watchdog(0);
    if (ended != peer->pid) {
        end(peer);
        drop(peer, "no exit in 20 s");
        return;
    }

    peer->pid = 0;
    char line[256];
    int stopped = -1;
    for (int i = 0; i < 20 && read_line(peer, line, sizeof line, 50) >= 0; i++) {
        if (sscanf(line, "stopped=%d", &stopped) == 1) {
            break;
        }
    }

    end(peer);
    int code = WIFEXITED(peer->status) ? WEXITSTATUS(peer->status) : -WTERMSIG(peer->status);
    if (round >= 0) {
        fprintf(samples, "shut\t%s\t%d\t%ld\t%ld\t%ld\t%llu\t%d\t%d\n", peer->name, round, ready - started,
                exited - sent, peer->usage.ru_maxrss, memory_before, code, stopped);
    }
}

static void measure_shutdown(void) {
    int rounds = option("rounds", 10);
    long settle = option("settle_ms", 300) * MS;
    char argument[16];
    snprintf(argument, sizeof argument, "%ld", option("tasks", 100));

    for (int round = -1; round < rounds && !stop_all; round++) { /* round -1 warms the page cache, not recorded */
        int turns[MAX_PEERS];
        shuffle(turns);
        for (int k = 0; k < peer_count && !stop_all; k++) {
            Peer *peer = &peers[turns[k]];
            if (!peer->dropped) {
                shutdown_round(peer, argument, settle, round);
            }
        }
    }

    end_all();
}

/* ---------------------------------------------------------------- the first signal after a fresh start */

/* first <TAB> peer <TAB> round <TAB> ns from kill() to the byte */
static void first_round(Peer *peer, const char *argument, long settle, int round) {
    if (start(peer, "latency", argument, 30000, NULL)) {
        return;
    }

    sleep_ns(settle);
    watchdog(20);
    long ns = time_answer(peer, SIGTERM);
    watchdog(0);
    end(peer);
    if (ns >= 0 && round >= 0) {
        fprintf(samples, "first\t%s\t%d\t%ld\n", peer->name, round, ns);
    }

    if (peer->failures >= 3) {
        drop(peer, "given up after %d failures", peer->failures);
    }
}

static void measure_first(void) {
    int rounds = option("rounds", 15);
    long settle = option("settle_ms", 300) * MS;
    char argument[16];
    snprintf(argument, sizeof argument, "%d", SIGTERM);

    for (int round = -1; round < rounds && !stop_all; round++) { /* round -1 warms the page cache, not recorded */
        int turns[MAX_PEERS];
        shuffle(turns);
        for (int k = 0; k < peer_count && !stop_all; k++) {
            Peer *peer = &peers[turns[k]];
            if (!peer->dropped) {
                first_round(peer, argument, settle, round);
            }
        }
    }

    end_all();
}

/* ---------------------------------------------------------------- main */

static void read_peers(FILE *file) {
    static char line[4096];
    while (peer_count < MAX_PEERS && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        if (!*line || *line == '#') {
            continue;
        }

        Peer *peer = &peers[peer_count];
        peer->output = -1;
        int column = 0;
        char *rest = strdup(line); /* lives as long as the driver */
        for (char *word; (word = strsep(&rest, "\t")); column++) {
            if (column == 0) {
                snprintf(peer->name, sizeof peer->name, "%s", word);
            } else if (column == 1) {
                snprintf(peer->environment, sizeof peer->environment, "%s", word);
            } else if (peer->word_count < MAX_WORDS) {
                peer->words[peer->word_count++] = word;
            }
        }

        if (peer->word_count) {
            peer_count++;
        }
    }
}

/* Room for queued signals, and the priority: the targets inherit both. What was granted is recorded. */
static void set_limits(void) {
    struct rlimit limit;
    if (!getrlimit(RLIMIT_SIGPENDING, &limit)) {
        rlim_t wanted = option("sigpending", 65536);
        limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= wanted ? wanted : limit.rlim_max;
        setrlimit(RLIMIT_SIGPENDING, &limit);
        getrlimit(RLIMIT_SIGPENDING, &limit);
        fprintf(samples, "info\tsigpending\t%ld\n", (long)limit.rlim_cur);
    }

    int nice = option("nice", 0);
    if (nice) {
        setpriority(PRIO_PROCESS, 0, nice);
    }

    fprintf(samples, "info\tnice\t%d\n", getpriority(PRIO_PROCESS, 0));
}

static void set_handlers(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm;
    sigaction(SIGALRM, &action, NULL);
    action.sa_handler = on_stop;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);

    /* The limit of the whole run: a second timer, beside that of the watchdog. */
    timer_t timer;
    struct sigevent event;
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGTERM;
    struct itimerspec time = {{5, 0}, {option("total_s", 600), 0}};
    if (!timer_create(CLOCK_MONOTONIC, &event, &timer)) {
        timer_settime(timer, 0, &time, NULL);
    }
}

static int measure(const char *part) {
    if (!strcmp(part, "latency")) {
        measure_latency();
    } else if (!strcmp(part, "storm")) {
        measure_storm(false);
    } else if (!strcmp(part, "rtstorm")) {
        measure_storm(true);
    } else if (!strcmp(part, "order")) {
        measure_order();
    } else if (!strcmp(part, "shutdown")) {
        measure_shutdown();
    } else if (!strcmp(part, "first")) {
        measure_first();
    } else {
        fprintf(stderr, "no such part: %s\n", part);
        return 2;
    }

    return stop_all ? 130 : 0;
}

int main(int argc, char **argv) {
    if (argc < 5) {
        fprintf(stderr, "usage: bench PART PEERS.tsv OUT.tsv LOGDIR [key=value...]\n");
        return 2;
    }

    log_folder = argv[4];
    mkdir(log_folder, 0755);
    options = argv + 5;
    option_count = argc - 5;
    FILE *list = fopen(argv[2], "re");
    if (!list || !(samples = fopen(argv[3], "we"))) {
        perror("open");
        return 2;
    }

    read_peers(list);
    fclose(list);
    set_limits();
    set_handlers();
    random_state ^= (unsigned long long)option("seed", now());
    for (int i = 0; i < 16; i++) {
        random_below(1);
    }

    int status = measure(argv[1]);
    end_all();
    fclose(samples);
    return status;
}
