/*
 * Sends a console event (Ctrl-C, Ctrl-Break) to processes of another console than the caller's.
 *
 * GenerateConsoleCtrlEvent reaches only the console that the calling process is attached to, and a process is attached to one at most. So this
 * program, which is attached to none, attaches to the console of the target, sends, and ends.
 *
 *     consolesignal PROCESS EVENT GROUP CALLER [FAMILY...]
 *
 * PROCESS  whose console it attaches to
 * EVENT    0 for CTRL_C_EVENT, 1 for CTRL_BREAK_EVENT
 * GROUP    the process group to send to, or 0 for all who are attached to that console
 * CALLER   with GROUP 0 nothing is sent to a console that this process is attached to
 * FAMILY   with GROUP 0 nothing is sent to a console that others than PROCESS and these are attached to; 0 stands for everybody, and says that
 *          PROCESS has a console of its own, or will have it in a moment
 *
 * The exit code is one of "enum result", which ConsoleHelperResult.cs repeats, with the bit SAID, and the error of the system in the bytes above.
 * Whoever is ended by an event of another of us has not said anything: 0 or 0xC000013A. Nothing of a C library is used: kernel32 only.
 */
typedef void *HANDLE;
typedef unsigned long DWORD; /* 32 bits on Windows, in every data model */
typedef int BOOL;
typedef BOOL(__stdcall *HANDLER)(DWORD);

#define IMPORT __declspec(dllimport)
IMPORT const unsigned short *__stdcall GetCommandLineW(void);
IMPORT BOOL __stdcall FreeConsole(void);
IMPORT BOOL __stdcall AttachConsole(DWORD process);
IMPORT DWORD __stdcall GetConsoleProcessList(DWORD *processes, DWORD count);
IMPORT BOOL __stdcall SetConsoleCtrlHandler(HANDLER handler, BOOL add);
IMPORT BOOL __stdcall GenerateConsoleCtrlEvent(DWORD event, DWORD group);
IMPORT DWORD __stdcall GetCurrentProcessId(void);
IMPORT DWORD __stdcall GetLastError(void);
IMPORT void __stdcall ExitProcess(unsigned int code);
IMPORT HANDLE __stdcall OpenProcess(DWORD access, BOOL inherit, DWORD process);
IMPORT BOOL __stdcall CloseHandle(HANDLE handle);
IMPORT DWORD __stdcall WaitForSingleObject(HANDLE handle, DWORD milliseconds);
IMPORT BOOL __stdcall QueryFullProcessImageNameW(HANDLE process, DWORD flags, unsigned short *name, DWORD *size);
IMPORT BOOL __stdcall GetProcessTimes(HANDLE process, unsigned long long *created, unsigned long long *ended, unsigned long long *kernel, unsigned long long *user);
IMPORT void __stdcall GetSystemTimeAsFileTime(unsigned long long *now);
IMPORT void __stdcall Sleep(DWORD milliseconds);

enum result {
    SENT = 0,
    BAD_ARGUMENTS = 1,
    NO_CONSOLE = 2,
    GONE = 3,
    NOT_PERMITTED = 4,
    CALLER_ATTACHED = 5,
    OTHERS_ATTACHED = 6,
    REFUSED = 7,
    SAID = 0x80,
};

enum {
    ERROR_ACCESS_DENIED = 5,
    ERROR_INVALID_HANDLE = 6,
    ERROR_GEN_FAILURE = 31,
    ERROR_INVALID_PARAMETER = 87,
    MAX_ATTACHED = 1024,
    MAX_PATH_LENGTH = 32768,
    QUERY_LIMITED_INFORMATION = 0x1000,
    SYNCHRONIZE = 0x100000,
    WAIT_OBJECT_0 = 0,
    MAX_NUMBERS = 4096, /* a command line has 32767 characters, and a pid with its space two at least; more than fit are refused */
};

static DWORD attached[MAX_ATTACHED];
static DWORD numbers[MAX_NUMBERS];
static unsigned short own_path[MAX_PATH_LENGTH];
static unsigned short other_path[MAX_PATH_LENGTH];
static DWORD error; /* of the system, with a result that it explains */

static enum result failed(enum result result)
{
    error = GetLastError();
    return result;
}

/* We are attached to the console as well when the event comes. A null handler would ignore Ctrl-C, but not Ctrl-Break. */
static BOOL __stdcall survive(DWORD event)
{
    (void)event;
    return 1;
}

