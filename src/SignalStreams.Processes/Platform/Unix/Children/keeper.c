/*
 * The keeper: the process between the launcher and one child, which ends the child and all that it starts when the launcher is gone.
 *
 *   launcher --posix_spawn--> keeper --fork, exec--> child --> grandchildren
 *      |                        |  ^                                |
 *      +------ control (3) -----+  +---- orphans come here ---------+
 *
 * It is the parent of the child, and the reaper of every orphan below it (PR_SET_CHILD_SUBREAPER), so nobody escapes from it by setsid or by
 * forking twice: whoever descends from the child has a chain of parents that ends here. It has left descriptors 0, 1 and 2 to the child, so a
 * pipe ends when the last of the tree has closed it; it blocks every signal; and it sleeps in ppoll until there is something to do.
 *
 * Started as:  keeper OPTIONS FOLDER CONTROL-GROUP PROGRAM NAME ARGUMENTS...  with the child's environment. OPTIONS is a letter for the
 * place (s: session, g: group, f: foreground), and a "c" when descriptor 4 is cgroup.procs of the control group. An empty FOLDER is that
 * of the launcher, an empty CONTROL-GROUP is none. Descriptor 3 is the control socket (SOCK_SEQPACKET).
 *
 * It tells (four ints each; KeeperMessage.cs): started, failed, exited, gone, stopped.
 * It is told (one byte each; KeeperCommand.cs): reap, kill, continue. End of file: the launcher is dead; kill, and end.
 *
 * No header is included and no library is linked. The declarations below are those of the 64-bit Linux ABI, the same on x86-64 and arm64 but
 * for the numbers of the system calls.
 */

typedef unsigned int u32;
typedef unsigned long long u64;

_Static_assert(sizeof(void *) == 8, "the declarations are those of 64-bit Linux");

#if defined(__x86_64__)
enum {
    NR_READ = 0, NR_WRITE = 1, NR_CLOSE = 3, NR_RT_SIGACTION = 13, NR_RT_SIGPROCMASK = 14, NR_IOCTL = 16, NR_GETPID = 39, NR_SENDTO = 44,
    NR_RECVFROM = 45,
    NR_CLONE = 56, NR_EXECVE = 59, NR_KILL = 62, NR_FCNTL = 72, NR_CHDIR = 80, NR_SETPGID = 109, NR_GETPPID = 110, NR_SETSID = 112,
    NR_GETPGID = 121, NR_PRCTL = 157, NR_GETDENTS64 = 217, NR_EXIT_GROUP = 231, NR_WAITID = 247, NR_OPENAT = 257, NR_UNLINKAT = 263,
    NR_PPOLL = 271, NR_SIGNALFD4 = 289, NR_PIPE2 = 293, NR_CLOSE_RANGE = 436,
};

static long system_call(long number, long a, long b, long c, long d, long e, long f) {
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
    return result;
}

__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall keep\n");
#elif defined(__aarch64__)
enum {
    NR_READ = 63, NR_WRITE = 64, NR_CLOSE = 57, NR_RT_SIGACTION = 134, NR_RT_SIGPROCMASK = 135, NR_IOCTL = 29, NR_GETPID = 172, NR_SENDTO = 206, NR_RECVFROM = 207,
    NR_CLONE = 220, NR_EXECVE = 221, NR_KILL = 129, NR_FCNTL = 25, NR_CHDIR = 49, NR_SETPGID = 154, NR_GETPPID = 173, NR_SETSID = 157,
    NR_GETPGID = 155, NR_PRCTL = 167, NR_GETDENTS64 = 61, NR_EXIT_GROUP = 94, NR_WAITID = 95, NR_OPENAT = 56, NR_UNLINKAT = 35,
    NR_PPOLL = 73, NR_SIGNALFD4 = 74, NR_PIPE2 = 59, NR_CLOSE_RANGE = 436,
};

static long system_call(long number, long a, long b, long c, long d, long e, long f) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return x0;
}

__asm__(".globl _start\n_start:\n\tmov x29, #0\n\tmov x30, #0\n\tmov x0, sp\n\tbl keep\n");
#else
#error "an architecture without its system calls here"
#endif

#define CALL(number, a, b, c) system_call(number, (long)(a), (long)(b), (long)(c), 0, 0, 0)

