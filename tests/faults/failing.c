/* Loaded before libc: the n-th call of some kinds on files under a folder fails with an error.
 *
 * Python's calls and those of libraries in C (SQLCipher, age) go through the same functions, so one
 * stand-in reaches all of them. Armed and asked from Python through ctypes. A negative error is a
 * signal: the program is killed in place of the call.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { OPEN = 1, READ = 2, WRITE = 4, SYNC = 8, RENAME = 16, UNLINK = 32, TRUNCATE = 64 };

static char under[4096];
static int kinds, number, lasting;
static long nth, seen, failed;

void fault_arm(const char *folder, int of_kinds, long at, int error, int for_good) {
    snprintf(under, sizeof under, "%s", folder);
    number = error, lasting = for_good, nth = at, seen = failed = 0, kinds = of_kinds;
}
void fault_disarm(void) { kinds = 0; }
long fault_seen(void) { return seen; }
long fault_failed(void) { return failed; }

static int fails(int kind, const char *path) {
    if (!(kinds & kind) || strncmp(path, under, strlen(under)) != 0) return 0;
    seen++;
    if (!nth || !(seen == nth || (lasting && seen > nth))) return 0;
    failed++;
    if (number < 0) raise(-number);
    errno = number;
    return 1;
}
static int fails_at(int kind, int handle) {
    char name[64], path[4096];
    if (!(kinds & kind)) return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(kind, path);
}
static int fails_below(int kind, int folder, const char *path) {
    return folder == AT_FDCWD || path[0] == '/' ? fails(kind, path) : fails_at(kind, folder);
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = dlsym(RTLD_NEXT, name)
#define MODE \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest)

#define OPENS(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, #name, const char *, int, mode_t); \
        MODE; \
        return fails(OPEN, path) ? -1 : real(path, flags, mode); \
    }
#define OPENS_AT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        REAL(int, #name, int, const char *, int, mode_t); \
        MODE; \
        return fails_below(OPEN, folder, path) ? -1 : real(folder, path, flags, mode); \
    }
#define MOVES(name, kind, constness) \
    ssize_t name(int handle, constness void *data, size_t size) { \
        REAL(ssize_t, #name, int, constness void *, size_t); \
        return fails_at(kind, handle) ? -1 : real(handle, data, size); \
    }
#define MOVES_AT(name, kind, constness, place) \
    ssize_t name(int handle, constness void *data, size_t size, place at) { \
        REAL(ssize_t, #name, int, constness void *, size_t, place); \
        return fails_at(kind, handle) ? -1 : real(handle, data, size, at); \
    }
#define SYNCS(name) \
    int name(int handle) { \
        REAL(int, #name, int); \
        return fails_at(SYNC, handle) ? -1 : real(handle); \
    }
#define CUTS(name, place) \
    int name(int handle, place size) { \
        REAL(int, #name, int, place); \
        return fails_at(TRUNCATE, handle) ? -1 : real(handle, size); \
    }

OPENS(open)
OPENS(open64)
OPENS_AT(openat)
OPENS_AT(openat64)
MOVES(read, READ, )
MOVES(write, WRITE, const)
MOVES_AT(pread, READ, , off_t)
MOVES_AT(pread64, READ, , off64_t)
MOVES_AT(pwrite, WRITE, const, off_t)
MOVES_AT(pwrite64, WRITE, const, off64_t)
SYNCS(fsync)
SYNCS(fdatasync)
CUTS(ftruncate, off_t)
CUTS(ftruncate64, off64_t)

int rename(const char *old, const char *new) {
    REAL(int, "rename", const char *, const char *);
    return fails(RENAME, new) ? -1 : real(old, new);
}
int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    return fails(UNLINK, path) ? -1 : real(path);
}
int unlinkat(int folder, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    return fails_below(UNLINK, folder, path) ? -1 : real(folder, path, flags);
}
