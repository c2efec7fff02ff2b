/*
 * The signal handler of SignalStreams, and the ring that carries what it saw to managed threads.
 *
 *   kill() -> kernel -> on_signal() -> ring -> bell (futex) -> ss_park() returns on a reader -> ss_take()
 *
 * What makes this file hard is where on_signal() runs: on any thread of the process, between any two of its instructions, with any lock
 * held, on several threads at a time, and in a child after fork(). So the handler
 *   - allocates nothing, takes no lock and calls nothing but system calls (signal-safety(7)), which it makes itself, since those of the
 *     C library write errno;
 *   - waits for nobody who may wait for it: when the ring is full it counts. (It may stand aside for another thread's handler, for the sake of
 *     their order: for a tenth of a millisecond in stand_behind_main, for a millisecond at most in drain. A handler waits for nothing that the
 *     thread it interrupted could hold.);
 *   - does not ask for SA_ONSTACK: the runtime handles a NullReferenceException (SIGSEGV) on the alternate stack and leaves frames alive
 *     there, which a second handler on the same stack would overwrite (https://github.com/dotnet/runtime/issues/110368);
 *   - is silent in a forked child, which has a copy of the ring that nobody reads.
 *
 * No header is included and two functions are imported (sigaction, clock_gettime), so that one file of machine code serves under glibc and
 * musl, and a cross compiler needs no C library. The declarations below are those of the 64-bit Linux ABI, the same on x86-64 and arm64.
 */

typedef unsigned int u32;
typedef unsigned long long u64;

_Static_assert(sizeof(void *) == 8, "the declarations are those of 64-bit Linux");

/* ---- the ABI: <signal.h>, <time.h>, <linux/futex.h> ---- */

typedef struct {
    int signal;
    int error;
    int code;
    int padding;
    union {
        struct {
            int pid;
            u32 uid;
            union {
                long value; /* sigqueue: union sigval */
                int status; /* SIGCHLD */
            } u;
        } sender;
        char size[112];
    } u;
} siginfo;

typedef struct action {
    union {
        void (*plain)(int);
        void (*info)(int, siginfo *, void *);
    } handler;
    u64 mask[16];
    int flags;
    void (*restorer)(void);
} action;

typedef struct {
    long seconds;
    long nanoseconds;
} timespec;

_Static_assert(sizeof(siginfo) == 128, "siginfo_t");
_Static_assert(sizeof(action) == 152, "struct sigaction");

extern int sigaction(int signal, const action *new_action, action *old_action);
extern int clock_gettime(int clock, timespec *time);

enum {
    SA_SIGINFO = 4,
    SA_RESTART = 0x10000000,
    SI_QUEUE = -1,
    SI_TKILL = -6,
    SIGCHLD = 17,
    SIGCONT = 18,
    CLOCK_MONOTONIC = 1,
    FUTEX_WAIT_PRIVATE = 128,
    FUTEX_WAKE_PRIVATE = 129,
};

#if defined(__x86_64__)
enum { NR_GETPID = 39, NR_GETTID = 186, NR_FUTEX = 202, NR_SIGPENDING = 127, NR_SIGTIMEDWAIT = 128 };

static long system_call(long number, long a, long b, long c, long d) {
    long result;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
enum { NR_GETPID = 172, NR_GETTID = 178, NR_FUTEX = 98, NR_SIGPENDING = 136, NR_SIGTIMEDWAIT = 137 };

static long system_call(long number, long a, long b, long c, long d) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
}
#else
#error "an architecture without its system calls here"
#endif

/* ---- state ---- */

#define EXPORT __attribute__((visibility("default")))

#define SIGNALS 65     /* 1 to 64 */
#define REAL_TIME 32   /* from here on the kernel queues signals, and does not merge them */
#define DRAIN_AT_MOST 256
#define STAND_BEHIND_NS 100000
#define STAND_ASIDE_NS 1000000

#ifndef RING_SIZE
#define RING_SIZE 65536u /* a power of two; a quarter of a second of the fastest storm; 4 MB, of which only what was used is ever touched */
#endif

