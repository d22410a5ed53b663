/* Every fsync takes twelve milliseconds, as on the disks of the field, and is counted.
 *
 * The real call is left out: a noisy disk would drown what is measured, and nothing here
 * is about surviving a power cut. Built when it is needed: cc -shared -fPIC.
 */
#include <time.h>

static long calls = 0;

static int slow(void)
{
    struct timespec pause = {0, 12 * 1000 * 1000};
    __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    while (nanosleep(&pause, &pause) != 0) {
    }
    return 0;
}

int fsync(int descriptor)
{
    (void)descriptor;
    return slow();
}

int fdatasync(int descriptor)
{
    (void)descriptor;
    return slow();
}

long slow_fsync_calls(void)
{
    return __atomic_load_n(&calls, __ATOMIC_RELAXED);
}
