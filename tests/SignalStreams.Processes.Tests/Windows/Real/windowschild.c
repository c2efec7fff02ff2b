/* The child of the tests that need Windows. Says what it does on its standard output, and never lives longer than two minutes. */
#define _WIN32_WINNT 0x0A00
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>
#include <shellapi.h>

enum { LIFE = 120000, EVENT_EXIT = 40, CLOSE_EXIT = 7, LINE = 70000 };

static void put(const void *bytes, DWORD count)
{
    DWORD written;
    while (count > 0 && WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), bytes, count, &written, NULL)) {
        bytes = (const char *)bytes + written;
        count -= written;
    }
}

/* A text in UTF-8 and what ends it. */
static void say_until(const wchar_t *text, char end)
{
    static char utf8[3 * LINE];
    int n = WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, sizeof utf8, NULL, NULL);
    if (n > 0)
        utf8[n - 1] = end;
    put(utf8, (DWORD)n);
}

static void say(const wchar_t *text)
{
    say_until(text, '\n');
}

static void say_number(const wchar_t *word, DWORD number)
{
    wchar_t line[64];
    swprintf(line, 64, L"%ls %lu", word, number);
    say(line);
}

static BOOL WINAPI end_by(DWORD event)
{
    ExitProcess(EVENT_EXIT + event);
}

static BOOL WINAPI say_and_end(DWORD event)
{
    say(L"end");
    return end_by(event);
}

static BOOL WINAPI survive(DWORD event)
{
    say_number(L"event", event);
    return TRUE;
}

static BOOL spawn(const wchar_t *what, DWORD flags, HANDLE job)
{
    wchar_t self[MAX_PATH], line[2 * MAX_PATH];
    /* Said outright, since a new console would replace them. */
    STARTUPINFOW si = {
        .cb = sizeof si,
        .dwFlags = STARTF_USESTDHANDLES,
        .hStdInput = GetStdHandle(STD_INPUT_HANDLE),
        .hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE),
        .hStdError = GetStdHandle(STD_ERROR_HANDLE),
    };
    PROCESS_INFORMATION pi;
    GetModuleFileNameW(NULL, self, MAX_PATH);
    swprintf(line, 2 * MAX_PATH, L"\"%ls\" %ls", self, what);
    if (!CreateProcessW(self, line, NULL, NULL, TRUE, flags | CREATE_SUSPENDED, NULL, NULL, &si, &pi)) {
        say_number(L"refused", GetLastError());
        return FALSE;
    }
    if (job && !AssignProcessToJobObject(job, pi.hProcess))
        say_number(L"refused", GetLastError());
    ResumeThread(pi.hThread);
    return TRUE;
}

/* Not over before the other is on our console: Wine closes that with its last process. */
static void spawn_waiting(void)
{
    static LONG births;
    wchar_t name[64], line[96];
    swprintf(name, 64, L"signalstreams-waits-%lu-%ld", GetCurrentProcessId(), InterlockedIncrement(&births));
    swprintf(line, 96, L"wait %ls", name);
    HANDLE is_there = CreateEventW(NULL, TRUE, FALSE, name);
    spawn(line, 0, NULL);
    WaitForSingleObject(is_there, LIFE);
}

static BOOL WINAPI survive_and_spawn(DWORD event)
{
    spawn_waiting();
    return survive(event);
}

/* Gives back what it reads until that ends: whoever reads an answer knows that we were there to give it. */
static void answer(void)
{
    static char buffer[65536];
    DWORD n;
    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), buffer, sizeof buffer, &n, NULL) && n > 0)
        put(buffer, n);
}

/* A window that ends this program when it is asked to close, or that does not care. */
static int window(HWND parent, BOOL is_deaf)
{
    HWND window = CreateWindowExW(0, L"STATIC", L"test", 0, 0, 0, 1, 1, parent, NULL, NULL, NULL);
    MSG message;
    SetTimer(window, 1, LIFE, NULL);
    say_number(window ? L"ready" : L"error", GetCurrentProcessId());
    while (GetMessageW(&message, NULL, 0, 0) > 0) {
        if (message.message == WM_CLOSE && is_deaf)
            say(L"close");
        else if (message.message == WM_CLOSE)
            return CLOSE_EXIT;
        if (message.message == WM_TIMER && message.wParam == 1)
            return 99;
    }
    return 98;
}