/* The numbers behind the program's name; -1 when there is anything else. */
static int read_numbers(const unsigned short *line)
{
    int count = 0;
    int quoted = 0;
    while (*line && (quoted || (*line != ' ' && *line != '\t'))) {
        quoted ^= *line == '"';
        line++;
    }

    for (;;) {
        while (*line == ' ' || *line == '\t')
            line++;
        if (!*line)
            return count;
        if (count == MAX_NUMBERS)
            return -1;

        DWORD number = 0;
        do {
            if (*line < '0' || *line > '9' || number > (0xFFFFFFFFul - 9) / 10)
                return -1;
            number = number * 10 + (*line++ - '0');
        } while (*line && *line != ' ' && *line != '\t');
        numbers[count++] = number;
    }
}

static int is_family(DWORD process, int count)
{
    if (process == numbers[0] || process == GetCurrentProcessId())
        return 1;
    for (int i = 4; i < count; i++)
        if (numbers[i] == process || numbers[i] == 0)
            return 1;
    return 0;
}

static int has_path(HANDLE process, unsigned short *path)
{
    DWORD size = MAX_PATH_LENGTH;
    return QueryFullProcessImageNameW(process, 0, path, &size) != 0;
}

/* Another of us, who survives, or one who has ended and is still on the list. */
static int cannot_be_hit(DWORD id)
{
    HANDLE process = OpenProcess(QUERY_LIMITED_INFORMATION | SYNCHRONIZE, 0, id);
    if (!process)
        return GetLastError() == ERROR_INVALID_PARAMETER;

    int result = WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
    if (!result && has_path((HANDLE)-1, own_path) && has_path(process, other_path)) {
        int i = 0;
        while (own_path[i] && own_path[i] == other_path[i])
            i++;
        result = own_path[i] == other_path[i];
    }

    CloseHandle(process);
    return result;
}

static enum result check_attached(int count)
{
    DWORD n = GetConsoleProcessList(attached, MAX_ATTACHED);
    if (n == 0)
        return failed(REFUSED);
    if (n > MAX_ATTACHED)
        return OTHERS_ATTACHED;
    for (DWORD i = 0; i < n; i++)
        if (attached[i] == numbers[3])
            return CALLER_ATTACHED;
    for (DWORD i = 0; i < n; i++)
        if (!is_family(attached[i], count) && !cannot_be_hit(attached[i])) {
            error = attached[i];
            return OTHERS_ATTACHED;
        }
    return SENT;
}

/* A process gets its console while it starts, and has none before (AttachConsole: invalid handle, or a failure of the device). */
static int is_starting(DWORD id)
{
    const unsigned long long start = 2 * 10000000ull; /* 2 s in units of 100 ns */
    unsigned long long created, ended, kernel, user, now;
    HANDLE process = OpenProcess(QUERY_LIMITED_INFORMATION | SYNCHRONIZE, 0, id);
    if (!process)
        return 0;

    GetSystemTimeAsFileTime(&now);
    int result = WaitForSingleObject(process, 0) != WAIT_OBJECT_0 && GetProcessTimes(process, &created, &ended, &kernel, &user) && now - created < start;
    CloseHandle(process);
    return result;
}

static int attach(int count)
{
    const int owns_console = count > 4 && numbers[4] == 0;
    for (;;) {
        if (AttachConsole(numbers[0]))
            return 1;

        error = GetLastError();
        if (error == ERROR_ACCESS_DENIED || !owns_console || !is_starting(numbers[0]))
            return 0;
        Sleep(10);
    }
}

static enum result run(void)
{
    int count = read_numbers(GetCommandLineW());
    if (count < 4 || numbers[0] == 0 || numbers[1] > 1)
        return BAD_ARGUMENTS;

    /* Before as well: another of us may be sending to that console when we come. */
    FreeConsole();
    SetConsoleCtrlHandler(survive, 1);
    if (!attach(count)) {
        switch (error) {
        case ERROR_ACCESS_DENIED:
            return NOT_PERMITTED;
        case ERROR_INVALID_HANDLE:
            return NO_CONSOLE;
        case ERROR_GEN_FAILURE:
        case ERROR_INVALID_PARAMETER:
            return GONE;
        default:
            return REFUSED;
        }
    }

    error = 0;
    if (!SetConsoleCtrlHandler(survive, 1))
        return failed(REFUSED);
    SetConsoleCtrlHandler((HANDLER)0, 1);
    if (numbers[2] == 0) {
        enum result result = check_attached(count);
        if (result != SENT)
            return result;
    }

    return GenerateConsoleCtrlEvent(numbers[1], numbers[2]) ? SENT : failed(REFUSED);
}

void start(void)
{
    enum result result = run();
    ExitProcess((unsigned int)result | SAID | (unsigned int)error << 8);
}