/* What managed code takes; its twin is RelayRecord.cs. */
typedef struct {
    u64 time; /* CLOCK_MONOTONIC in ns: what Stopwatch counts in */
    int signal;
    int code;
    int pid;
    u32 uid;
    long value;
    u64 count; /* 1; more where the ring was full and repeats were only counted */
} record;

/* turn says whose a slot is: 2n before the n-th lap of the writers, 2n + 1 when it was filled in that lap. All zero is an empty ring. */
typedef struct {
    u64 turn;
    record record;
    char padding[16];
} slot;

_Static_assert(sizeof(slot) == 64, "one slot, one cache line");

static slot ring[RING_SIZE] __attribute__((aligned(64)));
static u64 head __attribute__((aligned(64))); /* writers */
static u64 tail __attribute__((aligned(64))); /* the reader: whoever has the lock of the managed side */
static u32 bell __attribute__((aligned(64))); /* counts arrivals; readers sleep on it */
static u32 parked;
static u32 main_is_parked;
static u64 missed_any;
static u64 missed[SIGNALS];
static u32 main_puts; /* what the main thread has recorded, when it did so last, and how many wait for the next */
static u64 main_put_time;
static u32 behind_main;
static u32 draining;
static u32 aside;
static action runtime; /* what the runtime has on every signal that it catches */
static int owner; /* process id; another one's handler is that of a forked child */

static u64 caught; /* a bit for each signal that the handler is on */

static struct {
    int active;
    int installed;
    action previous;
} claims[SIGNALS];

/* ---- the handler ---- */

static void ring_bell(void) {
    __atomic_fetch_add(&bell, 1, __ATOMIC_SEQ_CST);

    /* Against ss_park, which counts itself and then looks at the bell: this rings, and then looks at the count. */
    if (__atomic_load_n(&parked, __ATOMIC_SEQ_CST) == 0) {
        return;
    }

    /* The main thread is where the kernel runs most handlers. If it sleeps there itself, it wakes by having been interrupted; once, so that
       it has one signal to take, and somebody else the next. */
    if (__atomic_load_n(&main_is_parked, __ATOMIC_SEQ_CST) != 0 && system_call(NR_GETTID, 0, 0, 0, 0) == owner &&
        __atomic_exchange_n(&main_is_parked, 0, __ATOMIC_SEQ_CST) != 0) {
        return;
    }

    system_call(NR_FUTEX, (long)&bell, FUTEX_WAKE_PRIVATE, 1, 0);
}

static u64 now(void) {
    timespec time = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (u64)time.seconds * 1000000000u + (u64)time.nanoseconds;
}