enum {
    EINTR = 4, EPERM = 1, EBUSY = 16,
    SIGKILL = 9, SIGCHLD = 17, SIGCONT = 18, SIGSTOP = 19,
    SIG_SETMASK = 2,
    AT_FDCWD = -100, AT_REMOVEDIR = 0x200,
    O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_NOCTTY = 0x100, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000,
    F_SETFD = 2, FD_CLOEXEC = 1,
    MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000,
    POLLIN = 1,
    P_ALL = 0, WNOHANG = 1, WSTOPPED = 2, WEXITED = 4, WNOWAIT = 0x01000000, WALL = 0x40000000,
    CLD_STOPPED = 5,
    PR_SET_PDEATHSIG = 1, PR_SET_NAME = 15, PR_SET_CHILD_SUBREAPER = 36,
    TCGETS = 0x5401, TCSETSW = 0x5403, TIOCGPGRP = 0x540F, TIOCSPGRP = 0x5410,
};

enum { CONTROL = 3, CONTROL_GROUP = 4, FIRST_UNKNOWN = 5 };
enum { STARTED = 1, FAILED = 2, EXITED = 3, GONE = 4, STOPPED = 5 };
enum { AT_CHDIR = 1, AT_EXEC = 2, AT_PLACE = 3, AT_FORK = 4, NOT_IN_CONTROL_GROUP = 100 };

typedef struct { int type, a, b, c; } message;
typedef struct { int stage, error; } failure;
typedef struct { int descriptor; short events, returned; } poll_entry;
typedef struct { long seconds, nanoseconds; } timespec;
typedef struct { int signal, error, code, padding, pid; u32 uid; int status; char rest[100]; } child_info;
typedef struct { u64 inode, offset; unsigned short length; unsigned char type; char name[1]; } entry;

_Static_assert(sizeof(child_info) == 128, "siginfo_t");

/* The compiler may call these for whatever it likes, in a freestanding program too. */
void *memset(void *to, int value, unsigned long count) {
    for (volatile char *p = to; count > 0; count--) {
        *p++ = (char)value;
    }

    return to;
}

void *memcpy(void *to, const void *from, unsigned long count) {
    volatile char *p = to;
    for (const char *q = from; count > 0; count--) {
        *p++ = *q++;
    }

    return to;
}

/* ---- state ---- */

static int self;
static int child;
static int launcher_group;
static int terminal = -1;
static int control = CONTROL;
static const char *group_path;
static char modes[64]; /* struct termios of the kernel, 36 bytes */

static int may_reap;       /* the launcher knows that the child has ended, and sends no more to its id */
static int is_reported;
static int is_in_group;
static int is_reaped;
static int is_killing;
static int is_waiting;     /* for those who have been killed to be reaped by their parents */
static int is_hopeless;    /* what is left may not be killed by us */
static long pause_ms;

enum { MAX_PID = 1 << 22, MAX_PROCESSES = 1 << 18 };

static struct { int pid, parent, is_dead; } processes[MAX_PROCESSES];
static int process_count;
static unsigned char descends[MAX_PID / 8]; /* untouched pages cost nothing */
static unsigned char seen[MAX_PID / 8];

static int has(const unsigned char *set, int pid) { return pid > 0 && pid < MAX_PID && (set[pid / 8] >> (pid % 8) & 1) != 0; }

static void put(unsigned char *set, int pid) {
    if (pid > 0 && pid < MAX_PID) {
        set[pid / 8] |= (unsigned char)(1 << (pid % 8));
    }
}

static void take(unsigned char *set, int pid) {
    if (pid > 0 && pid < MAX_PID) {
        set[pid / 8] &= (unsigned char)~(1 << (pid % 8));
    }
}

/* ---- small things ---- */

static _Noreturn void leave(int code) {
    for (;;) {
        CALL(NR_EXIT_GROUP, code, 0, 0);
    }
}

static void tell(int type, int a, int b, int c) {
    message m = {type, a, b, c};
    if (control >= 0) {
        while (system_call(NR_SENDTO, control, (long)&m, sizeof m, MSG_NOSIGNAL, 0, 0) == -EINTR) {
        }
    }
}

static int open_at(int folder, const char *path, int flags) {
    long descriptor;
    while ((descriptor = system_call(NR_OPENAT, folder, (long)path, flags | O_CLOEXEC, 0, 0, 0)) == -EINTR) {
    }

    return (int)descriptor;
}