static void say_arguments(int argc, wchar_t **argv)
{
    for (int i = 2; i < argc; i++)
        say_until(argv[i], 0);
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *what = argc > 1 ? argv[1] : L"";
    /* As the C runtime reads them, and as CommandLineToArgvW does; each ended by a zero. */
    if (!wcscmp(what, L"args")) {
        say_arguments(argc, argv);
        return 0;
    }
    if (!wcscmp(what, L"shell args")) {
        argv = CommandLineToArgvW(GetCommandLineW(), &argc);
        say_arguments(argc, argv);
        return 0;
    }
    if (!wcscmp(what, L"env")) {
        static wchar_t value[LINE];
        say(GetEnvironmentVariableW(argv[2], value, LINE) || GetLastError() != ERROR_ENVVAR_NOT_FOUND ? value : L"(none)");
        return 0;
    }
    if (!wcscmp(what, L"environment")) {
        for (const wchar_t *entry = GetEnvironmentStringsW(); *entry; entry += wcslen(entry) + 1)
            say_until(entry, 0);
        return 0;
    }
    if (!wcscmp(what, L"folder")) {
        static wchar_t folder[LINE];
        GetCurrentDirectoryW(LINE, folder);
        say(folder);
        return 0;
    }
    if (!wcscmp(what, L"exit"))
        return _wtoi(argv[2]);
    if (!wcscmp(what, L"line")) {
        static char piece[10000];
        memset(piece, 'x', sizeof piece);
        for (int i = _wtoi(argv[2]) / (int)sizeof piece; i > 0; i--)
            put(piece, sizeof piece);
        put("\n", 1);
        return 0;
    }
    if (!wcscmp(what, L"bytes")) {
        char all[256];
        for (int i = 0; i < 256; i++)
            all[i] = (char)i;
        put(all, 256);
        return 0;
    }
    if (!wcscmp(what, L"both")) {
        DWORD written;
        put("out\n", 4);
        WriteFile(GetStdHandle(STD_ERROR_HANDLE), "err\n", 4, &written, NULL);
        return 0;
    }
    if (!wcscmp(what, L"copy")) {
        answer();
        return 0;
    }
    if (!wcscmp(what, L"window"))
        return window(NULL, FALSE);
    if (!wcscmp(what, L"message"))
        return window(HWND_MESSAGE, FALSE);
    if (!wcscmp(what, L"deaf window"))
        return window(NULL, TRUE);
    if (!wcscmp(what, L"leave")) {
        spawn_waiting();
        return 5;
    }
    if (!wcscmp(what, L"break away"))
        return spawn(L"wait", CREATE_BREAKAWAY_FROM_JOB, NULL) ? 6 : 5;

    if (!wcscmp(what, L"wait")) {
        SetConsoleCtrlHandler(NULL, FALSE);
        SetConsoleCtrlHandler(end_by, TRUE);
        say_number(L"ready", GetCurrentProcessId());
        if (argc > 2)
            SetEvent(OpenEventW(EVENT_MODIFY_STATE, FALSE, argv[2]));
    } else if (!wcscmp(what, L"farewell")) {
        SetConsoleCtrlHandler(say_and_end, TRUE);
        say_number(L"ready", GetCurrentProcessId());
    } else if (!wcscmp(what, L"deaf")) {
        SetConsoleCtrlHandler(NULL, FALSE);
        SetConsoleCtrlHandler(survive, TRUE);
        say_number(L"ready", GetCurrentProcessId());
    } else if (!wcscmp(what, L"answer") || !wcscmp(what, L"bear")) {
        SetConsoleCtrlHandler(NULL, FALSE);
        SetConsoleCtrlHandler(wcscmp(what, L"bear") ? survive : survive_and_spawn, TRUE);
        say_number(L"ready", GetCurrentProcessId());
        answer();
        return 0;
    } else if (!wcscmp(what, L"plain")) {
        say_number(L"ready", GetCurrentProcessId());
    } else if (!wcscmp(what, L"apart")) {
        /* On a console of its own. */
        spawn(argv[2], CREATE_NO_WINDOW, NULL);
    } else if (!wcscmp(what, L"tree")) {
        wchar_t next[32];
        int depth = _wtoi(argv[2]);
        swprintf(next, 32, L"tree %d", depth - 1);
        say_number(L"ready", GetCurrentProcessId());
        if (depth > 1)
            spawn(next, 0, NULL);
    } else if (!wcscmp(what, L"nested")) {
        /* A job of its own within ours; it holds the one handle, and so takes its member with it. */
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation = {.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE}};
        HANDLE job = CreateJobObjectW(NULL, NULL);
        SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
        say_number(L"ready", GetCurrentProcessId());
        spawn(L"tree 2", 0, job);
    } else
        return 97;
    Sleep(LIFE);
    return 99;
}