static void put(int signal, const siginfo *info) {
    u64 position = __atomic_load_n(&head, __ATOMIC_RELAXED);
    slot *mine;
    u64 turn;
    for (;;) {
        mine = &ring[position % RING_SIZE];
        turn = position / RING_SIZE * 2;
        u64 found = __atomic_load_n(&mine->turn, __ATOMIC_ACQUIRE);
        if (found == turn) {
            if (__atomic_compare_exchange_n(&head, &position, position + 1, 1, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
                break;
            }
        } else if (found < turn) {
            /* Full: the slot still has what the lap before put there. */
            __atomic_fetch_add(&missed[signal], 1, __ATOMIC_RELAXED);
            __atomic_store_n(&missed_any, 1, __ATOMIC_RELEASE);
            return;
        } else {
            position = __atomic_load_n(&head, __ATOMIC_RELAXED);
        }
    }

    record *r = &mine->record;
    r->time = now();
    r->signal = signal;
    r->code = info->code;
    r->pid = 0;
    r->uid = 0;
    r->value = 0;
    r->count = 1;

    /* Only a process's own signal has a sender (SI_FROMUSER); the kernel's have other things in the same place. */
    if (info->code <= 0 || signal == SIGCHLD) {
        r->pid = info->u.sender.pid;
        r->uid = info->u.sender.uid;
    }

    if (info->code == SI_QUEUE) {
        r->value = info->u.sender.u.value;
    }

    __atomic_store_n(&mine->turn, turn + 1, __ATOMIC_RELEASE);
}

/* The kernel gives a signal to another thread than the main one only when that has one already (signal.c, complete_signal). Mostly that one was
   recorded long ago, or waits to be taken by the main thread and comes later. But the main thread may have lost its processor on the way to
   its handler, and then its signal, which is the earlier one, is to be recorded first. */
static void stand_behind_main(int code) {
    u32 before = __atomic_load_n(&main_puts, __ATOMIC_SEQ_CST);
    if (code == SI_TKILL || now() - __atomic_load_n(&main_put_time, __ATOMIC_RELAXED) < 2 * STAND_BEHIND_NS) {
        return;
    }

    u64 pending = 0;
    system_call(NR_SIGPENDING, (long)&pending, sizeof pending, 0, 0);
    if ((pending & __atomic_load_n(&caught, __ATOMIC_RELAXED)) != 0) {
        return;
    }

    timespec limit = {0, STAND_BEHIND_NS};
    __atomic_fetch_add(&behind_main, 1, __ATOMIC_SEQ_CST);
    system_call(NR_FUTEX, (long)&main_puts, FUTEX_WAIT_PRIVATE, before, (long)&limit);
    __atomic_fetch_sub(&behind_main, 1, __ATOMIC_SEQ_CST);
}

static void tell_those_behind_main(void) {
    __atomic_store_n(&main_put_time, now(), __ATOMIC_RELAXED);
    __atomic_fetch_add(&main_puts, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&behind_main, __ATOMIC_SEQ_CST) != 0) {
        system_call(NR_FUTEX, (long)&main_puts, FUTEX_WAKE_PRIVATE, 64, 0);
    }
}

static void on_signal(int signal, siginfo *info, void *context);

static int is_ours(const action *current) { return current->handler.info == on_signal; }

/* Takes what else of a queued signal is pending without leaving the handler for each. That is twice as fast, and keeps them in order: where
   two threads have each been given one, nobody knows any more which was the first. So a second thread stands aside. Whatever it holds, the first
   one cannot wait for that: between here and its end it makes system calls only. */
static void drain(int signal) {
    action current;
    if (sigaction(signal, (const action *)0, &current) != 0 || !is_ours(&current)) {
        return; /* Somebody is on top of us, who is to see every one. */
    }

    if (__atomic_exchange_n(&draining, 1, __ATOMIC_SEQ_CST) != 0) {
        timespec limit = {0, STAND_ASIDE_NS};
        __atomic_fetch_add(&aside, 1, __ATOMIC_SEQ_CST);
        system_call(NR_FUTEX, (long)&draining, FUTEX_WAIT_PRIVATE, 1, (long)&limit);
        __atomic_fetch_sub(&aside, 1, __ATOMIC_SEQ_CST);
        return;
    }

    u64 only_this = 1ull << (signal - 1);
    timespec do_not_wait = {0, 0};
    siginfo info = {0};
    for (int i = 0; i < DRAIN_AT_MOST && __atomic_load_n(&claims[signal].active, __ATOMIC_ACQUIRE) != 0; i++) {
        if (system_call(NR_SIGTIMEDWAIT, (long)&only_this, (long)&info, (long)&do_not_wait, sizeof only_this) != signal) {
            break;
        }

        put(signal, &info);
        ring_bell();
    }

    __atomic_store_n(&draining, 0, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&aside, __ATOMIC_SEQ_CST) != 0) {
        system_call(NR_FUTEX, (long)&draining, FUTEX_WAKE_PRIVATE, 64, 0);
    }
}

