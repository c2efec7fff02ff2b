/* The child of the tests that need Windows. Says what it does on its standard output, and never lives longer than a minute. */
#define _WIN32_WINNT 0x0A00
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

enum { LIFE = 60000, EVENT_EXIT = 40, CLOSE_EXIT = 7 };

static void say(const wchar_t *text)
{
    char utf8[65536];
    int n = WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, sizeof utf8, NULL, NULL);
    DWORD written;
    if (n > 0)
        utf8[n - 1] = '\n';
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), utf8, (DWORD)n, &written, NULL);
}

static BOOL WINAPI on_event(DWORD event)
{
    ExitProcess(EVENT_EXIT + event);
}

static void spawn(const wchar_t *what, DWORD flags)
{
    wchar_t self[MAX_PATH], line[2 * MAX_PATH];
    STARTUPINFOW si = {.cb = sizeof si};
    PROCESS_INFORMATION pi;
    GetModuleFileNameW(NULL, self, MAX_PATH);
    swprintf(line, 2 * MAX_PATH, L"\"%ls\" %ls", self, what);
    if (!CreateProcessW(self, line, NULL, NULL, TRUE, flags, NULL, NULL, &si, &pi))
        say(L"error");
}

static void say_id(const wchar_t *word)
{
    wchar_t line[64];
    swprintf(line, 64, L"%ls %lu", word, GetCurrentProcessId());
    say(line);
}

static int window(HWND parent)
{
    HWND window = CreateWindowExW(0, L"STATIC", L"test", 0, 0, 0, 1, 1, parent, NULL, NULL, NULL);
    MSG message;
    SetTimer(window, 1, LIFE, NULL);
    say(window ? L"ready" : L"error");
    while (GetMessageW(&message, NULL, 0, 0) > 0) {
        if (message.message == WM_CLOSE)
            return CLOSE_EXIT;
        if (message.message == WM_TIMER && message.wParam == 1)
            return 99;
    }
    return 98;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *what = argc > 1 ? argv[1] : L"";
    if (!wcscmp(what, L"args")) {
        for (int i = 2; i < argc; i++)
            say(argv[i]);
        return 0;
    }
    if (!wcscmp(what, L"env")) {
        const wchar_t *value = _wgetenv(argv[2]);
        say(value ? value : L"(none)");
        return 0;
    }
    if (!wcscmp(what, L"exit"))
        return _wtoi(argv[2]);
    if (!wcscmp(what, L"copy")) {
        static char buffer[65536];
        DWORD n, written;
        while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), buffer, sizeof buffer, &n, NULL) && n > 0)
            WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), buffer, n, &written, NULL);
        return 0;
    }
    if (!wcscmp(what, L"wait")) {
        SetConsoleCtrlHandler(NULL, FALSE);
        SetConsoleCtrlHandler(on_event, TRUE);
        say_id(L"ready");
    } else if (!wcscmp(what, L"window"))
        return window(NULL);
    else if (!wcscmp(what, L"message"))
        return window(HWND_MESSAGE);
    else if (!wcscmp(what, L"tree")) {
        wchar_t next[32];
        int depth = _wtoi(argv[2]);
        swprintf(next, 32, L"tree %d", depth - 1);
        say_id(L"ready");
        if (depth > 1)
            spawn(next, 0);
    } else if (!wcscmp(what, L"leave")) {
        spawn(L"wait", 0);
        return 5;
    } else if (!wcscmp(what, L"break away")) {
        spawn(L"wait", CREATE_BREAKAWAY_FROM_JOB);
        return 5;
    } else
        return 97;
    Sleep(LIFE);
    return 99;
}