static void close_from(int first) {
    if (CALL(NR_CLOSE_RANGE, first, ~0u, 0) == 0) {
        return;
    }

    int folder = open_at(AT_FDCWD, "/proc/self/fd", O_RDONLY);
    if (folder < 0) {
        for (int i = first; i < 65536; i++) {
            CALL(NR_CLOSE, i, 0, 0);
        }

        return;
    }

    /* Once more when something was closed: the folder changes under the reader. */
    static char buffer[4096] __attribute__((aligned(8)));
    for (int closed = 1; closed != 0;) {
        closed = 0;
        long length = CALL(NR_GETDENTS64, folder, buffer, sizeof buffer);
        for (long at = 0; at < length; at += ((entry *)(buffer + at))->length) {
            int number = 0;
            const char *name = ((entry *)(buffer + at))->name;
            for (; *name >= '0' && *name <= '9'; name++) {
                number = number * 10 + *name - '0';
            }

            if (*name == 0 && number >= first && number != folder) {
                CALL(NR_CLOSE, number, 0, 0);
                closed = 1;
            }
        }

        CALL(NR_CLOSE, folder, 0, 0);
        if (closed != 0 && (folder = open_at(AT_FDCWD, "/proc/self/fd", O_RDONLY)) < 0) {
            return;
        }
    }
}

/* ---- the terminal ---- */

/* Only where the launcher has the terminal to give; a launcher in the background takes it from nobody. */
static void find_terminal(void) {
    int foreground = 0;
    launcher_group = (int)CALL(NR_GETPGID, CALL(NR_GETPPID, 0, 0, 0), 0, 0);
    terminal = open_at(AT_FDCWD, "/dev/tty", O_RDWR | O_NOCTTY);
    if (terminal < 0) {
        return;
    }

    if (CALL(NR_IOCTL, terminal, TIOCGPGRP, &foreground) != 0 || foreground != launcher_group ||
        CALL(NR_IOCTL, terminal, TCGETS, modes) != 0) {
        CALL(NR_CLOSE, terminal, 0, 0);
        terminal = -1;
    }
}

static void give_terminal_to(int group) { CALL(NR_IOCTL, terminal, TIOCSPGRP, &group); }

/* As shells do: the group that had it before has it again, and after a death by signal or a stop the modes are what they were. A group that
   has taken the terminal itself meanwhile keeps it. */
static void take_terminal_back(int with_modes) {
    int foreground = 0;
    if (terminal < 0 || CALL(NR_IOCTL, terminal, TIOCGPGRP, &foreground) != 0 || foreground != child) {
        return;
    }

    give_terminal_to(launcher_group);
    if (with_modes) {
        CALL(NR_IOCTL, terminal, TCSETSW, modes);
    }
}

/* ---- the child ---- */

static _Noreturn void fail(int pipe, int stage, long error) {
    failure f = {stage, (int)-error};
    CALL(NR_WRITE, pipe, &f, sizeof f);
    leave(127);
}

static _Noreturn void become_child(int pipe, const char *options, const char *folder, char **command, char **environment) {
    /* Against the death of the keeper itself, which somebody may kill; a program with set-user-ID clears this at its exec (prctl(2)). */
    CALL(NR_PRCTL, PR_SET_PDEATHSIG, SIGKILL, 0);
    if (CALL(NR_GETPPID, 0, 0, 0) != self) {
        leave(127);
    }

    long result;
    if (options[1] == 'c' && (result = CALL(NR_WRITE, CONTROL_GROUP, "0", 1)) < 0) {
        /* It does without: a threaded group, say, takes no process. */
        failure f = {NOT_IN_CONTROL_GROUP, (int)-result};
        CALL(NR_WRITE, pipe, &f, sizeof f);
    }

    result = options[0] == 's' ? CALL(NR_SETSID, 0, 0, 0) : CALL(NR_SETPGID, 0, 0, 0);
    if (result < 0) {
        fail(pipe, AT_PLACE, result);
    }

    if (terminal >= 0) {
        give_terminal_to((int)CALL(NR_GETPID, 0, 0, 0)); /* SIGTTOU is blocked still */
    }

    if (folder[0] != 0 && (result = CALL(NR_CHDIR, folder, 0, 0)) < 0) {
        fail(pipe, AT_CHDIR, result);
    }

    /* glibc's posix_spawn has left its own two ignored (sysdeps/unix/sysv/linux/spawni.c), and a program without glibc may use them. */
    static const u64 by_default[4];
    for (int signal = 32; signal <= 33; signal++) {
        system_call(NR_RT_SIGACTION, signal, (long)by_default, 0, sizeof(u64), 0, 0);
    }

    u64 none = 0;
    system_call(NR_RT_SIGPROCMASK, SIG_SETMASK, (long)&none, 0, sizeof none, 0, 0);
    result = CALL(NR_EXECVE, command[0], command + 1, environment);
    fail(pipe, AT_EXEC, result);
}