static void on_signal(int signal, siginfo *info, void *context) {
    if (__atomic_load_n(&claims[signal].active, __ATOMIC_ACQUIRE) != 0) {
        if (system_call(NR_GETPID, 0, 0, 0, 0) == owner) {
            int is_main = system_call(NR_GETTID, 0, 0, 0, 0) == owner;
            if (!is_main) {
                stand_behind_main(info->code);
            }

            put(signal, info);
            ring_bell();
            if (is_main) {
                tell_those_behind_main();
            }

            if (signal >= REAL_TIME) {
                drain(signal);
            }
        }

        return;
    }

    /* Closed, but still installed: somebody has our handler as his "previous" one, or this thread was on its way here. What was there
       before us is the runtime's handler always: its registration is made before we are installed, and given up after us. */
    const action *previous = &claims[signal].previous;
    if (previous->handler.plain != (void (*)(int))0 && previous->handler.plain != (void (*)(int))1) {
        if ((previous->flags & SA_SIGINFO) != 0) {
            previous->handler.info(signal, info, context);
        } else {
            previous->handler.plain(signal);
        }
    }
}

/* ---- what managed code calls ---- */

/* Whether this is the thread that the kernel prefers for the process's signals. */
EXPORT int ss_is_main_thread(void) { return system_call(NR_GETTID, 0, 0, 0, 0) == system_call(NR_GETPID, 0, 0, 0, 0); }

enum { OPENED = 0, IGNORED = 1, UNCAUGHT = 2, FOREIGN = 3, FAILED = -1 };

static int is_the_runtimes(const action *current) { return current->handler.plain == runtime.handler.plain; }

/* Puts the handler on top of the runtime's, and of nobody else's: what is below is called later, by a reader, without the context that an
   unknown handler may want. One call at a time. */
EXPORT int ss_open(int signal) {
    action current;
    if (signal < 1 || signal >= SIGNALS || sigaction(signal, (const action *)0, &current) != 0) {
        return FAILED;
    }

    owner = (int)system_call(NR_GETPID, 0, 0, 0, 0);

    /* The runtime catches this one whatever it inherited, from its first registration on; and it is asked before we are on it. */
    if (runtime.handler.plain == (void (*)(int))0) {
        sigaction(SIGCONT, (const action *)0, &runtime);
    }

    if (is_ours(&current)) {
        __atomic_store_n(&claims[signal].active, 1, __ATOMIC_RELEASE);
        return OPENED;
    }

    if (current.handler.plain == (void (*)(int))1) {
        return IGNORED;
    }

    if (current.handler.plain == (void (*)(int))0) {
        return UNCAUGHT;
    }

    if (!is_the_runtimes(&current)) {
        if (claims[signal].installed == 0) {
            return FOREIGN;
        }

        /* Somebody is on top of us, and passes on to us or does not. A second layer would make a circle. */
        __atomic_store_n(&claims[signal].active, 1, __ATOMIC_RELEASE);
        return OPENED;
    }

    claims[signal].previous = current;
    __atomic_store_n(&claims[signal].active, 1, __ATOMIC_RELEASE);

    /* All signals are kept off while the handler runs: one thread handles them in the kernel's order, and no handler in a handler. */
    action mine = {.handler = {.info = on_signal}, .flags = SA_SIGINFO | SA_RESTART};
    for (int i = 0; i < 16; i++) {
        mine.mask[i] = ~0ull;
    }

    if (sigaction(signal, &mine, (action *)0) != 0) {
        __atomic_store_n(&claims[signal].active, 0, __ATOMIC_RELEASE);
        return FAILED;
    }

    claims[signal].installed = 1;
    __atomic_fetch_or(&caught, 1ull << (signal - 1), __ATOMIC_RELAXED);
    return OPENED;
}