/* ---- who belongs to the tree ---- */

static int read_parent(int folder, const char *pid, int *is_dead) {
    char path[32], text[512];
    int length = 0;
    for (; pid[length] != 0 && length < 20; length++) {
        path[length] = pid[length];
    }

    memcpy(path + length, "/stat", 6);
    int file = open_at(folder, path, O_RDONLY);
    if (file < 0) {
        return -1;
    }

    long count = CALL(NR_READ, file, text, sizeof text - 1);
    CALL(NR_CLOSE, file, 0, 0);
    if (count <= 0) {
        return -1;
    }

    /* "12 (na) me) S 1 ...": the name is ended by the last parenthesis; no later field has one. The dead need no signal, but lead to their children. */
    long at = count - 1;
    while (at > 0 && text[at] != ')') {
        at--;
    }

    /* (A program whose first thread has ended looks dead too; it is killed like the others, and only not waited for by looking again.) */
    *is_dead = at + 2 < count && (text[at + 2] == 'Z' || text[at + 2] == 'X');
    int parent = 0;
    for (at += 4; at < count && text[at] >= '0' && text[at] <= '9'; at++) {
        parent = parent * 10 + text[at] - '0';
    }

    return parent;
}

static void look(void) {
    static char buffer[32768] __attribute__((aligned(8)));
    for (int i = 0; i < process_count; i++) {
        take(descends, processes[i].pid);
    }

    process_count = 0;
    int folder = open_at(AT_FDCWD, "/proc", O_RDONLY);
    if (folder < 0) {
        return;
    }

    long length;
    while ((length = CALL(NR_GETDENTS64, folder, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < length; at += ((entry *)(buffer + at))->length) {
            int pid = 0;
            const char *name = ((entry *)(buffer + at))->name;
            for (; *name >= '0' && *name <= '9'; name++) {
                pid = pid * 10 + *name - '0';
            }

            int parent, is_dead;
            if (*name == 0 && pid != 0 && process_count < MAX_PROCESSES && (parent = read_parent(folder, ((entry *)(buffer + at))->name, &is_dead)) > 0) {
                processes[process_count].pid = pid;
                processes[process_count].is_dead = is_dead;
                processes[process_count++].parent = parent;
            }
        }
    }

    CALL(NR_CLOSE, folder, 0, 0);
    for (int found = 1; found != 0;) {
        found = 0;
        for (int i = 0; i < process_count; i++) {
            if ((processes[i].parent == self || has(descends, processes[i].parent)) && !has(descends, processes[i].pid)) {
                put(descends, processes[i].pid);
                found = 1;
            }
        }
    }
}

/* ---- the end ---- */

/* Returns whether the kernel took it. */
static int write_to_group(const char *file, const char *text) {
    char path[4096];
    int length = 0;
    for (; group_path[length] != 0; length++) {
        if (length > 4000) {
            return 0;
        }

        path[length] = group_path[length];
    }

    for (int i = 0; ; i++) {
        path[length + i] = file[i];
        if (file[i] == 0) {
            break;
        }
    }

    int descriptor = open_at(AT_FDCWD, path, O_WRONLY);
    if (descriptor < 0) {
        return 0;
    }

    long result = CALL(NR_WRITE, descriptor, text, 1);
    CALL(NR_CLOSE, descriptor, 0, 0);
    return result == 1;
}

/* Stops them all before it kills any, until a look finds nobody new: one that is stopped has no more children, so even those who fork as fast
   as they can come to an end. All of them descend from this process, which has reaped none of them meanwhile, and an id that has been
   reaped by its own parent, and given to a stranger since the look a moment ago, would have to have gone once round all ids.
   Returns after how many milliseconds to do it again, if anybody is there still. */
static long kill_all(void) {
    /* The kernel does it at once, newborns included. Who has left the group is looked for when somebody is there still a moment later: a look at all
       processes costs milliseconds, and a thousand keepers that look at once half a minute. */
    static int has_trusted_group;
    if (is_in_group && write_to_group("/cgroup.kill", "1") && !has_trusted_group) {
        has_trusted_group = 1;
        is_waiting = 0;
        is_hopeless = 0;
        return 250;
    }

    int found = 1, rounds = 0, killed = 0, refused = 0;
    while (found != 0 && rounds++ < 1000) {
        found = 0;
        look();
        for (int i = 0; i < process_count; i++) {
            int pid = processes[i].pid;
            if (has(descends, pid) && !has(seen, pid)) {
                put(seen, pid);
                CALL(NR_KILL, pid, SIGSTOP, 0);
                found = 1;
            }
        }
    }

    for (int i = 0; i < process_count; i++) {
        int pid = processes[i].pid;
        if (has(descends, pid)) {
            take(seen, pid);
            long result = CALL(NR_KILL, pid, SIGKILL, 0);
            refused += result == -EPERM;
            killed += result == 0 && !processes[i].is_dead;
        }
    }

    /* Nothing to look for again until something happens. */
    is_waiting = killed == 0;
    is_hopeless = killed == 0 && refused > 0;
    return 20;
}

/* Returns whether anybody is left. */
static int reap(void) {
    for (;;) {
        child_info info = {0};
        long result = system_call(NR_WAITID, P_ALL, 0, (long)&info, WEXITED | WNOHANG | WNOWAIT | WALL, 0, 0);
        if (result == -EINTR) {
            continue;
        }

        if (result < 0) {
            return 0;
        }

        if (info.pid == 0) {
            return 1;
        }

        if (info.pid == child && !is_reaped) {
            if (!is_reported) {
                is_reported = 1;
                take_terminal_back(info.code != 1);
                tell(EXITED, info.code, info.status, 0);
            }

            if (!may_reap) {
                return 1;
            }

            is_reaped = 1;
        }

        /* One of a set that was peeked at; none but this process reaps it. */
        system_call(NR_WAITID, 1, info.pid, 0, WEXITED | WNOHANG | WALL, 0, 0);
    }
}

static void look_for_stop(void) {
    child_info info = {0};
    if (!is_reported && system_call(NR_WAITID, 1, child, (long)&info, WSTOPPED | WNOHANG, 0, 0) == 0 && info.pid == child && !is_killing) {
        take_terminal_back(1);
        tell(STOPPED, info.status, 0, 0);
    }
}

static void listen(void) {
    char commands[16];
    long length = system_call(NR_RECVFROM, control, (long)commands, sizeof commands, MSG_DONTWAIT, 0, 0);
    if (length < 0 && (length == -EINTR || length == -11)) {
        return;
    }

    if (length <= 0) {
        CALL(NR_CLOSE, control, 0, 0);
        control = -1;
        may_reap = 1;
        is_killing = 1;
        pause_ms = 0;
        return;
    }

    for (long i = 0; i < length; i++) {
        switch (commands[i]) {
        case 'R':
            may_reap = 1;
            break;
        case 'K':
            pause_ms = is_killing ? pause_ms : 0;
            is_killing = 1;
            break;
        case 'C':
            if (terminal >= 0 && !is_reported) {
                int foreground = 0;
                if (CALL(NR_IOCTL, terminal, TIOCGPGRP, &foreground) == 0 && foreground == launcher_group) {
                    give_terminal_to(child);
                }
            }

            if (!is_reaped) {
                CALL(NR_KILL, -child, SIGCONT, 0);
            }

            break;
        }
    }
}

__attribute__((used)) _Noreturn void keep(long *stack) {
    long count = stack[0];
    char **arguments = (char **)(stack + 1);
    char **environment = arguments + count + 1;
    if (count < 6) {
        leave(125);
    }

    const char *options = arguments[1];
    group_path = arguments[3];
    self = (int)CALL(NR_GETPID, 0, 0, 0);

    u64 all = ~0ull, only_children = 1ull << (SIGCHLD - 1);
    system_call(NR_RT_SIGPROCMASK, SIG_SETMASK, (long)&all, 0, sizeof all, 0, 0);
    CALL(NR_PRCTL, PR_SET_CHILD_SUBREAPER, 1, 0);
    CALL(NR_PRCTL, PR_SET_NAME, "ss-keeper", 0);
    CALL(NR_FCNTL, CONTROL, F_SETFD, FD_CLOEXEC);
    if (options[1] == 'c') {
        CALL(NR_FCNTL, CONTROL_GROUP, F_SETFD, FD_CLOEXEC);
    }

    close_from(options[1] == 'c' ? FIRST_UNKNOWN : CONTROL_GROUP);
    int is_foreground = options[0] == 'f'; /* the options are wiped out below */
    if (is_foreground) {
        find_terminal();
    }

    int ends[2] = {-1, -1};
    long result = CALL(NR_PIPE2, ends, O_CLOEXEC, 0);
    if (result == 0) {
        result = system_call(NR_CLONE, SIGCHLD, 0, 0, 0, 0, 0);
    }

    if (result < 0) {
        tell(FAILED, AT_FORK, (int)-result, 0);
        leave(126);
    }

    child = (int)result;
    if (child == 0) {
        become_child(ends[1], options, arguments[2], arguments + 4, environment);
    }

    CALL(NR_CLOSE, ends[1], 0, 0);
    CALL(NR_CLOSE, 0, 0, 0);
    CALL(NR_CLOSE, 1, 0, 0);
    CALL(NR_CLOSE, 2, 0, 0);
    if (options[1] == 'c') {
        CALL(NR_CLOSE, CONTROL_GROUP, 0, 0);
    }

    /* The child's exec closes its end, and nothing is read; or it says why not. */
    is_in_group = options[1] == 'c';
    failure f;
    for (;;) {
        long length = CALL(NR_READ, ends[0], &f, sizeof f);
        if (length == -EINTR) {
            continue;
        }

        if (length != sizeof f) {
            break;
        }

        if (f.stage == NOT_IN_CONTROL_GROUP) {
            is_in_group = 0;
            continue;
        }

        child_info info;
        while (system_call(NR_WAITID, 1, child, (long)&info, WEXITED | WALL, 0, 0) == -EINTR) {
        }

        take_terminal_back(1);
        tell(FAILED, f.stage, f.error, 0);
        leave(126);
    }

    CALL(NR_CLOSE, ends[0], 0, 0);
    CALL(NR_CHDIR, "/", 0, 0);

    /* For ps and pkill -f this process is not the child: of its command line only the name is left. A last byte that is not 0 tells the kernel that
       the text ends at the first 0 (fs/proc/base.c, get_mm_cmdline). The control group's path, which is among it, is kept. */
    static char kept_path[4096];
    for (int i = 0; i < 4095 && group_path[i] != 0; i++) {
        kept_path[i] = group_path[i];
    }

    group_path = kept_path;
    char *last = arguments[count - 1];
    while (*last != 0) {
        last++;
    }

    memset(arguments[1], 0, (unsigned long)(last - arguments[1]));
    *last = 1;
    tell(STARTED, child, is_in_group, terminal >= 0);

    int children = (int)system_call(NR_SIGNALFD4, -1, (long)&only_children, sizeof only_children, O_CLOEXEC | O_NONBLOCK, 0, 0);
    for (;;) {
        if (!reap()) {
            break;
        }

        if (is_foreground) {
            look_for_stop();
        }

        if (is_killing && pause_ms <= 0) {
            long next = kill_all();
            if (!reap() || (is_hopeless && control < 0)) {
                break;
            }

            pause_ms = next;
        }

        poll_entry entries[2] = {{children, POLLIN, 0}, {control, POLLIN, 0}};
        timespec limit = {pause_ms / 1000, pause_ms % 1000 * 1000000};
        long ready = system_call(NR_PPOLL, (long)entries, 2, is_killing && !is_waiting ? (long)&limit : 0, 0, 0, 0);
        if (ready == 0) {
            /* Somebody takes long to die, in the kernel mostly; or came after the look. */
            kill_all();
            pause_ms = pause_ms < 1000 ? pause_ms * 2 : 1000;
            continue;
        }

        if (is_waiting) {
            pause_ms = 0;
        }

        if ((entries[0].returned & POLLIN) != 0) {
            static char ignored[128 * 4];
            while (CALL(NR_READ, children, ignored, sizeof ignored) > 0) {
            }
        }

        if (control >= 0 && entries[1].returned != 0) {
            listen();
        }
    }

    if (!is_reported) {
        take_terminal_back(1);
    }

    /* For a moment a task that has been reaped still counts (EBUSY); groups that members have made below are the launcher's to remove. */
    for (int i = 0; group_path[0] != 0 && i < 50; i++) {
        timespec moment = {0, 1000000};
        if (system_call(NR_UNLINKAT, AT_FDCWD, (long)group_path, AT_REMOVEDIR, 0, 0, 0) != -EBUSY) {
            break;
        }

        system_call(NR_PPOLL, 0, 0, (long)&moment, 0, 0, 0);
    }

    tell(GONE, 0, 0, 0);
    leave(0);
}