/* Takes the handler away. 1: it is gone; 0: somebody is on top of it, so it stays and passes on what comes. */
EXPORT int ss_close(int signal) {
    action current;
    if (signal < 1 || signal >= SIGNALS || claims[signal].installed == 0) {
        return 1;
    }

    __atomic_store_n(&claims[signal].active, 0, __ATOMIC_RELEASE);
    if (sigaction(signal, (const action *)0, &current) != 0) {
        return 0;
    }

    if (!is_ours(&current)) {
        /* Whoever was on top of us may have put back what he found when we were not there yet. */
        if (!is_the_runtimes(&current) && current.handler.plain != (void (*)(int))0 && current.handler.plain != (void (*)(int))1) {
            return 0;
        }
    } else if (sigaction(signal, &claims[signal].previous, (action *)0) != 0) {
        return 0;
    }

    claims[signal].installed = 0;
    __atomic_fetch_and(&caught, ~(1ull << (signal - 1)), __ATOMIC_RELAXED);
    return 1;
}

/* Gives the next record. One thread at a time. */
EXPORT int ss_take(record *out) {
    slot *next = &ring[tail % RING_SIZE];
    u64 filled = tail / RING_SIZE * 2 + 1;
    if (__atomic_load_n(&next->turn, __ATOMIC_ACQUIRE) == filled) {
        *out = next->record;
        __atomic_store_n(&next->turn, filled + 1, __ATOMIC_RELEASE);
        __atomic_store_n(&tail, tail + 1, __ATOMIC_RELAXED);
        return 1;
    }

    /* Empty. What did not fit comes behind what did. */
    if (__atomic_load_n(&missed_any, __ATOMIC_ACQUIRE) == 0) {
        return 0;
    }

    for (;;) {
        for (int signal = 1; signal < SIGNALS; signal++) {
            u64 count = __atomic_exchange_n(&missed[signal], 0, __ATOMIC_RELAXED);
            if (count != 0) {
                *out = (record){.time = now(), .signal = signal, .count = count};
                out->code = 1; /* nobody's: what a signal that only was counted came from is not known */
                return 1;
            }
        }

        if (__atomic_exchange_n(&missed_any, 0, __ATOMIC_ACQ_REL) == 0) {
            return 0;
        }

        /* Once more: one that was counted before the flag was taken down must not wait for the next. */
    }
}

/* How often the bell has rung. Read it, look at ss_take and at whatever else there is to do, and then sleep on what was read. */
EXPORT u32 ss_bell(void) { return __atomic_load_n(&bell, __ATOMIC_SEQ_CST); }

/* Sleeps until the bell has rung more often than it had, or for a time in ns; negative: for as long as it takes. Comes back for nothing
   sometimes. */
EXPORT void ss_park(u32 before, long nanoseconds) {
    int is_main = system_call(NR_GETTID, 0, 0, 0, 0) == owner;
    if (is_main) {
        __atomic_store_n(&main_is_parked, 1, __ATOMIC_SEQ_CST);
    }

    __atomic_fetch_add(&parked, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&bell, __ATOMIC_SEQ_CST) == before) {
        timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
        system_call(NR_FUTEX, (long)&bell, FUTEX_WAIT_PRIVATE, before, nanoseconds < 0 ? 0 : (long)&limit);
    }

    __atomic_fetch_sub(&parked, 1, __ATOMIC_SEQ_CST);
    if (is_main) {
        __atomic_store_n(&main_is_parked, 0, __ATOMIC_SEQ_CST);
    }
}

/* Wakes readers without a signal. */
EXPORT void ss_wake(int count) {
    __atomic_fetch_add(&bell, 1, __ATOMIC_SEQ_CST);
    system_call(NR_FUTEX, (long)&bell, FUTEX_WAKE_PRIVATE, count, 0);
}

/* Hands a signal that was delivered to what the handler is, or was, on top of: the runtime's handler, which writes a byte to a pipe, and calls
   none of somebody else's, since the handler is not put on a signal that had one. */
EXPORT void ss_forward(int signal) {
    siginfo info = {.signal = signal, .code = 0};
    const action *previous = &claims[signal].previous;
    if (previous->handler.plain != (void (*)(int))0 && previous->handler.plain != (void (*)(int))1) {
        if ((previous->flags & SA_SIGINFO) != 0) {
            previous->handler.info(signal, &info, (void *)0);
        } else {
            previous->handler.plain(signal);
        }
    }
}
